"""What a till charged, what it should have charged when it sold, and who bears the difference, on a real database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from services.sales.handlers import known
from shared.contracts.catalog import FundedBy, PriceChanged, PromotionEnded, PromotionScheduled
from shared.contracts.sales import ItemReturned, ItemSold
from shared.contracts.training import Craft
from shared.db import Pool
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    agree,
    balances,
    hear,
    ignored,
    open_outlet,
    open_shop,
    owed,
    refused,
    report,
    told,
)

SECOND = timedelta(seconds=1)
FIRST_OF_NOVEMBER = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""00:00 in Jakarta."""


async def open_priced_shop(pool: Pool) -> None:
    """The shop, and a shawl that costs 700.000 since the first of November."""
    await open_shop(pool, listed=700_000)
    await hear(pool, known.change_price, PriceChanged(sku=SHAWL, price=700_000, valid_from=FIRST_OF_NOVEMBER))


async def promote(
    pool: Pool, promo_id: str = "P1", funded_by: FundedBy | Literal["everyone"] = "everyone", **other: Any
) -> None:
    """10 % off everything everywhere in November."""
    facts: dict[str, Any] = {
        "title": "Ten percent",
        "discount_bps": 1_000,
        "valid_from": FIRST_OF_NOVEMBER,
        "valid_to": FIRST_OF_NOVEMBER + timedelta(days=30),
    }
    scheduled = PromotionScheduled(promo_id=promo_id, funded_by=funded_by, **(facts | other))
    await hear(pool, known.schedule_promotion, scheduled)


async def sell(pool: Pool, **facts: Any) -> ItemSold:
    (event,) = told(await report(pool, a_sale(**facts)), ItemSold)
    return event


def shares(event: ItemSold) -> tuple[int, int, int]:
    return event.outlet_share, event.programme_share, sum([share.amount for share in event.shares])


async def test_a_shawl_sold_for_650_000_instead_of_700_000_costs_the_outlet_50_000(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    event = await sell(pool, unit_price=650_000)
    assert shares(event) == (125_000, 70_000, 455_000)
    assert (event.list_price, event.promo_cost, event.outlet_bears) == (700_000, 0, 50_000)
    assert event.remarks == ["below_list_price"]
    assert await balances(pool) == {
        "outlet-receivable citos": 650_000,
        "outlet-commission citos": -125_000,
        "programme-share programme": -70_000,
        f"maker-payable {ANI}": -455_000,
        f"maker-payable {WATI}": 0,
        f"maker-payable {SRI}": 0,
    }
    row = await pool.fetchrow("SELECT list_price, promo_cost, outlet_bears, remarks FROM sale")
    assert row is not None
    assert tuple(row) == (700_000, 0, 50_000, ["below_list_price"])


async def test_with_a_valid_promotion_everyone_shares_the_650_000(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    await promote(pool)
    event = await sell(pool, unit_price=650_000, promo_id="P1")
    assert shares(event) == (162_500, 65_000, 422_500)
    assert (event.promo_id, event.promo_cost, event.outlet_bears, event.remarks) == ("P1", 50_000, 0, [])


async def test_a_line_told_of_with_a_promotion_and_without_is_a_contradiction_whichever_is_first(
    database: Database,
) -> None:
    """They are not the same facts: who bears the difference depends on it, so a person has to see both."""
    with_promotion, without = a_sale(unit_price=650_000, promo_id="P1"), a_sale(unit_price=650_000)
    for first, second in ((with_promotion, without), (without, with_promotion)):
        pool = await database("sales")
        await open_priced_shop(pool)
        await promote(pool)
        await report(pool, first)
        before = await balances(pool)
        assert refused(await report(pool, second)) == [("conflict", "receipt_line_changed")]
        assert await balances(pool) == before


async def test_a_promotion_is_paid_by_who_funds_it(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    cases = [
        ((10_000, 0, 0), (105_000, 70_000, 455_000)),
        ((0, 10_000, 0), (175_000, 0, 455_000)),
        ((0, 0, 10_000), (175_000, 70_000, 385_000)),
        ((5_000, 3_000, 2_000), (140_000, 49_000, 441_000)),
    ]
    for line, ((outlet, programme, makers), expected) in enumerate(cases, start=1):
        funds = FundedBy(outlet_bps=outlet, programme_bps=programme, makers_bps=makers)
        await promote(pool, f"P{line}", funded_by=funds)
        event = await sell(pool, line=line, unit_price=630_000, promo_id=f"P{line}")
        assert (shares(event), event.promo_cost, event.remarks) == (expected, 70_000, []), funds


Priced = tuple[int, bool, str | None, str | None, int, int]
PRICED: list[Priced] = [
    (700_000, False, None, None, 0, 0),
    (750_000, False, None, "above_list_price", 0, 0),
    (699_999, False, None, "below_list_price", 0, 1),
    (630_000, False, "P1", None, 70_000, 0),
    (629_999, False, "P1", "promo_exceeded", 70_000, 1),
    (660_000, True, "P1", None, 40_000, 0),
    (630_000, True, "P1", "below_floor", 40_000, 30_000),
    (630_000, False, "P2", "promo_unknown", 0, 70_000),
    (630_000, False, "PAST", "promo_not_valid", 0, 70_000),
    (700_000, False, "P2", None, 0, 0),
]
"""Charged, with a floor of 660.000 or without, promotion; remark, cost of the promotion, what the outlet bears."""


async def test_every_remark_on_a_price(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    await hear(pool, known.change_price, PriceChanged(sku=SHAWL, price=700_000, valid_from=MIDNIGHT, floor=660_000))
    await promote(pool)
    await promote(pool, "PAST", valid_to=FIRST_OF_NOVEMBER + SECOND)
    for line, (charged, floor, promo, remark, promo_cost, outlet_bears) in enumerate(PRICED, start=1):
        sold_at = MIDNIGHT if floor else MIDNIGHT - SECOND
        event = await sell(pool, line=line, unit_price=charged, promo_id=promo, sold_at=sold_at)
        assert event.remarks == ([remark] if remark else []), line
        assert (event.promo_cost, event.outlet_bears) == (promo_cost, outlet_bears), line
        assert event.net == sum(shares(event)) == charged


async def test_before_the_first_price_the_first_one_holds(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    event = await sell(pool, unit_price=1, sold_at=FIRST_OF_NOVEMBER - SECOND)
    assert (event.list_price, event.outlet_bears, event.remarks) == (700_000, 699_999, ["below_list_price"])


async def test_a_promotion_counts_by_the_moment_of_sale_until_before_it_was_ended(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    end = MIDNIGHT + timedelta(hours=2)
    await promote(pool, valid_from=MIDNIGHT)
    await hear(pool, known.end_promotion, PromotionEnded(promo_id="P1", ends_at=end))
    cases = [(MIDNIGHT - SECOND, False), (MIDNIGHT, True), (end - SECOND, True), (end, False)]
    for line, (sold_at, valid) in enumerate(cases, start=1):
        event = await sell(pool, line=line, unit_price=630_000, promo_id="P1", sold_at=sold_at)
        assert event.remarks == ([] if valid else ["promo_not_valid"]), sold_at


async def test_a_promotion_counts_for_what_it_names(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    scopes: list[tuple[dict[str, Any], bool]] = [
        ({"skus": [SHAWL]}, True),
        ({"skus": [POUCH]}, False),
        ({"crafts": [Craft.BATIK]}, True),
        ({"crafts": [Craft.EMBROIDERY]}, False),
        ({"outlets": ["citos"]}, True),
        ({"outlets": ["pim"]}, False),
        ({"skus": [SHAWL], "crafts": [Craft.BATIK], "outlets": ["pim", "citos"]}, True),
        ({"skus": [SHAWL], "crafts": [Craft.EMBROIDERY]}, False),
    ]
    for line, (scope, valid) in enumerate(scopes, start=1):
        await promote(pool, f"P{line}", **scope)
        event = await sell(pool, line=line, unit_price=630_000, promo_id=f"P{line}")
        assert event.remarks == ([] if valid else ["promo_not_valid"]), scope
        assert event.outlet_bears == (0 if valid else 70_000)


async def test_an_outlet_that_sells_for_nearly_nothing_owes_the_difference_and_gets_it_back(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    event = await sell(pool, unit_price=100_000)
    assert shares(event) == (-425_000, 70_000, 455_000)
    assert (await balances(pool))["outlet-commission citos"] == 425_000
    (back,) = told(await report(pool, a_return()), ItemReturned)
    assert back.outlet_share == -425_000
    assert set((await balances(pool)).values()) == {0}


async def test_makers_never_pay_for_a_promotion_out_of_their_pockets(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    makers = FundedBy(outlet_bps=0, programme_bps=0, makers_bps=10_000)
    await promote(pool, discount_bps=9_000, funded_by=makers)
    assert shares(await sell(pool, unit_price=70_000, promo_id="P1")) == (175_000, -105_000, 0)
    assert await owed(pool) == 0


async def test_pieces_that_are_not_all_alike_are_told_one_kind_by_one(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    event = await sell(pool, quantity=3, unit_price=650_000, discount=2)
    assert [(kind.units, kind.net, kind.outlet, kind.programme, kind.makers) for kind in event.pieces] == [
        (1, 650_000, 125_000, 70_000, [455_000]),
        (2, 649_999, 124_999, 70_000, [455_000]),
    ]
    assert event.outlet_bears == 150_002
    alike = await sell(pool, line=2, quantity=3, unit_price=650_000)
    assert alike.pieces == []


async def test_a_price_that_changes_at_midnight_in_jakarta_counts_from_then_on_also_for_late_reports(
    database: Database,
) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    await hear(pool, known.change_price, PriceChanged(sku=SHAWL, price=750_000, valid_from=MIDNIGHT))
    jakarta = datetime.fromisoformat("2026-11-20T23:59:30+07:00")
    late = await sell(pool, line=1, unit_price=700_000, sold_at=jakarta)
    first = await sell(pool, line=2, unit_price=700_000, sold_at=datetime.fromisoformat("2026-11-21T00:00:00+07:00"))
    assert (late.list_price, late.remarks) == (700_000, [])
    assert (first.list_price, first.remarks, first.outlet_bears) == (750_000, ["below_list_price"], 50_000)
    days = await pool.fetch("SELECT day FROM sale ORDER BY line")
    assert [row["day"] for row in days] == [date(2026, 11, 20), date(2026, 11, 21)]
    booked = await pool.fetch("SELECT DISTINCT day FROM transfer ORDER BY day")
    assert [row["day"] for row in booked] == [date(2026, 11, 20), date(2026, 11, 21)]


async def test_an_agreement_that_changes_in_mid_month_leaves_what_was_sold_before_as_it_was_agreed(
    database: Database,
) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    before = datetime.fromisoformat("2026-11-14T23:59:59+07:00")
    await report(pool, a_sale(line=1, sold_at=before))
    booked = await pool.fetch("SELECT * FROM transfer ORDER BY id")
    await agree(pool, date(2026, 11, 15), outlet_bps=3_000)
    late, after = [await sell(pool, line=line, sold_at=before + seconds * SECOND) for line, seconds in ((2, 0), (3, 1))]
    assert (late.agreed_from, late.outlet_share) == (date(2026, 1, 1), 175_000)
    assert (after.agreed_from, after.outlet_share) == (date(2026, 11, 15), 210_000)
    assert await pool.fetch("SELECT * FROM transfer ORDER BY id LIMIT 3") == booked


async def test_what_is_booked_stays_whatever_is_said_of_prices_and_promotions_later(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    await open_outlet(pool, "pim")
    sale = a_sale(unit_price=630_000, promo_id="P1")
    await report(pool, sale)
    before = await balances(pool)
    await promote(pool)
    await hear(pool, known.change_price, PriceChanged(sku=SHAWL, price=630_000, valid_from=FIRST_OF_NOVEMBER))
    assert ignored(await report(pool, sale)) == 1
    assert await balances(pool) == before
    elsewhere = await sell(pool, outlet="pim", unit_price=630_000, promo_id="P1")
    assert (elsewhere.list_price, elsewhere.remarks) == (630_000, [])
    assert elsewhere.sold_at == NOON - timedelta(hours=1)
