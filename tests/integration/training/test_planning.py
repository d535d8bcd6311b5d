"""Sessions planned anew, clashes and lists of cohorts on a real database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.handlers import attendance
from services.training.views import clashes as clashes_views
from services.training.views import courses as courses_views
from shared.contracts.training import Craft
from shared.contracts.training.clashes import Clash, ListClashes
from shared.contracts.training.planning import ListCohorts, SessionCancelled, SessionReplanned
from shared.db import Pool
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    Database,
    a_completion,
    complete,
    do,
    enrol,
    hold,
    look_at,
    open_cohort,
    present,
    record,
    register,
    register_rusun,
)
from tests.integration.training.school import (
    a_place,
    a_trainer,
    accept,
    cancel,
    open_recurring,
    replan,
)

FIRST = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Tuesday, nine o'clock in Jakarta."""


async def clashes(pool: Pool, first: date = date(2026, 12, 1), last: date = date(2026, 12, 31)) -> list[Clash]:
    return (await do(pool, clashes_views.list_clashes, ListClashes(since=first, to=last))).items


async def pages(pool: Pool, limit: int) -> list[Clash]:
    """All of them, page by page."""
    asked = ListClashes(since=date(2026, 12, 1), to=date(2026, 12, 31), limit=limit)
    page = await do(pool, clashes_views.list_clashes, asked)
    found = page.items
    while page.next:
        page = await do(pool, clashes_views.list_clashes, asked.model_copy(update={"cursor": page.next}))
        assert 0 < len(page.items) <= limit
        found += page.items
    return found


def pairs(found: list[Clash]) -> list[tuple[int, int]]:
    return [(clash.earlier.number, clash.later.number) for clash in found]


async def test_tuesdays_and_thursdays_are_one_request(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await a_place(pool)

    cohort, [opened] = await open_recurring(pool, place="aula")

    starts = [session.planned_start for session in cohort.sessions]
    assert starts == [FIRST + timedelta(days=days) for days in (0, 2, 7, 9)]
    assert [session.number for session in cohort.sessions] == [1, 2, 3, 4]
    assert {session.place for session in cohort.sessions} == {"aula"}
    assert opened.subject == str(cohort.cohort_id)
    assert await look_at(pool, cohort) == cohort


async def test_a_session_is_moved_and_what_was_planned_is_kept(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await a_place(pool)
    cohort, _ = await open_recurring(pool)
    second = cohort.sessions[1]

    planned, [event] = await replan(
        pool, second.session_id, planned_start=FIRST + timedelta(days=3), planned_minutes=240, place="aula"
    )

    assert event == SessionReplanned(
        session_id=second.session_id,
        cohort_id=cohort.cohort_id,
        number=2,
        planned_start=FIRST + timedelta(days=3),
        planned_minutes=240,
        place="aula",
        place_name="Aula",
        title="Batik",
        earlier_start=second.planned_start,
    )
    assert (planned.session.number, planned.session.place, planned.session.planned_minutes) == (2, "aula", 240)
    assert (await look_at(pool, cohort)).sessions[1] == planned.session
    [kept] = await pool.fetch("SELECT * FROM former_plan")
    assert (kept["planned_start"], kept["planned_minutes"]) == (second.planned_start, 180)
    assert (kept["replanned_by"], kept["reason"]) == ("coordinator:rini", "room is taken")


async def test_a_cancelled_session_is_shown_and_keeps_nobody_from_completing(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    sri = await a_trainer(pool, account="juror-sri")
    cohort = await open_cohort(pool, sessions=2, trainers=[sri.trainer_id])
    maker = (await register(pool)).maker_id
    await enrol(pool, cohort, maker)
    gone = cohort.sessions[1]

    planned, [event] = await replan(pool, gone.session_id, cancel=True)
    await hold(pool, cohort, 1, 300, [present(maker)])

    assert event == SessionCancelled(
        session_id=gone.session_id,
        cohort_id=cohort.cohort_id,
        number=2,
        planned_start=gone.planned_start,
        planned_minutes=gone.planned_minutes,
        title="Batik tulis",
        makers=[maker],
    )
    assert (planned.session.cancelled_at, planned.session.cancel_reason) == (NOON, "room is taken")
    assert planned.session.trainers == [sri.trainer_id]
    assert [one.cancelled_at for one in (await look_at(pool, cohort)).sessions] == [None, NOON]
    assert [one.maker_id for one in (await complete(pool, cohort)).certificates] == [maker]


@pytest.mark.parametrize("fields", [{}, {"cancel": True, "planned_minutes": 60}])
async def test_a_plan_that_says_nothing_or_too_much_is_refused(database: Database, fields: dict[str, Any]) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort, _ = await open_recurring(pool)

    with pytest.raises(Invalid):
        await replan(pool, cohort.sessions[0].session_id, **fields)


async def test_what_was_held_stands_and_a_cohort_keeps_a_session(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool, sessions=3)
    maker = (await register(pool)).maker_id
    await enrol(pool, cohort, maker)
    held, named, last = [session.session_id for session in cohort.sessions]
    await hold(pool, cohort, 1, 300, [])
    await record(pool, cohort, 2, present(maker))
    codes = []

    for session, fields in (
        (held, {"planned_minutes": 60}),
        (named, {"cancel": True}),
        (UUID(int=9), {"cancel": True}),
    ):
        with pytest.raises((Rejected, NotFound)) as refused:
            await replan(pool, session, **fields)
        codes.append(refused.value.code)
    alone = await open_cohort(pool, sessions=1)
    with pytest.raises(Rejected) as only:
        await replan(pool, alone.sessions[0].session_id, cancel=True)
    await replan(pool, last, cancel=True)

    assert codes == ["already_completed", "attendance_recorded", "session_not_found"]
    assert only.value.code == "last_session"


async def test_one_trainer_or_place_in_two_sessions_is_a_warning_and_no_refusal(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await a_place(pool)
    sri, budi = await a_trainer(pool), await a_trainer(pool, "Pak Budi")
    one, _ = await open_recurring(pool, trainers=[sri.trainer_id], place="aula")

    other, _ = await open_recurring(pool, trainers=[sri.trainer_id, budi.trainer_id])
    third, _ = await open_recurring(pool, trainers=[budi.trainer_id], place="aula")

    assert one.clashes == []
    assert [clash.trainers for clash in other.clashes] == [[sri.trainer_id]] * 4
    assert {clash.place for clash in other.clashes} == {None}
    assert len(third.clashes) == 8
    assert {(clash.place, *clash.trainers) for clash in third.clashes} == {("aula",), (None, budi.trainer_id)}
    assert len(await clashes(pool)) == 12
    assert await pages(pool, 5) == await clashes(pool)
    assert len(await clashes(pool, date(2026, 12, 3), date(2026, 12, 3))) == 3


async def test_a_moved_session_no_longer_clashes_or_clashes_anew(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    sri = await a_trainer(pool)
    await open_recurring(pool, trainers=[sri.trainer_id])
    other, _ = await open_recurring(pool, trainers=[sri.trainer_id])
    first, second, third, fourth = [session.session_id for session in other.sessions]

    away, _ = await replan(pool, first, planned_start=FIRST + timedelta(hours=3))
    still, _ = await replan(pool, second, planned_start=FIRST + timedelta(days=2, hours=2))
    away_too, _ = await replan(pool, third, trainers=[])
    gone, _ = await replan(pool, fourth, cancel=True)

    assert (away.clashes, away_too.clashes, gone.clashes) == ([], [], [])
    assert pairs(still.clashes) == [(2, 2)]
    assert pairs(await clashes(pool)) == [(2, 2)]


async def test_a_maker_with_seats_in_two_cohorts_at_one_time_is_told_of(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    one, _ = await open_recurring(pool)
    other, _ = await open_recurring(pool, capacity=1)
    ani, wati = [(await register(pool)).maker_id for _ in range(2)]

    free = await enrol(pool, one, ani)
    twice = await enrol(pool, other, ani)
    await enrol(pool, one, wati)
    waits = await enrol(pool, other, wati)
    await cancel(pool, other, ani)
    accepted, _ = await accept(pool, other, wati)

    assert (free.clashes, waits.clashes) == ([], [])
    assert pairs(twice.clashes) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert {tuple(clash.makers) for clash in twice.clashes} == {(ani,)}
    assert {tuple(clash.makers) for clash in accepted.clashes} == {(wati,)}
    assert {tuple(clash.makers) for clash in await clashes(pool)} == {(wati,)}


async def test_a_session_that_overran_runs_into_the_next_one(database: Database) -> None:
    """Scenario 23: planned for 180 minutes it took 360, and its trainer is wanted elsewhere."""
    pool = await database("training")
    await register_rusun(pool)
    sri = await a_trainer(pool)
    begin = NOON - timedelta(hours=7)
    one, next_one = [
        (await open_recurring(pool, recurrence=None, sessions=[{"planned_start": at}], trainers=[sri.trainer_id]))[0]
        for at in (begin, begin + timedelta(hours=4))
    ]
    assert next_one.clashes == []

    await do(pool, attendance.complete_session, a_completion(one, 1, 360, begin))

    [clash] = (await look_at(pool, next_one)).clashes
    assert clash.overrun
    assert (clash.earlier.cohort_id, clash.later.cohort_id) == (one.cohort_id, next_one.cohort_id)
    assert clash.trainers == [sri.trainer_id]


@pytest.mark.parametrize("last", [date(2026, 11, 30), date(2027, 12, 3)])
async def test_clashes_are_asked_for_up_to_a_year(database: Database, last: date) -> None:
    pool = await database("training")

    with pytest.raises(Invalid):
        await clashes(pool, last=last)


async def test_cohorts_are_listed_newest_first_by_rusun_craft_and_state(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "komarudin")
    done = await open_cohort(pool, sessions=1, capacity=1)
    makers = [(await register(pool)).maker_id for _ in range(2)]
    for maker in makers:
        await enrol(pool, done, maker)
    await hold(pool, done, 1, 300, [present(makers[0])])
    await complete(pool, done)
    sewing = await open_cohort(pool, craft=Craft.SEWING, rusun="komarudin")

    async def listed(**asked: Any) -> list[UUID]:
        return [head.cohort_id for head in (await do(pool, courses_views.list_cohorts, ListCohorts(**asked))).items]

    everything = await listed()
    first = await do(pool, courses_views.list_cohorts, ListCohorts(limit=1))
    rest = await do(pool, courses_views.list_cohorts, ListCohorts(limit=1, cursor=first.next))

    assert set(everything) == {done.cohort_id, sewing.cohort_id}
    assert [first.items[0].cohort_id, rest.items[0].cohort_id, rest.next] == [*everything, None]
    assert await listed(rusun="komarudin") == await listed(craft="sewing") == [sewing.cohort_id]
    assert (await listed(state="completed"), await listed(state="open")) == ([done.cohort_id], [sewing.cohort_id])
    [head] = (await do(pool, courses_views.list_cohorts, ListCohorts(state="completed"))).items
    assert (head.enrolled, head.offered, head.waiting, head.sessions, head.sessions_held) == (1, 0, 1, 1, 1)
