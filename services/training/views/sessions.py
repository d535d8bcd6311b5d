"""A session's sheet, its amendments, and how much longer the sessions of a cohort took than they were planned."""

from collections.abc import Sequence
from uuid import UUID

from services.training.domain import attendance
from services.training.domain.attendance import Totals
from services.training.storage.attendance import as_mark
from shared.contracts.training import (
    AmendedMark,
    Amendment,
    Amendments,
    AttendanceStatus,
    GetOverruns,
    GetSession,
    ListAmendments,
    Overruns,
    SessionOverrun,
    SessionSheet,
    SheetLine,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def get_session(query: Received[GetSession], tx: Tx) -> SessionSheet:
    """Everybody who has a seat, or is on the sheet, by name."""
    session = await tx.fetchrow(
        """
        SELECT s.session_id, s.cohort_id, c.craft, c.title, s.number, s.planned_start, s.planned_minutes,
               s.actual_start, s.actual_minutes, s.note, s.completed_at, s.version
        FROM session s
        JOIN cohort c USING (cohort_id)
        WHERE s.session_id = $1
        """,
        query.data.session_id,
    )
    if session is None:
        raise NotFound("session_not_found", f"There is no session {query.data.session_id}")
    lines = [_line(session, row) for row in await _read_lines(tx, session)]
    return _sheet(session, lines, await _sum_up(tx, session["session_id"]))


async def list_amendments(query: Received[ListAmendments], tx: Tx) -> Amendments:
    asked = query.data
    if not await tx.fetchval("SELECT true FROM session WHERE session_id = $1", asked.session_id):
        raise NotFound("session_not_found", f"There is no session {asked.session_id}")
    rows = await tx.fetch(
        """
        SELECT session_id, version, reason, amended_at, amended_by,
               earlier_start, earlier_minutes, actual_start, actual_minutes
        FROM session_amendment
        WHERE session_id = $1 AND ($2::bigint IS NULL OR version > $2)
        ORDER BY version
        LIMIT $3
        """,
        asked.session_id,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    marks = await _read_amended(tx, asked.session_id, [row["version"] for row in shown])
    items = [Amendment(**row, marks=marks.get(row["version"], [])) for row in shown]
    return Amendments(items=items, next=encode_cursor(items[-1].version) if len(rows) > len(shown) else None)


async def get_overruns(query: Received[GetOverruns], tx: Tx) -> Overruns:
    """For the trainer's fee: the completed sessions, by number."""
    cohort_id = query.data.cohort_id
    cohort = await tx.fetchrow("SELECT trainer FROM cohort WHERE cohort_id = $1", cohort_id)
    if cohort is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    rows = await tx.fetch(
        """
        SELECT session_id, number, planned_minutes, actual_start, actual_minutes, version FROM session
        WHERE cohort_id = $1 AND completed_at IS NOT NULL
        ORDER BY number
        """,
        cohort_id,
    )
    sessions = [
        SessionOverrun(**row, overrun_minutes=attendance.overrun(row["planned_minutes"], row["actual_minutes"]))
        for row in rows
    ]
    return Overruns(
        cohort_id=cohort_id,
        trainer=cohort["trainer"],
        sessions=sessions,
        planned_minutes=sum([one.planned_minutes for one in sessions]),
        actual_minutes=sum([one.actual_minutes for one in sessions]),
        overrun_minutes=sum([one.overrun_minutes for one in sessions]),
    )


def _sheet(session: Row, lines: Sequence[SheetLine], totals: Totals) -> SessionSheet:
    state = "open" if session["completed_at"] is None else "completed" if session["version"] == 1 else "amended"
    actual = session["actual_minutes"]
    return SessionSheet(
        **session,
        state=state,
        overrun_minutes=None if actual is None else attendance.overrun(session["planned_minutes"], actual),
        counts=totals.counts,
        attended=totals.attended,
        attended_minutes=totals.minutes,
        missing=[line.maker_id for line in lines if line.status is None],
        makers=list(lines),
    )


async def _read_lines(tx: Tx, session: Row) -> list[Row]:
    return await tx.fetch(
        """
        SELECT e.maker_id, m.name, e.enrolled_at, a.status, a.minutes, a.arrived_at, a.left_at,
               a.recorded_at, a.recorded_by
        FROM enrolment e
        JOIN maker m USING (maker_id)
        LEFT JOIN attendance a ON a.session_id = $2 AND a.maker_id = e.maker_id
        WHERE e.cohort_id = $1
          AND (e.state IN ('enrolled', 'completed', 'not_completed') OR a.session_id IS NOT NULL)
        ORDER BY lower(m.name), e.maker_id
        """,
        session["cohort_id"],
        session["session_id"],
    )


def _line(session: Row, row: Row) -> SheetLine:
    """Who has no mark is still missing, or the session is none of hers: it was closed, or held, before she came."""
    fields = {name: value for name, value in row.items() if name != "enrolled_at"}
    if row["status"] is None and (
        session["completed_at"] or not attendance.applies(session["planned_start"], row["enrolled_at"])
    ):
        fields |= {"status": AttendanceStatus.NOT_APPLICABLE, "minutes": 0}
    return SheetLine(**fields)


async def _sum_up(tx: Tx, session_id: UUID) -> Totals:
    """Of the marks that there are."""
    rows = await tx.fetch(
        "SELECT maker_id, status, minutes AS told, arrived_at, left_at, named FROM attendance WHERE session_id = $1",
        session_id,
    )
    return attendance.sum_up([as_mark(row) for row in rows])


async def _read_amended(tx: Tx, session_id: UUID, versions: Sequence[int]) -> dict[int, list[AmendedMark]]:
    rows = await tx.fetch(
        """
        SELECT version, maker_id, earlier_status, earlier_minutes, status, minutes FROM attendance_amendment
        WHERE session_id = $1 AND version = ANY ($2::int[])
        ORDER BY version, maker_id
        """,
        session_id,
        versions,
    )
    return {version: [AmendedMark(**row) for row in rows if row["version"] == version] for version in versions}
