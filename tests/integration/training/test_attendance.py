"""Sheets and held sessions on a real database."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.training.handlers import attendance
from shared.contracts.training import CompleteSession, Craft, RecordAttendance, SessionCompleted, StatusCounts
from shared.db import Pool, Tx
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    Database,
    a_class,
    a_completion,
    absent,
    do,
    do_behind,
    enrol,
    hold,
    late,
    look_at,
    present,
    received,
    record,
    register,
    session_id,
)


async def minutes_of(pool: Pool, session: UUID) -> dict[UUID, tuple[str, int | None]]:
    rows = await pool.fetch("SELECT maker_id, status, minutes FROM attendance WHERE session_id = $1", session)
    return {row["maker_id"]: (row["status"], row["minutes"]) for row in rows}


async def test_a_later_sheet_replaces_marks_and_keeps_the_others(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati, sari] = await a_class(pool, makers=3)

    assert await record(pool, cohort, 1, present(ani), absent(wati)) == 2
    assert await record(pool, cohort, 1, late(wati, 90), present(sari, 100)) == 2

    assert await minutes_of(pool, session_id(cohort, 1)) == {
        ani: ("present", None),
        wati: ("late", 90),
        sari: ("present", 100),
    }


async def test_a_maker_twice_on_one_sheet_counts_by_her_later_entry(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)

    assert await record(pool, cohort, 1, absent(ani), late(ani, 45)) == 1

    assert await minutes_of(pool, session_id(cohort, 1)) == {ani: ("late", 45)}


async def test_a_sheet_with_a_stranger_or_somebody_waiting_is_refused_as_a_whole(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, capacity=1)
    waiting = (await register(pool)).maker_id
    await enrol(pool, cohort, waiting)

    with pytest.raises(Rejected) as refused:
        await record(pool, cohort, 1, present(ani), present(waiting), present(UUID(int=1)))

    assert refused.value.code == "not_enrolled"
    assert str(waiting) in refused.value.detail
    assert str(UUID(int=1)) in refused.value.detail
    assert await minutes_of(pool, session_id(cohort, 1)) == {}


async def test_a_held_session_tells_what_it_was_planned_and_what_it_was(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati, sari, dewi] = await a_class(pool, makers=4)
    await record(pool, cohort, 1, present(ani), late(wati, 200), absent(sari))

    closed, events = await do(pool, attendance.complete_session, a_completion(cohort, 1, minutes=330))

    assert events == [
        SessionCompleted(
            session_id=session_id(cohort, 1),
            cohort_id=cohort.cohort_id,
            craft=Craft.BATIK,
            number=1,
            planned_minutes=180,
            actual_minutes=330,
            attended=2,
            attended_minutes=530,
            overrun_minutes=150,
            counts=StatusCounts(present=1, late=1, left_early=0, excused=0, absent=2),
        )
    ]
    assert (closed.attended, closed.attended_minutes) == (2, 530)
    assert await minutes_of(pool, session_id(cohort, 1)) == {
        ani: ("present", 330),
        wati: ("late", 200),
        sari: ("absent", 0),
        dewi: ("absent", 0),
    }
    seen = (await look_at(pool, cohort)).sessions[0]
    assert (seen.actual_minutes, seen.completed_at) == (330, NOON)


async def test_minutes_show_in_the_cohort_when_their_session_is_completed(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    await record(pool, cohort, 2, late(ani, 60))

    assert [e.minutes for e in (await look_at(pool, cohort)).enrolments] == [300]

    await do(pool, attendance.complete_session, a_completion(cohort, 2, minutes=180))
    assert [e.minutes for e in (await look_at(pool, cohort)).enrolments] == [360]


async def test_a_session_is_completed_once_even_by_two_at_once(database: Database) -> None:
    pool = await database("training")
    cohort, _ = await a_class(pool, makers=1)

    async def complete_first(tx: Tx) -> None:
        await attendance.complete_session(received(a_completion(cohort, 1, minutes=200)), tx)

    again = await do_behind(
        pool, complete_first, do(pool, attendance.complete_session, a_completion(cohort, 1, minutes=300))
    )

    assert isinstance(again, Rejected)
    assert again.code == "already_completed"
    assert (await look_at(pool, cohort)).sessions[0].actual_minutes == 200


async def test_a_sheet_that_comes_while_the_session_is_completed_is_too_late(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)

    async def complete_first(tx: Tx) -> None:
        await attendance.complete_session(received(a_completion(cohort, 1)), tx)

    late_sheet = await do_behind(pool, complete_first, record(pool, cohort, 1, present(ani)))

    assert isinstance(late_sheet, Rejected)
    assert await minutes_of(pool, session_id(cohort, 1)) == {ani: ("absent", 0)}


async def test_a_completed_session_takes_no_sheet(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    await hold(pool, cohort, 1, 300, [late(ani, 10)])

    with pytest.raises(Rejected) as refused:
        await record(pool, cohort, 1, present(ani))

    assert refused.value.code == "already_completed"
    assert await minutes_of(pool, session_id(cohort, 1)) == {ani: ("late", 10)}


async def test_nobody_was_there_longer_than_the_session(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati] = await a_class(pool, makers=2)
    await record(pool, cohort, 1, late(ani, 181), late(wati, 180))

    with pytest.raises(Rejected) as refused:
        await do(pool, attendance.complete_session, a_completion(cohort, 1, minutes=180))

    assert refused.value.code == "minutes_exceed_session"
    assert str(ani) in refused.value.detail
    assert str(wati) not in refused.value.detail
    assert (await look_at(pool, cohort)).sessions[0].completed_at is None


async def test_a_session_that_has_not_begun_is_not_completed(database: Database) -> None:
    pool = await database("training")
    cohort, _ = await a_class(pool, makers=1)

    with pytest.raises(Invalid) as refused:
        to_come = a_completion(cohort, 1, start=NOON + timedelta(seconds=1))
        await do(pool, attendance.complete_session, to_come)

    assert refused.value.errors[0]["field"] == "actual_start"


async def test_an_unknown_session_is_not_found(database: Database) -> None:
    pool = await database("training")
    nowhere = UUID(int=5)

    with pytest.raises(NotFound):
        sheet = RecordAttendance(session_id=nowhere, entries=[present(UUID(int=1))])
        await do(pool, attendance.record_attendance, sheet)
    with pytest.raises(NotFound):
        held = CompleteSession(session_id=nowhere, actual_start=NOON, actual_minutes=60)
        await do(pool, attendance.complete_session, held)
