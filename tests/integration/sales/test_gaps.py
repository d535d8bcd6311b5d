"""Numbers that a till passed over are named once, and cure themselves when they come."""

from datetime import timedelta

import pytest

from services.sales.handlers.findings import settle_finding
from services.sales.watch import tills
from shared.contracts.sales.tills import FindingOpened, FindingSettled, SettleFinding
from tests.integration.sales.builders import NOON, Database, a_return, a_sale, do, open_shop, report
from tests.integration.sales.watching import (
    GRACE,
    LATER,
    findings,
    gaps,
    hear_numbers,
    look,
    of_kind,
    park,
)


async def test_a_missing_number_is_named_when_its_time_is_up(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 7, 8, 10, 13)
    assert await look(pool) == []
    assert await look(pool, NOON + GRACE - timedelta(seconds=1)) == []
    told = of_kind(await look(pool, NOON + GRACE), FindingOpened)
    assert [(one.kind, one.outlet, one.till, one.detail) for one in told] == [
        ("sequence-gap", "citos", "till-1", {"count": 3, "numbers": [[9, 9], [11, 12]]})
    ]
    assert told[0].subject == str(told[0].finding_id)
    assert await look(pool, LATER) == []
    assert [found.finding_id for found in await findings(pool)] == [told[0].finding_id]


async def test_reports_that_overtake_each_other_are_no_gap(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 3)
    await look(pool)
    await hear_numbers(pool, 1)
    await look(pool)
    await hear_numbers(pool, 2)
    await look(pool)
    assert await look(pool, LATER) == []
    assert await findings(pool, "all") == []


async def test_booked_reports_of_every_kind_carry_their_numbers(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1), a_sale(line=2, till_seq=2), a_return(till_seq=4))
    await look(pool)
    await look(pool, LATER)
    assert await gaps(pool) == [[[3, 3]]]


async def test_a_gap_settles_itself_when_its_numbers_come(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 3)
    await look(pool)
    await look(pool, LATER)
    assert await gaps(pool) == [[[2, 2]]]
    await hear_numbers(pool, 2)
    told = await look(pool, LATER)
    assert [one.cured for one in of_kind(told, FindingSettled)] == [True]
    assert await findings(pool) == []
    assert await look(pool, LATER + 2 * GRACE) == []


async def test_what_is_left_of_a_gap_is_named_anew(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 6)
    await look(pool)
    await look(pool, LATER)
    await hear_numbers(pool, 3, 4)
    assert await look(pool, LATER) == [], "more may be on its way"
    assert await gaps(pool) == [[[2, 5]]]
    told = await look(pool, LATER + GRACE)
    assert (len(of_kind(told, FindingOpened)), len(of_kind(told, FindingSettled))) == (1, 1)
    assert await gaps(pool) == [[[2, 2], [5, 5]]]


async def test_a_new_gap_is_a_finding_of_its_own(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 3)
    await look(pool)
    await look(pool, LATER)
    await hear_numbers(pool, 5)
    await look(pool, LATER)
    await look(pool, LATER + GRACE)
    assert sorted(await gaps(pool)) == [[[2, 2]], [[4, 4]]]


async def test_what_a_person_has_settled_is_not_named_again(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 6)
    await look(pool)
    await look(pool, LATER)
    found = (await findings(pool))[0]
    await do(pool, settle_finding, SettleFinding(finding_id=found.finding_id, note="the till was tried out"), LATER)
    await hear_numbers(pool, 3)
    assert await look(pool, LATER) == []
    assert await look(pool, LATER + 2 * GRACE) == []
    assert await findings(pool) == []


@pytest.mark.parametrize("late", [False, True])
async def test_what_is_parked_is_not_missing(database: Database, late: bool) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 4)
    await look(pool)
    if late:
        await look(pool, LATER)
        assert await gaps(pool) == [[[2, 3]]]
    await park(pool, till_seq=2)
    await park(pool, till_seq=3, till="till-9")
    await look(pool, LATER + timedelta(minutes=10))
    assert await gaps(pool) == [[[3, 3]]]


async def test_a_gap_whose_numbers_are_all_parked_settles_itself(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 3)
    await look(pool)
    await look(pool, LATER)
    await park(pool, till_seq=2)
    told = await look(pool, LATER + timedelta(minutes=10))
    assert [one.cured for one in of_kind(told, FindingSettled)] == [True]
    assert await look(pool, LATER + timedelta(minutes=20)) == []


@pytest.mark.parametrize("number", ["two", 2.5, True, {"a": 1}, 10**400])
async def test_a_parked_report_may_have_anything_for_its_number(database: Database, number: object) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 3)
    await look(pool)
    await park(pool, till_seq=9)
    await pool.execute("UPDATE parked SET envelope = jsonb_set(envelope, '{data,till_seq}', $1)", number)
    await look(pool, LATER)
    assert await gaps(pool) == [[[2, 2]]]


async def test_a_till_whose_numbers_do_not_count_up_is_not_followed_for_ever(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await hear_numbers(pool, *range(0, 1_200, 2))
    await look(pool)
    await look(pool, LATER)
    assert [found.detail["count"] for found in await findings(pool)] == [599]
    await hear_numbers(pool, *range(1_200, 2_400, 2))
    told = of_kind(await look(pool, LATER), FindingSettled)
    assert [one.cured for one in told] == [True]
    assert await pool.fetchval("SELECT count(*) FROM till_gap") == 500
    assert await pool.fetchval("SELECT count(*) FROM (SELECT unnest(seen) FROM till) piece") == 501
    await report(pool, a_sale(till_seq=7), a_sale(line=2, till_seq=2_399))
    assert of_kind(await look(pool, LATER), FindingOpened) == [], "7 was given once, however late"
    await look(pool, LATER + GRACE)
    assert [found.detail["count"] for found in await findings(pool)] == [500]


async def test_each_till_counts_for_itself(database: Database) -> None:
    pool = await database("sales")
    await hear_numbers(pool, 1, 2)
    await hear_numbers(pool, 8, 9, till="till-2")
    await look(pool)
    assert await look(pool, LATER) == []


async def test_a_round_that_finds_nothing_asks_once(database: Database) -> None:
    pool = await database("sales")
    async with pool.acquire() as tx, tx.transaction():
        asked: list[str] = []
        tx.add_query_logger(lambda query: asked.append(query.query))
        assert await tills.look_once(tx, NOON, GRACE) == (False, [])
    assert [query for query in asked if "SELECT" in query] == asked[:1]
