"""What makers sold in a year, out of what tills reported, and who is told that it is more than is free."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from services.sales.handlers import known, taxes
from services.sales.replay.taxes import project_rule
from services.sales.views import taxes as views
from services.sales.watch import tax
from shared.contracts.message import Event
from shared.contracts.sales.taxes import (
    AddTaxRule,
    ExportTax,
    GetMakerTax,
    ListTax,
    ListTaxRules,
    MakerTax,
    TaxCorrection,
    TaxRule,
    TaxRuleAdded,
    TaxThresholdPassed,
    TaxYear,
)
from shared.db import Pool
from shared.errors import Conflict, NotFound
from shared.money import apportion
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SRI,
    WATI,
    Database,
    a_product,
    a_return,
    a_sale,
    a_void,
    agree,
    do,
    hear,
    open_shop,
    received,
    report,
)
from tests.integration.sales.settling import NOBODYS, refusal, tell

LAW = TaxRule(valid_from=date(2022, 1, 1), free=500_000_000, bps=50)
DEAR = 100_000_000


async def open_early(pool: Pool) -> None:
    """The shop sold last year too."""
    await open_shop(pool)
    await agree(pool, date(2025, 1, 1))


async def her_tax(pool: Pool, maker: Any = ANI, year: int = 2026) -> MakerTax:
    return await do(pool, views.get_maker_tax, GetMakerTax(maker_id=maker, year=year))


async def listed(pool: Pool, **other: Any) -> TaxYear:
    return await do(pool, views.list_tax, ListTax(**({"year": 2026} | other)))


async def look(pool: Pool, now: datetime = NOON) -> list[Event]:
    async with pool.acquire() as tx, tx.transaction():
        _, events = await tax.look_once(tx, now)
    return events


def sold(receipt: str, price: int, on: str = "2026-11-20", **other: Any) -> Any:
    at = datetime.fromisoformat(f"{on}T12:00:00+07:00")
    return a_sale(**{"receipt": receipt, "unit_price": price, "sold_at": at} | other)


def back(receipt: str, on: str = "2026-11-20", **other: Any) -> Any:
    at = datetime.fromisoformat(f"{on}T13:00:00+07:00")
    return a_return(**{"receipt": f"C{receipt}", "original_receipt": receipt, "returned_at": at} | other)


async def test_the_500_million_are_counted_on_the_price_that_buyers_paid(database: Database) -> None:
    """Before the outlet's and the programme's shares; the last 700.000 bring 500.000 above what is free."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold("1", 249_900_000, "2026-03-02", quantity=2), sold("2", 700_000, "2026-05-30"))

    seen = await her_tax(pool)

    assert (seen.turnover, seen.taxable, seen.tax) == (500_500_000, 500_000, 2_500)
    assert [(month.turnover, month.cumulative) for month in seen.months[2:5]] == [
        (499_800_000, 499_800_000),
        (0, 499_800_000),
        (700_000, 500_500_000),
    ]
    assert seen.rules == [LAW]


async def test_of_a_piece_with_several_makers_each_has_her_part_and_the_parts_sum_up(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold("1", 297_415, sku=POUCH, quantity=3))

    parts = [(await her_tax(pool, maker)).turnover for maker in (ANI, WATI, SRI)]

    assert parts == [3 * part for part in apportion(297_415, [50, 30, 20])]
    assert sum(parts) == 3 * 297_415


async def test_a_return_of_pieces_at_two_prices_takes_off_what_these_pieces_gave(database: Database) -> None:
    """Three pieces for 100.001 together: two at 33.334, one at 33.333."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold("1", 33_334, sku=POUCH, quantity=3, discount=1))
    await report(pool, back("1", sku=POUCH, quantity=2))

    parts = [(await her_tax(pool, maker)).turnover for maker in (ANI, WATI, SRI)]

    assert parts == apportion(33_333, [50, 30, 20])


async def test_a_sale_that_was_voided_is_no_turnover(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await report(pool, a_void())
    assert (await her_tax(pool)).turnover == 0


async def test_a_return_that_was_voided_counts_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    at = NOON - timedelta(minutes=30)
    await report(pool, a_sale(quantity=2))
    await report(pool, a_return(receipt="C1", quantity=2, returned_at=at))
    assert (await her_tax(pool)).turnover == 0
    await report(pool, a_void(receipt="C1"))
    assert (await her_tax(pool)).turnover == 1_400_000


async def test_what_comes_back_counts_in_the_year_in_which_it_comes_back(database: Database) -> None:
    """The past year's figure stays as it was."""
    pool = await database("sales")
    await open_early(pool)
    await report(pool, sold("1", 700_000, "2025-12-31"), sold("2", 500_000, "2026-01-01"))
    before = await her_tax(pool, year=2025)
    await report(pool, back("1", "2026-01-02"))

    assert (await her_tax(pool, year=2025)) == before
    seen = await her_tax(pool)
    assert (seen.months[0].turnover, seen.turnover, seen.tax) == (-200_000, -200_000, 0)


async def test_what_is_told_after_the_year_is_over_is_a_correction_with_its_date(database: Database) -> None:
    pool = await database("sales")
    await open_early(pool)
    await report(pool, sold("1", 700_000, "2025-12-31"), sold("2", 500_000))

    told_on = await pool.fetchval("SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date")
    assert (await her_tax(pool, year=2025)).corrections == [TaxCorrection(told_on=told_on, amount=700_000)]
    assert (await listed(pool, year=2025)).items[0].corrected == 700_000
    if told_on.year == 2026:
        assert (await her_tax(pool)).corrections == []


async def test_makers_are_listed_by_turnover_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_early(pool)
    await report(pool, sold("1", 1_000_000, sku=POUCH), sold("2", 499_600_000), sold("3", 4_000, "2025-05-05"))

    first = await listed(pool, limit=2)
    assert [(line.maker_id, line.turnover, line.tax) for line in first.items] == [
        (ANI, 500_100_000, 500),
        (WATI, 300_000, 0),
    ]
    second = await listed(pool, limit=2, cursor=first.next)
    assert ([line.maker_id for line in second.items], second.next) == ([SRI], None)
    assert [line.maker_id for line in (await listed(pool, above=200_000)).items] == [ANI, WATI]


async def test_makers_with_the_same_turnover_are_each_on_one_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await hear(pool, known.list_product, a_product("EQUAL", {ANI: 1, WATI: 1, SRI: 1}, 3))
    await report(pool, sold("1", 3, sku="EQUAL"))

    makers, cursor = [], None
    for _ in range(3):
        page = await listed(pool, limit=1, cursor=cursor)
        makers += [line.maker_id for line in page.items]
        cursor = page.next
    assert (set(makers), cursor) == ({ANI, WATI, SRI}, None)


async def test_a_year_is_a_table_without_names(database: Database) -> None:
    pool = await database("sales")
    await open_early(pool)
    await report(pool, sold("1", 500_100_000, "2026-02-03"), sold("2", 1, "2026-12-31"), sold("3", 1, "2025-12-31"))
    file = await do(pool, views.export_tax, ExportTax(year=2026))
    head, line, end = file.content.decode().split("\n")
    assert (file.filename, file.media_type, end) == ("tax-2026.csv", "text/csv", "")
    assert head == "maker_id,year,turnover,corrected,taxable,tax,01,02,03,04,05,06,07,08,09,10,11,12"
    assert line == f"{ANI},2026,500100000,0,100000,500,0,500100000,0,0,0,0,0,0,0,0,0,0"


async def test_a_maker_is_told_once_a_year_that_she_has_sold_for_more_than_is_free(database: Database) -> None:
    pool = await database("sales")
    await open_early(pool)
    await report(pool, sold("1", 5 * DEAR))
    assert await look(pool) == []

    await report(pool, sold("2", 1))
    passed = TaxThresholdPassed(maker_id=ANI, year=2026, free=500_000_000)
    assert await look(pool) == [passed]
    assert await look(pool) == []

    await report(pool, sold("3", 6 * DEAR, "2025-10-10"))
    january = datetime.fromisoformat("2026-01-31T23:00:00+07:00")
    assert await look(pool, january) == [passed.model_copy(update={"year": 2025})]


async def test_a_rule_holds_from_its_month_on(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    told: Any = AddTaxRule(valid_from=date(2026, 12, 1), free=0, bps=100)
    rules, events = await tell(pool, taxes.add_rule, told)
    assert [rule.bps for rule in rules.items] == [50, 100]
    assert events == [TaxRuleAdded(valid_from=date(2026, 12, 1), free=0, bps=100)]
    assert await tell(pool, taxes.add_rule, told) == (rules, [])

    better = told.model_copy(update={"free": 1_000})
    assert (await tell(pool, taxes.add_rule, better))[0].items[-1].free == 1_000


async def test_a_rule_that_holds_already_cannot_be_replaced(database: Database) -> None:
    pool = await database("sales")
    held = AddTaxRule(valid_from=date(2026, 11, 1), free=1, bps=1)
    await tell(pool, taxes.add_rule, held)
    changed = held.model_copy(update={"bps": 2})
    assert await refusal(pool, taxes.add_rule, changed) == "tax_rule_in_force"
    with pytest.raises(Conflict):
        await tell(pool, taxes.add_rule, changed)


def test_a_rule_begins_with_a_month() -> None:
    with pytest.raises(ValueError, match="must be the first day of a month"):
        AddTaxRule(valid_from=date(2026, 11, 2), free=1, bps=1)


async def test_rules_are_made_anew_out_of_the_log(database: Database) -> None:
    pool = await database("sales")
    async with pool.acquire() as tx, tx.transaction():
        await project_rule(tx, received(TaxRuleAdded(valid_from=date(2026, 12, 1), free=7, bps=8)))
    rules = await do(pool, views.list_rules, ListTaxRules())
    assert rules.items == [LAW, TaxRule(valid_from=date(2026, 12, 1), free=7, bps=8)]


async def test_nobody_has_a_year_who_is_not_known(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(NotFound):
        await her_tax(pool, NOBODYS)


async def test_the_database_divides_a_price_as_the_books_divide_a_share(database: Database) -> None:
    pool, dice = await database("sales"), Random(7)
    await open_shop(pool)
    for number in range(40):
        weights = [dice.randint(1, 10 ** dice.randint(1, 4)) for _ in range(dice.randint(1, 3))]
        makers = dict(zip((ANI, WATI, SRI), weights, strict=False))
        await hear(pool, known.list_product, a_product(f"X-{number}", makers))
        for price in [dice.randrange(10 ** dice.randint(1, 12)) for _ in range(5)]:
            rows = await pool.fetch("SELECT maker_id, part FROM parts_of_price($1, $2)", f"X-{number}", price)
            parts = {row["maker_id"]: row["part"] for row in rows}
            assert [parts[maker] for maker in makers] == apportion(price, weights)
