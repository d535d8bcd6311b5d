"""A till's closing agrees with the books, or somebody is told of it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.sales.handlers.closings import record_closings
from services.sales.handlers.sales import record_sales
from services.sales.views.closings import list_closings
from shared.contracts.outlets import SaleReported, TillClosed
from shared.contracts.sales.tills import FindingOpened, FindingSettled, ListClosings, TillClosingRecorded, TillTiedOut
from shared.db import Pool
from shared.errors import NotFound, Unavailable
from shared.runtime.handler import Outcome
from tests.integration.sales.builders import (
    NOON,
    Database,
    a_return,
    a_sale,
    a_void,
    do,
    ignored,
    in_full,
    open_shop,
    received,
    refused,
    report,
    told,
)
from tests.integration.sales.watching import (
    GRACE,
    LATER,
    TODAY,
    a_closing,
    close,
    closing,
    findings,
    look,
    of_kind,
    park,
)


async def overrule(pool: Pool, data: TillClosed | SaleReported) -> list[Outcome]:
    """A person has said that this report is the right one."""
    handle: Any = record_closings if isinstance(data, TillClosed) else record_sales
    async with pool.acquire() as tx, tx.transaction():
        return list(await in_full(handle, [replace(received(data), overrules=True)], tx))


async def test_a_line_that_a_person_replaced_counts_once_with_the_right_facts(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1, sold_at=NOON - timedelta(days=1)), a_sale(till_seq=2, line=2))
    await look(pool)
    await overrule(pool, a_sale(till_seq=1, unit_price=650_000))
    await close(pool, a_closing(events=2, total=1_350_000, first_seq=1, last_seq=2))
    await close(pool, a_closing(business_date="2026-11-20", events=0, total=0))
    assert len(of_kind(await look(pool), TillTiedOut)) == 2
    assert await findings(pool, "all") == [], "a line that is told anew may keep its number"


async def test_the_void_of_a_line_that_a_person_replaced_gives_back_what_is_right(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1), a_void(till_seq=2))
    await overrule(pool, a_sale(till_seq=1, unit_price=650_000))
    await close(pool, a_closing(events=2, total=0, first_seq=1, last_seq=2))
    assert len(of_kind(await look(pool), TillTiedOut)) == 1
    assert await findings(pool, "all") == []


async def test_a_closing_is_recorded_once_whatever_id_it_has(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    first = await close(pool, a_closing(till_seq=9, first_seq=1, last_seq=8), a_closing())
    assert told(first, TillClosingRecorded)[0].business_date == date(2026, 11, 21)
    assert (len(told(first, TillClosingRecorded)), refused(first)) == (1, [("conflict", "till_closed_changed")])
    again = await close(pool, a_closing(till_seq=12, first_seq=1, last_seq=8))
    assert (told(again, TillClosingRecorded), ignored(again)) == ([], 1)
    assert await pool.fetchval("SELECT count(*) FROM till_closing") == 1


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"outlet": "pim"}, ("not_yet", "outlet_unknown")),
        ({"business_date": "2026-11-22"}, ("rejected", "closed_in_the_future")),
        ({"business_date": "2026-02-30"}, ("invalid", "invalid")),
        ({"business_date": "0000-01-01"}, ("invalid", "invalid")),
        ({"business_date": "0001-01-01"}, ("invalid", "invalid")),
        ({"first_seq": 9, "last_seq": 8}, ("rejected", "closing_numbers_implausible")),
    ],
)
async def test_a_closing_that_cannot_be_recorded_says_why(
    database: Database, other: dict[str, Any], refusal: tuple[str, str]
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    outcomes = await close(pool, a_closing(**other), a_closing(till="till-2"))
    assert refused(outcomes) == [refusal]
    assert [one.till for one in told(outcomes, TillClosingRecorded)] == ["till-2"]


async def test_a_day_that_is_recorded_whole_ties_out_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(
        pool,
        a_sale(till_seq=1, quantity=2),
        a_sale(till_seq=2, receipt="536366"),
        a_return(till_seq=3),
        a_void(till_seq=4, receipt="536366"),
    )
    await close(pool, a_closing(events=4, total=700_000, first_seq=1, last_seq=4))
    events = await look(pool)
    tied = of_kind(events, TillTiedOut)
    assert [(one.events, one.total, one.subject) for one in tied] == [(4, 700_000, f"citos/till-1/{TODAY}")]
    assert (await closing(pool)).state == "tied"
    assert await look(pool, LATER) == []
    assert await findings(pool, "all") == []


async def test_the_largest_number_is_a_number_like_others(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    last = 2**63 - 2
    await report(pool, a_sale(till_seq=last))
    await close(pool, a_closing(first_seq=last, last_seq=last, till_seq=0))
    assert len(of_kind(await look(pool), TillTiedOut)) == 1
    await look(pool, LATER)
    assert [found.detail["count"] for found in await findings(pool)] == [last - 1]


async def test_a_closing_may_come_before_the_reports(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await close(pool, a_closing())
    assert await look(pool) == []
    await report(pool, a_sale())
    assert len(of_kind(await look(pool, NOON + timedelta(seconds=59)), TillTiedOut)) == 1
    assert await look(pool, LATER) == []


async def test_totals_that_differ_are_told_and_settle_themselves(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1))
    await park(pool, till_seq=3, receipt="another")
    await close(pool, a_closing(events=3, total=2_100_000, first_seq=1, last_seq=3, till_seq=4))
    assert await look(pool) == []
    opened = [one for one in of_kind(await look(pool, LATER), FindingOpened) if one.kind == "totals-differ"]
    assert [one.detail for one in opened] == [
        {
            "business_date": TODAY,
            "version": 0,
            "reported": {"events": 3, "total": 2_100_000},
            "counted": {"events": 1, "total": 700_000},
            "missing": {"count": 2, "numbers": [[2, 3]]},
            "parked": 1,
        }
    ]
    shown = await closing(pool)
    assert (shown.state, shown.counted_events, shown.counted_total, shown.missing) == ("differs", 1, 700_000, [(2, 3)])
    assert shown.finding_id == opened[0].finding_id
    await report(pool, a_sale(till_seq=2, receipt="2"), a_sale(till_seq=3, receipt="3"))
    events = await look(pool, LATER)
    assert len(of_kind(events, TillTiedOut)) == 1
    assert opened[0].finding_id in {one.finding_id for one in of_kind(events, FindingSettled)}
    assert await findings(pool, kind="totals-differ") == []


async def test_a_number_that_is_missing_keeps_equal_totals_from_tying_out(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1), a_sale(till_seq=3, receipt="2", unit_price=0))
    await close(pool, a_closing(events=2, first_seq=1, last_seq=3))
    await look(pool)
    await look(pool, LATER)
    assert [one.detail["missing"]["numbers"] for one in await findings(pool, kind="totals-differ")] == [[[2, 2]]]


async def test_what_comes_after_a_day_has_tied_out_is_told(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await close(pool, a_closing())
    await look(pool)
    await report(pool, a_sale(receipt="late", sold_at=NOON))
    assert await look(pool) == []
    assert (await closing(pool)).state == "open"
    assert [one.kind for one in of_kind(await look(pool, LATER), FindingOpened)] == ["totals-differ"]


async def test_figures_that_change_and_still_differ_are_one_open_finding(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await close(pool, a_closing(events=3, total=2_100_000))
    for n, at in enumerate((LATER, LATER + 2 * GRACE)):
        await look(pool, at - GRACE)
        await look(pool, at)
        assert [one.detail["counted"]["events"] for one in await findings(pool)] == [n]
        await report(pool, a_sale(receipt=str(n), sold_at=NOON - timedelta(minutes=n)))


async def test_of_two_closings_the_one_that_a_person_chose_counts(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await close(pool, a_closing(events=2))
    await look(pool)
    await look(pool, LATER)
    assert len(await findings(pool)) == 1
    chosen = await overrule(pool, a_closing())
    assert [one.version for one in told(chosen, TillClosingRecorded)] == [1]
    events = await look(pool, LATER)
    assert (len(of_kind(events, TillTiedOut)), len(of_kind(events, FindingSettled))) == (1, 1)
    assert ignored(await close(pool, a_closing(events=2), a_closing())) == 2
    assert await pool.fetchval("SELECT count(*) FROM till_closing") == 2
    shown = await closing(pool)
    assert (shown.version, shown.state, shown.reported_events, shown.finding_id) == (1, "tied", 1, None)


async def test_a_chosen_closing_that_differs_too_replaces_the_finding(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await close(pool, a_closing(events=2))
    await look(pool)
    await look(pool, LATER)
    await overrule(pool, a_closing(events=3))
    assert len(of_kind(await look(pool, LATER), FindingSettled)) == 1
    await look(pool, LATER + GRACE)
    assert [one.detail["version"] for one in await findings(pool)] == [1]


async def test_two_replicas_record_one_closing(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    async with pool.acquire() as tx, tx.transaction():
        await record_closings([received(a_closing())], tx)
        other = asyncio.create_task(close(pool, a_closing()))
        while not await pool.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert not other.done(), "it did not wait"
            await asyncio.sleep(0.01)
    with pytest.raises(Unavailable):
        await other
    assert ignored(await close(pool, a_closing())) == 1


async def test_closings_are_listed_by_outlet_the_newest_day_first_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    days = ("2026-11-19", "2026-11-21", "2026-11-20")
    await close(pool, *[a_closing(business_date=day, till=till) for day in days for till in ("a", "b")])
    seen, cursor = [], None
    while True:
        page = await do(pool, list_closings, ListClosings(code="citos", limit=4, cursor=cursor))
        seen += [(one.business_date.isoformat(), one.till) for one in page.items]
        cursor = page.next
        if not cursor:
            break
    assert seen == [(day, till) for day in sorted(days, reverse=True) for till in ("b", "a")]
    only = await do(pool, list_closings, ListClosings(code="citos", till="a"))
    assert {one.till for one in only.items} == {"a"}
    with pytest.raises(NotFound):
        await do(pool, list_closings, ListClosings(code="pim"))
