"""Statements of a period: what is over never changes, whatever is told late; each begins where the one before ends."""

from datetime import date, timedelta

import pytest

from services.sales.views.ledger import get_statement
from shared.contracts.sales import GetStatement
from shared.errors import Invalid
from tests.integration.sales.builders import ANI, NOON, WATI, Database, a_return, a_sale, agree, do, open_shop, report
from tests.integration.sales.settling import pay_out, statement, void, write_off
from tests.integration.sales.stating import day, figures, recorded_on, whole

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


async def test_a_period_begins_with_what_she_was_owed_before_and_its_lines_are_the_rest(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    await recorded_on(pool, day(9))
    await report(pool, a_sale(receipt="2"), a_sale(receipt="3"))
    await recorded_on(pool, day(10))
    await report(pool, a_sale(receipt="4"))
    await recorded_on(pool, day(11))
    tenth = await whole(pool, since=date(2026, 11, 10), until=date(2026, 11, 10))
    assert (tenth.opening, tenth.closing, tenth.balance) == (455_000, 1_365_000, 1_820_000)
    assert [line.receipt for line in tenth.items] == ["3", "2"]
    assert (tenth.since, tenth.until) == (date(2026, 11, 10), date(2026, 11, 10))


async def test_a_day_ends_at_midnight_in_jakarta(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    midnight = day(10).replace(hour=17)
    for receipt, at in (("1", midnight - timedelta(microseconds=1)), ("2", midnight)):
        await report(pool, a_sale(receipt=receipt))
        await recorded_on(pool, at)
    assert [line.receipt for line in (await whole(pool, until=date(2026, 11, 10))).items] == ["1"]
    assert [line.receipt for line in (await whole(pool, since=date(2026, 11, 11))).items] == ["2"]


async def test_what_is_told_late_is_in_the_period_in_which_it_was_recorded(database: Database) -> None:
    """A late sale, a late return and a late void of what was sold in a week that is over."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, *[a_sale(receipt=number, sold_at=day(3)) for number in "123"])
    await recorded_on(pool, day(3))
    before = await whole(pool, until=date(2026, 11, 7))
    await report(pool, a_sale(receipt="late", sold_at=day(4)))
    await report(pool, a_return(receipt="C1", original_receipt="1", returned_at=day(5)))
    await void(pool, "2", voided_at=day(6))
    await recorded_on(pool, day(20))
    assert figures(await whole(pool, until=date(2026, 11, 7))) == figures(before)
    later = await whole(pool, since=date(2026, 11, 8))
    assert (later.opening, later.closing) == (before.closing, 910_000)
    assert [(line.kind, line.receipt, line.amount) for line in later.items] == [
        ("void", "2", -455_000),
        ("return", "1", -455_000),
        ("sale", "late", 455_000),
    ]
    assert {line.at for line in later.items} == {day(4), day(5), day(6)}


async def test_every_kind_of_entry_can_be_in_a_period(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    await recorded_on(pool, day(1))
    await pay_out(pool)
    await recorded_on(pool, day(10))
    await report(pool, a_return(original_receipt="1"))
    await write_off(pool, 55_000)
    await recorded_on(pool, day(20))
    paid = await whole(pool, since=date(2026, 11, 2), until=date(2026, 11, 19))
    assert [(line.kind, line.amount, line.balance) for line in paid.items] == [("payout", -455_000, 0)]
    owing = await whole(pool, since=date(2026, 11, 20), until=LAST)
    assert [(line.kind, line.amount, line.balance) for line in owing.items] == [
        ("write-off", 55_000, -400_000),
        ("return", -455_000, -455_000),
    ]


async def test_a_period_without_entries_is_what_it_was_before(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await recorded_on(pool, day(1))
    quiet = await whole(pool, since=date(2026, 11, 2), until=LAST)
    assert (quiet.opening, quiet.closing, quiet.items, quiet.next) == (455_000, 455_000, [], None)
    nobody = await whole(pool, WATI, FIRST, LAST)
    assert (nobody.opening, nobody.closing, nobody.balance) == (0, 0, 0)


async def test_without_a_period_it_is_all_there_is(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    seen = await statement(pool)
    assert (seen.opening, seen.closing, seen.balance, seen.since, seen.until) == (0, 455_000, 455_000, None, None)


async def test_a_period_that_ends_before_it_begins_is_refused(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    with pytest.raises(Invalid, match="before since"):
        await do(pool, get_statement, GetStatement(maker_id=ANI, since=LAST, until=FIRST), NOON)


async def test_new_terms_and_new_prices_change_no_old_statement(database: Database) -> None:
    """Scenario 13: what was agreed from the middle of the month on, and a late sale from before."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1", sold_at=day(10)))
    await recorded_on(pool, day(10))
    before = await whole(pool, until=date(2026, 11, 14))
    await agree(pool, date(2026, 11, 15), outlet_bps=3000)
    await report(pool, a_sale(receipt="late", sold_at=day(14)), a_sale(receipt="new", sold_at=day(16)))
    await recorded_on(pool, day(16))
    assert figures(await whole(pool, until=date(2026, 11, 14))) == figures(before)
    later = await whole(pool, since=date(2026, 11, 15))
    assert {line.receipt: line.amount for line in later.items} == {"late": 455_000, "new": 420_000}
