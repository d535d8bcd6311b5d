"""The quick list: one request for forty makers, and a sheet that says the same as the event and the reply."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from uuid import UUID

import pytest

from services.training.handlers import attendance
from services.training.views import sessions as views
from shared.contracts.training import (
    Attendance,
    AttendanceStatus,
    GetOverruns,
    GetSession,
    SessionAmended,
    SessionCompleted,
    SessionSheet,
    StatusCounts,
)
from shared.db import Pool
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    Database,
    a_class,
    a_completion,
    absent,
    amend,
    do,
    enrol,
    excused,
    hold,
    late,
    left_early,
    look_at_sheet,
    not_hers,
    open_cohort,
    present,
    register,
    register_rusun,
    take_sheet,
)

Status = AttendanceStatus
START = NOON - timedelta(days=1)


def statuses(sheet: SessionSheet) -> list[tuple[str | None, int | None]]:
    return [(line.status, line.minutes) for line in sheet.makers]


async def test_one_request_marks_forty_and_names_only_the_exceptions(database: Database) -> None:
    pool = await database("training")
    cohort, makers = await a_class(pool, makers=40, capacity=40)
    ani, wati, sari, *rest = makers
    early = Attendance(maker_id=wati, status=Status.LEFT_EARLY, left_at=START + timedelta(minutes=200))

    told = await take_sheet(pool, cohort, 1, late(ani, 90), early, excused(sari), others="present")
    _, [event] = await do(pool, attendance.complete_session, a_completion(cohort, 1, minutes=360))

    assert (told.recorded, told.missing) == (40, [])
    assert isinstance(event, SessionCompleted)
    assert event.counts == StatusCounts(present=37, late=1, left_early=1, excused=1, absent=0)
    assert (event.attended, event.attended_minutes, event.overrun_minutes) == (39, 37 * 360 + 90 + 200, 180)
    sheet = {line.maker_id: (line.status, line.minutes) for line in (await look_at_sheet(pool, cohort, 1)).makers}
    assert (sheet[ani], sheet[wati], sheet[sari]) == ((Status.LATE, 90), (Status.LEFT_EARLY, 200), (Status.EXCUSED, 0))
    assert {sheet[maker] for maker in rest} == {(Status.PRESENT, 360)}


async def test_the_sheet_is_sorted_by_name_and_says_who_is_missing(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool)
    names = ["Wati", "ani", "Sari"]
    wati, ani, sari = [(await register(pool, name=name)).maker_id for name in names]
    for maker in (wati, ani, sari):
        await enrol(pool, cohort, maker, NOON - timedelta(weeks=9))

    told = await take_sheet(pool, cohort, 1, late(wati, 60))
    sheet = await look_at_sheet(pool, cohort, 1)

    assert [line.name for line in sheet.makers] == ["ani", "Sari", "Wati"]
    assert statuses(sheet) == [(None, None), (None, None), (Status.LATE, 60)]
    assert set(told.missing) == set(sheet.missing) == {ani, sari}
    assert (sheet.state, sheet.attended, sheet.attended_minutes, sheet.overrun_minutes) == ("open", 1, 60, None)


async def test_who_was_marked_by_name_stays_so_whatever_the_others_are(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati, sari] = await a_class(pool, makers=3)
    await take_sheet(pool, cohort, 1, excused(ani))
    await take_sheet(pool, cohort, 1, others="absent")

    told = await take_sheet(pool, cohort, 1, late(sari, 30), others="present")

    assert told.recorded == 2
    sheet = {line.maker_id: line.status for line in (await look_at_sheet(pool, cohort, 1)).makers}
    assert sheet == {ani: Status.EXCUSED, wati: Status.PRESENT, sari: Status.LATE}


async def test_sessions_before_she_enrolled_are_none_of_hers_by_themselves(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    newcomer = (await register(pool, name="Ibu Zaenab")).maker_id
    await hold(pool, cohort, 1, 300, [present(ani)])
    await enrol(pool, cohort, newcomer, NOON)

    told = await take_sheet(pool, cohort, 2, others="present")
    await do(pool, attendance.complete_session, a_completion(cohort, 2, minutes=200, start=START))

    assert told.recorded == 1
    for number, minutes in ((1, 300), (2, 200)):
        sheet = await look_at_sheet(pool, cohort, number)
        assert statuses(sheet) == [(Status.PRESENT, minutes), (Status.NOT_APPLICABLE, 0)]
        assert sheet.missing == []
        assert sheet.counts == StatusCounts(present=1, late=0, left_early=0, excused=0, absent=0)


async def test_a_coordinator_may_say_that_a_session_is_none_of_hers_or_that_it_is(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati] = await a_class(pool, makers=2)
    newcomer = (await register(pool, name="Ibu Zaenab")).maker_id
    await enrol(pool, cohort, newcomer, NOON)

    await hold(pool, cohort, 1, 300, [present(ani), not_hers(wati), present(newcomer)])

    sheet = {line.maker_id: (line.status, line.minutes) for line in (await look_at_sheet(pool, cohort, 1)).makers}
    assert sheet == {
        ani: (Status.PRESENT, 300),
        wati: (Status.NOT_APPLICABLE, 0),
        newcomer: (Status.PRESENT, 300),
    }


async def test_a_sheet_of_nobody_is_refused(database: Database) -> None:
    pool = await database("training")
    cohort, _ = await a_class(pool, makers=1)

    with pytest.raises(Invalid) as refused:
        await take_sheet(pool, cohort, 1)

    assert refused.value.errors[0]["field"] == "entries"


async def test_somebody_who_left_before_it_began_keeps_the_session_open(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    await take_sheet(pool, cohort, 1, Attendance(maker_id=ani, status=Status.LEFT_EARLY, left_at=START))

    with pytest.raises(Rejected) as refused:
        await do(pool, attendance.complete_session, a_completion(cohort, 1))

    assert refused.value.code == "times_outside_session"
    assert (await look_at_sheet(pool, cohort, 1)).state == "open"


async def test_what_was_taught_beyond_the_plan_is_listed_for_the_trainers_fee(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=3)
    await hold(pool, cohort, 1, 360, [present(ani)])
    await hold(pool, cohort, 2, 150, [present(ani)])

    found = await do(pool, views.get_overruns, GetOverruns(cohort_id=cohort.cohort_id))

    assert [(one.number, one.planned_minutes, one.actual_minutes, one.overrun_minutes) for one in found.sessions] == [
        (1, 180, 360, 180),
        (2, 180, 150, 0),
    ]
    assert (found.trainer, found.planned_minutes, found.actual_minutes, found.overrun_minutes) == (
        "Bu Sri",
        360,
        510,
        180,
    )


@pytest.mark.parametrize("seed", range(4))
async def test_random_sheets_and_amendments_tie_out(database: Database, seed: int) -> None:
    pool = await database("training")
    cohort, makers = await a_class(pool, makers=8)
    chance = Random(seed)
    if named := an_arbitrary_sheet(chance, makers):
        await take_sheet(pool, cohort, 1, *named, others=chance.choice(["present", "absent", None]))
    closed, [told] = await do(pool, attendance.complete_session, a_completion(cohort, 1, minutes=300))
    assert isinstance(told, SessionCompleted)
    assert told.model_dump(include=set(type(closed).model_fields)) == closed.model_dump(exclude={"clashes"})
    await check_ties_out(pool, await look_at_sheet(pool, cohort, 1), told)

    for version in (2, 3, 4):
        minutes = chance.randrange(200, 400)
        amended, [event] = await amend(pool, cohort, 1, *an_arbitrary_sheet(chance, makers), actual_minutes=minutes)
        sheet = await look_at_sheet(pool, cohort, 1)
        assert isinstance(event, SessionAmended)
        assert (sheet.version, event.version, amended.amendment.version) == (version, version, version)
        assert (amended.counts, amended.attended_minutes) == (event.counts, event.attended_minutes)
        await check_ties_out(pool, sheet, event)


def an_arbitrary_sheet(chance: Random, makers: list[UUID]) -> list[Attendance]:
    marks: list[Callable[[UUID], Attendance]] = [present, absent, excused, not_hers, partial(late, minutes=90)]
    marks.append(partial(left_early, minutes=150))
    return [chance.choice(marks)(maker) for maker in makers if chance.random() < 0.6]


async def check_ties_out(pool: Pool, sheet: SessionSheet, told: SessionCompleted | SessionAmended) -> None:
    """The sum of the lines, what the sheet says they are, and what was told."""
    hers = [line for line in sheet.makers if line.status is not Status.NOT_APPLICABLE]
    assert sum(line.minutes or 0 for line in sheet.makers) == sheet.attended_minutes == told.attended_minutes
    assert len([line for line in hers if line.minutes]) == sheet.attended == told.attended
    assert sheet.counts == told.counts
    assert sum(sheet.counts.model_dump().values()) == len(hers)
    assert (sheet.actual_minutes, sheet.overrun_minutes) == (told.actual_minutes, told.overrun_minutes)
    stored = await pool.fetchval("SELECT sum(minutes) FROM attendance WHERE session_id = $1", sheet.session_id)
    assert stored == told.attended_minutes


async def test_an_unknown_session_or_cohort_is_not_found(database: Database) -> None:
    pool = await database("training")

    with pytest.raises(NotFound):
        await do(pool, views.get_session, GetSession(session_id=UUID(int=5)))
    with pytest.raises(NotFound):
        await do(pool, views.get_overruns, GetOverruns(cohort_id=UUID(int=5)))
