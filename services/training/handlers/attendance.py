"""Attendance sheets, and the end of a session."""

from uuid import UUID

from services.training.domain import attendance
from services.training.domain.attendance import SessionFacts, Span, Totals
from services.training.handlers.clashes import list_clashes_of_session
from services.training.handlers.people import refuse_anonymised
from services.training.storage import attendance as storage
from shared.contracts.message import Event
from shared.contracts.training import (
    AttendanceRecorded,
    CompleteSession,
    RecordAttendance,
    SessionClosed,
    SessionCompleted,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def record_attendance(command: Received[RecordAttendance], tx: Tx) -> tuple[AttendanceRecorded, list[Event]]:
    """The whole sheet or nothing. No event: what counts is told when the session is completed."""
    asked = command.data
    attendance.check_says_something(asked.entries, asked.others)
    named = attendance.read_sheet(asked.entries)
    session = await find_session(tx, asked.session_id)
    attendance.check_open(session)
    await refuse_anonymised(tx, [mark.maker_id for mark in named])
    seats = await storage.list_seats(tx, session.cohort_id)
    attendance.check_enrolled(named, seats)
    others = attendance.others(asked.others, session, seats, named)
    recorded = await storage.add_marks(tx, session, [*named, *others], command.now, command.actor)
    marked = {mark.maker_id for mark in await storage.list_marks(tx, session.session_id)}
    missing = [
        maker_id
        for maker_id, since in seats.items()
        if maker_id not in marked and attendance.applies(session.planned_start, since)
    ]
    return AttendanceRecorded(session_id=session.session_id, recorded=recorded, missing=missing), []


async def complete_session(command: Received[CompleteSession], tx: Tx) -> tuple[SessionClosed, list[Event]]:
    """Fixes what the session really was, and with it every maker's minutes."""
    held = Span(command.data.actual_start, command.data.actual_minutes)
    attendance.check_start(held.start, command.now)
    session = await find_session(tx, command.data.session_id)
    attendance.check_open(session)
    marks = await storage.list_marks(tx, session.session_id)
    unmarked = attendance.unmarked(held, await storage.list_seats(tx, session.cohort_id), marks)
    settled = attendance.settle([*marks, *unmarked], held)
    await storage.mark_completed(tx, command)
    await storage.add_marks(tx, session, unmarked, command.now, command.actor)
    await storage.mark_minutes(tx, session.session_id, settled)
    closed = _closed(session, held, attendance.sum_up(settled))
    told = SessionCompleted(
        cohort_id=session.cohort_id,
        craft=session.craft,
        number=session.number,
        **closed.model_dump(exclude={"clashes"}),
    )
    clashes = await list_clashes_of_session(tx, session.cohort_id, session.session_id)
    return closed.model_copy(update={"clashes": clashes}), [told]


async def find_session(tx: Tx, session_id: UUID) -> SessionFacts:
    """Locks it until the transaction ends. Raises NotFound."""
    session = await storage.lock_session(tx, session_id)
    if session is None:
        raise NotFound("session_not_found", f"There is no session {session_id}")
    return session


def _closed(session: SessionFacts, held: Span, totals: Totals) -> SessionClosed:
    return SessionClosed(
        session_id=session.session_id,
        planned_minutes=session.planned_minutes,
        actual_minutes=held.minutes,
        overrun_minutes=attendance.overrun(session.planned_minutes, held.minutes),
        attended=totals.attended,
        attended_minutes=totals.minutes,
        counts=totals.counts,
    )
