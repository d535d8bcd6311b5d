"""Attendance sheets, and the end of a session."""

from uuid import UUID

from services.training.domain import attendance
from services.training.domain.attendance import SessionFacts
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
    marks = attendance.read_sheet(command.data.entries)
    session = await _open_session(tx, command.data.session_id)
    await refuse_anonymised(tx, [entry.maker_id for entry in command.data.entries])
    attendance.check_enrolled(marks, await storage.list_enrolled(tx, session.cohort_id))
    await storage.add_marks(tx, session, marks, command.now, command.actor)
    return AttendanceRecorded(session_id=session.session_id, recorded=len(marks)), []


async def complete_session(command: Received[CompleteSession], tx: Tx) -> tuple[SessionClosed, list[Event]]:
    """Fixes what the session really was, and with it every maker's minutes."""
    actual_minutes = command.data.actual_minutes
    attendance.check_start(command.data.actual_start, command.now)
    session = await _open_session(tx, command.data.session_id)
    longer = await storage.list_longer(tx, session.session_id, actual_minutes)
    attendance.check_minutes(longer, actual_minutes)
    await storage.mark_completed(tx, command)
    await storage.mark_whole_session(tx, session.session_id, actual_minutes)
    await storage.add_absences(tx, session, command.now, command.actor)
    attended, attended_minutes = await storage.get_attended(tx, session.session_id)
    closed = SessionClosed(
        session_id=session.session_id,
        planned_minutes=session.planned_minutes,
        actual_minutes=actual_minutes,
        attended=attended,
        attended_minutes=attended_minutes,
    )
    return closed, [_completed(session, closed)]


async def _open_session(tx: Tx, session_id: UUID) -> SessionFacts:
    session = await storage.lock_session(tx, session_id)
    if session is None:
        raise NotFound("session_not_found", f"There is no session {session_id}")
    attendance.check_open(session)
    return session


def _completed(session: SessionFacts, closed: SessionClosed) -> SessionCompleted:
    return SessionCompleted(
        session_id=session.session_id,
        cohort_id=session.cohort_id,
        craft=session.craft,
        number=session.number,
        planned_minutes=session.planned_minutes,
        actual_minutes=closed.actual_minutes,
        attended=closed.attended,
        attended_minutes=closed.attended_minutes,
    )
