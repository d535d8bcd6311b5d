"""What makers earn, as sales tells of it, and who has earned nothing for long, on a real database."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.training import jobs
from shared.contracts.catalog import ProductRejected
from shared.contracts.sales import MakersEarned
from shared.contracts.training import Craft, MakerWithoutIncome
from shared.db import Pool
from shared.errors import NotYet
from shared.runtime.handler import Refused
from tests.integration.training.accompanying import (
    DINI,
    TODAY,
    a_graduate,
    ago,
    answer,
    assign,
    attention,
    earn,
    find,
    graduate,
    hear,
    noon,
    propose,
    send_back,
    visit,
)
from tests.integration.training.builders import Database, register, register_rusun


async def incomes(pool: Pool) -> dict[UUID, tuple[int, int]]:
    """First and last day of each maker, in days ago."""
    rows = await pool.fetch("SELECT * FROM maker_income")
    return {row["maker_id"]: ((TODAY - row["first_day"]).days, (TODAY - row["last_day"]).days) for row in rows}


async def test_first_and_last_day_are_kept_in_whatever_order_and_however_often_they_are_told(
    database: Database,
) -> None:
    pool = await database("training")
    await register_rusun(pool)
    ani, wati = [(await register(pool)).maker_id for _ in range(2)]

    await hear(pool, *[MakersEarned(day=ago(days), maker_ids=[ani]) for days in (5, 30, 5, 2, 9)])
    await earn(pool, ago(40), ani, wati)
    await earn(pool, ago(7), ani)

    assert await incomes(pool) == {ani: (40, 2), wati: (40, 40)}


async def test_an_event_that_names_somebody_unknown_waits_and_no_other(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    ani = (await register(pool)).maker_id

    known, strange = (MakersEarned(day=TODAY, maker_ids=makers) for makers in ([ani], [ani, uuid4()]))
    [refused] = await hear(pool, strange, known)

    assert isinstance(refused, Refused)
    assert refused.message.data == strange
    assert isinstance(refused.error, NotYet)
    assert refused.error.code == "maker_unknown"
    assert await incomes(pool) == {ani: (0, 0)}


async def test_transactions_that_learn_of_the_same_makers_at_once_keep_all_days(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    makers = [(await register(pool)).maker_id for _ in range(3)]

    told = [(days, makers if days % 2 else makers[::-1]) for days in range(8)]
    await asyncio.gather(*[earn(pool, ago(days), *some) for days, some in told])

    assert await incomes(pool) == dict.fromkeys(makers, (7, 0))


async def test_whoever_completed_a_course_and_earns_nothing_shows_up_after_sixty_days(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    never, long_ago = await a_graduate(pool, ago(60)), await a_graduate(pool, ago(300))
    await earn(pool, ago(100), long_ago)
    await visit(pool, long_ago, ago(12))
    await assign(pool, long_ago, DINI, ago(200))
    recent, fresh = await a_graduate(pool, ago(300)), await a_graduate(pool, ago(59))
    await earn(pool, ago(59), recent)
    await register(pool, noon(ago(400)))

    seen = await attention(pool)

    found = [(one.maker_id, one.since, one.days, one.last_income, one.last_visit, one.companion) for one in seen.items]
    assert found == [
        (long_ago, ago(100), 100, ago(100), ago(12), DINI),
        (never, ago(60), 60, None, None, None),
    ]
    assert {one.name for one in seen.items} == {"Ibu Ani"}
    assert {recent, fresh} == {one.maker_id for one in (await attention(pool, days=59)).items if one.days == 59}


async def test_the_list_is_cut_by_rusun_and_craft_and_read_page_by_page(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "daan-mogot")
    batik = [await a_graduate(pool, ago(100 + n // 2)) for n in range(4)]
    sewing = await a_graduate(pool, ago(90), Craft.SEWING, rusun="daan-mogot")

    assert [one.maker_id for one in (await attention(pool, craft=Craft.SEWING)).items] == [sewing]
    assert [one.maker_id for one in (await attention(pool, rusun="daan-mogot")).items] == [sewing]
    seen: list[UUID] = []
    cursor = None
    for _ in range(3):
        page = await attention(pool, limit=2, cursor=cursor)
        cursor = page.next
        seen += [one.maker_id for one in page.items]
    assert (seen, cursor) == ([*sorted(batik[2:]), *sorted(batik[:2]), sewing], None)


async def test_each_time_without_income_is_found_once_and_ends_with_the_next_income(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(70))
    assert await find(pool, ago(11)) == []

    first = await find(pool, ago(10))
    assert first == [MakerWithoutIncome(maker_id=maker, since=ago(70), days=60)]
    assert await find(pool, ago(10)) == await find(pool, ago(9)) == []
    [seen] = (await attention(pool)).items
    assert seen.found_on == ago(10)

    await earn(pool, ago(5), maker)
    assert (await attention(pool)).items == []
    assert await find(pool) == []
    later = TODAY + timedelta(days=55)
    assert await find(pool, later) == [MakerWithoutIncome(maker_id=maker, since=ago(5), days=60)]


async def test_income_of_before_that_is_told_late_begins_no_new_time(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(200))
    await earn(pool, ago(80), maker)
    await find(pool)

    await earn(pool, ago(150), maker)

    assert await find(pool) == []
    assert [one.since for one in (await attention(pool)).items] == [ago(80)]


async def test_two_that_look_at_once_find_each_time_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    makers = [await a_graduate(pool, ago(70)) for _ in range(3)]

    found = await asyncio.gather(*[find(pool) for _ in range(4)])

    told = [event.maker_id for events in found for event in events if isinstance(event, MakerWithoutIncome)]
    assert sorted(told) == sorted(makers)


async def test_many_are_found_in_several_rounds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = await database("training")
    await register_rusun(pool)
    makers = [await a_graduate(pool, ago(70)) for _ in range(3)]
    monkeypatch.setattr(jobs, "ROUND", 2)

    async with pool.acquire() as tx, tx.transaction():
        rounds = [await jobs.find_once(tx, TODAY) for _ in range(3)]

    assert [(more, len(events)) for more, events in rounds] == [(True, 2), (False, 1), (False, 0)]
    assert await pool.fetchval("SELECT count(*) FROM without_income") == len(makers)


async def test_an_accepted_order_counts_like_income_and_a_second_course_does_not(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(70))
    await graduate(pool, maker, ago(3), Craft.SEWING)
    assert [one.since for one in (await attention(pool)).items] == [ago(70)]

    proposal, _ = await propose(pool, maker)
    assert len((await attention(pool)).items) == 1
    await answer(pool, proposal, accepted=True)

    assert (await attention(pool)).items == []
    [seen] = (await attention(pool, noon(TODAY + timedelta(days=60)))).items
    assert (seen.since, seen.last_order, seen.last_income) == (TODAY, TODAY, None)


async def test_of_what_the_jury_sends_back_whose_which_and_when_is_kept(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    ani, wati = [(await register(pool)).maker_id for _ in range(2)]

    await send_back(pool, ago(3), ani, wati)
    await send_back(pool, ago(1), ani, kind=ProductRejected)

    kept = await pool.fetch("SELECT * FROM sent_back ORDER BY day, maker_id = $1 DESC", ani)
    assert [(row["maker_id"], row["day"]) for row in kept] == [(ani, ago(3)), (wati, ago(3)), (ani, ago(1))]
    assert set(kept[0].keys()) == {"maker_id", "submission_id", "day"}
