"""What coordinators see of the sales and of the feed as a whole."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.sales.handlers import known
from services.sales.views.feed import summarise_feed
from services.sales.views.sales import list_sales
from shared.contracts.sales import ListSales, MakerEarnings, RusunEarnings, Sale, Share, SummariseFeed
from shared.contracts.training import MakerMoved
from shared.db import Pool
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    UNPRICED,
    WATI,
    Database,
    a_return,
    a_sale,
    a_void,
    do,
    hear,
    open_outlet,
    open_shop,
    report,
)


async def test_a_sale_is_shown_with_what_it_gave_to_whom(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    sale = a_sale(sku=POUCH, quantity=3, unit_price=233_334, discount=2)
    await report(pool, sale, a_return(sku=POUCH, quantity=2))
    listed = await do(pool, list_sales, ListSales())
    assert listed.items == [
        Sale(
            sale_id=named_id("sale", "citos", "till-1", "536365", 1),
            outlet="citos",
            till="till-1",
            receipt="536365",
            line=1,
            sku=POUCH,
            quantity=3,
            unit_price=233_334,
            discount=2,
            net=700_000,
            outlet_share=174_999,
            programme_share=69_999,
            shares=[
                Share(maker_id=ANI, amount=75_834 + 2 * 75_834),
                Share(maker_id=WATI, amount=3 * 45_500),
                Share(maker_id=SRI, amount=30_334 + 2 * 30_333),
            ],
            returned=2,
            voided=False,
            sold_at=sale.sold_at,
            recorded_at=listed.items[0].recorded_at,
            list_price=UNPRICED,
            remarks=["above_list_price"],
        )
    ]
    assert listed.items[0].recorded_at is not None


async def test_what_a_person_may_want_to_know_of_a_sale_is_shown(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, listed=700_000)
    await report(pool, a_sale(sold_at=NOON, unit_price=650_000, promo_id="P1", serial="A1", exchange="E1"))
    await report(pool, a_void())
    (sale,) = (await do(pool, list_sales, ListSales())).items
    assert (sale.list_price, sale.promo_cost, sale.outlet_bears) == (700_000, 0, 50_000)
    assert (sale.promo_id, sale.serial, sale.exchange, sale.remarks) == ("P1", "citos/A1", "E1", ["promo_unknown"])
    assert (sale.voided, sale.returned) == (True, 0)


async def test_sales_are_listed_the_newest_recorded_first_and_found_by_what_is_known(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, a_sale(line=1), a_sale(line=2, sku=POUCH))
    await report(pool, a_sale(line=3, outlet="pim", sold_at=NOON - timedelta(days=1)), a_sale(line=4, receipt="7"))

    async def lines(**asked: str) -> list[int]:
        found = await do(pool, list_sales, ListSales.model_validate(asked))
        return [sale.line for sale in found.items]

    assert sorted((await lines())[:2]) == [3, 4]
    assert await lines(outlet="pim") == [3]
    assert await lines(receipt="7") == [4]
    assert await lines(sku=POUCH) == [2]
    assert await lines(outlet="citos", receipt="536365", sku=SHAWL) == [1]
    assert await lines(outlet="citos", receipt="nothing") == []


async def test_sales_are_listed_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    for line in range(1, 6):
        await report(pool, a_sale(line=line))
    seen: list[int] = []
    cursor = None
    for _ in range(3):
        page = await do(pool, list_sales, ListSales(limit=2, cursor=cursor))
        seen += [sale.line for sale in page.items]
        cursor = page.next
    assert (seen, cursor) == ([5, 4, 3, 2, 1], None)


async def test_the_feed_is_summarised_from_what_is_recorded(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3), a_sale(line=2, sku=POUCH, unit_price=100_000, discount=1), a_return())
    await report(pool, a_sale(receipt="536366", quantity=2), a_void(receipt="536366"))
    await tally(pool)
    summary = await do(pool, summarise_feed, SummariseFeed())
    counted = {"sales_accepted", "returns_accepted", "voids_accepted", "duplicates_ignored", "parked"}
    assert summary.model_dump(include=counted) == {
        "sales_accepted": 3,
        "returns_accepted": 1,
        "voids_accepted": 1,
        "duplicates_ignored": 7,
        "parked": 5,
    }
    assert summary.parked_by_code == {"sku_unknown": 2, "invalid": 2, "unknown_type": 1}
    assert (summary.units_sold, summary.units_returned, summary.units_voided, summary.deficits) == (6, 1, 2, 2)
    assert (summary.net_sold, summary.net_returned, summary.net_voided) == (3_599_999, 700_000, 1_400_000)


async def test_nothing_reported_is_a_summary_of_nothing(database: Database) -> None:
    summary = await do(await database("sales"), summarise_feed, SummariseFeed())
    assert (summary.sales_accepted, summary.parked, summary.net_sold, summary.top_makers) == (0, 0, 0, [])


async def test_what_a_maker_earns_counts_for_the_rusun_she_lived_in_on_the_day(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    moved = MakerMoved(maker_id=ANI, rusun="daan-mogot", cooperative="kop", since=date(2026, 11, 15))
    await hear(pool, known.move_maker, moved)
    before = datetime(2026, 11, 14, 16, 59, 59, tzinfo=UTC)
    await report(pool, a_sale(line=1, sold_at=before), a_sale(line=2, sold_at=before + timedelta(seconds=1)))
    await report(pool, a_sale(line=3), a_return(original_line=3), a_sale(line=4, sku=POUCH, unit_price=100_000))
    summary = await do(pool, summarise_feed, SummariseFeed())
    assert summary.earned_by_rusun == [
        RusunEarnings(rusun="daan-mogot", makers=2, amount=455_000 + 32_500 + 13_000),
        RusunEarnings(rusun="pulogebang", makers=1, amount=455_000),
        RusunEarnings(rusun="komarudin", makers=1, amount=19_500),
    ]
    assert summary.top_makers == [
        MakerEarnings(maker_id=ANI, amount=942_500),
        MakerEarnings(maker_id=WATI, amount=19_500),
        MakerEarnings(maker_id=SRI, amount=13_000),
    ]


async def test_what_was_sold_before_a_makers_first_home_counts_for_that_home(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await pool.execute("UPDATE maker_home SET since = '2026-12-01'")
    await report(pool, a_sale())
    summary = await do(pool, summarise_feed, SummariseFeed())
    assert summary.earned_by_rusun == [RusunEarnings(rusun="pulogebang", makers=1, amount=455_000)]


async def tally(pool: Pool) -> None:
    """What the runtime counts and parks, some of it not the tills', given up or handled after all."""
    await pool.executemany(
        "INSERT INTO tally (arrival, type, outcome, n) VALUES (1, $1, $2, $3)",
        [
            ("outlet.SaleReported.v1", "duplicate", 5),
            ("outlet.ReturnReported.v1", "duplicate", 2),
            ("outlet.SaleReported.v1", "other", 100),
            ("catalog.PriceChanged.v1", "duplicate", 100),
        ],
    )
    await pool.executemany(
        """
        INSERT INTO parked (id, event_id, arrival, type, subject, envelope, kind, code, detail, state, next_try_at)
        VALUES ($1, $1, $2, $3, '', '{}', 'kind', $4, '', $5, CASE WHEN $5 = 'waiting' THEN now() END)
        """,
        [
            (uuid4(), 1, "outlet.SaleReported.v1", "sku_unknown", "waiting"),
            (uuid4(), -2, "outlet.ReturnReported.v1", "sku_unknown", "waiting"),
            (uuid4(), 3, "outlet.SaleReported.v1", "invalid", "person"),
            (uuid4(), 4, "outlet.SaleReported.v1", "invalid", "redriven"),
            (uuid4(), 5, "outlet.SaleReported.v1", "invalid", "discarded"),
            (uuid4(), 6, "whatever a till says", "unknown_type", "person"),
            (uuid4(), 0, "catalog.PriceChanged.v1", "sku_unknown", "waiting"),
        ],
    )
