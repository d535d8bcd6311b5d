"""Sessions and the minutes of each maker: what is written of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.attendance import Mark, SessionFacts
from shared.contracts.training import CompleteSession, Craft
from shared.db import Tx
from shared.runtime.envelope import Received


async def lock_session(tx: Tx, session_id: UUID) -> SessionFacts | None:
    """One change of a session at a time. What depends on it must be read by later statements, which see the rest."""
    row = await tx.fetchrow(
        """
        SELECT s.session_id, s.cohort_id, c.craft, s.number, s.planned_minutes, s.completed_at
        FROM session s
        JOIN cohort c USING (cohort_id)
        WHERE s.session_id = $1
        FOR UPDATE OF s
        """,
        session_id,
    )
    return SessionFacts(**{**row, "craft": Craft(row["craft"])}) if row else None


async def list_enrolled(tx: Tx, cohort_id: UUID) -> set[UUID]:
    rows = await tx.fetch(
        "SELECT maker_id FROM enrolment WHERE cohort_id = $1 AND state = 'enrolled'",
        cohort_id,
    )
    return {row["maker_id"] for row in rows}


async def add_marks(tx: Tx, session: SessionFacts, marks: Sequence[Mark], at: datetime, by: str) -> None:
    """A sheet in one statement; a maker's earlier mark is replaced."""
    await tx.execute(
        """
        INSERT INTO attendance (session_id, cohort_id, maker_id, status, minutes, recorded_at, recorded_by)
        SELECT $1, $2, maker_id, status, minutes, $6, $7
        FROM unnest($3::uuid[], $4::text[], $5::int[]) AS sheet (maker_id, status, minutes)
        ON CONFLICT (session_id, maker_id) DO UPDATE
        SET status = excluded.status,
            minutes = excluded.minutes,
            recorded_at = excluded.recorded_at,
            recorded_by = excluded.recorded_by
        """,
        session.session_id,
        session.cohort_id,
        [mark.maker_id for mark in marks],
        [mark.status for mark in marks],
        [mark.minutes for mark in marks],
        at,
        by,
    )


async def list_longer(tx: Tx, session_id: UUID, minutes: int) -> list[UUID]:
    """The makers who are recorded for more than `minutes`."""
    rows = await tx.fetch(
        """
        SELECT maker_id FROM attendance
        WHERE session_id = $1 AND minutes > $2
        ORDER BY maker_id
        """,
        session_id,
        minutes,
    )
    return [row["maker_id"] for row in rows]


async def mark_completed(tx: Tx, completion: Received[CompleteSession]) -> None:
    await tx.execute(
        """
        UPDATE session
        SET actual_start = $2, actual_minutes = $3, note = $4, completed_at = $5, completed_by = $6
        WHERE session_id = $1
        """,
        completion.data.session_id,
        completion.data.actual_start,
        completion.data.actual_minutes,
        completion.data.note,
        completion.now,
        completion.actor,
    )


async def mark_whole_session(tx: Tx, session_id: UUID, minutes: int) -> None:
    """Those who were there for all of it get the minutes that it really took."""
    await tx.execute(
        "UPDATE attendance SET minutes = $2 WHERE session_id = $1 AND minutes IS NULL",
        session_id,
        minutes,
    )


async def add_absences(tx: Tx, session: SessionFacts, at: datetime, by: str) -> None:
    """Enrolled makers whom no sheet names were not there."""
    await tx.execute(
        """
        INSERT INTO attendance (session_id, cohort_id, maker_id, status, minutes, recorded_at, recorded_by)
        SELECT $1, cohort_id, maker_id, 'absent', 0, $3, $4
        FROM enrolment
        WHERE cohort_id = $2 AND state = 'enrolled'
        ON CONFLICT (session_id, maker_id) DO NOTHING
        """,
        session.session_id,
        session.cohort_id,
        at,
        by,
    )


async def get_attended(tx: Tx, session_id: UUID) -> tuple[int, int]:
    """How many makers were there, and their minutes together."""
    row = await tx.fetchrow(
        """
        SELECT count(*) FILTER (WHERE minutes > 0) AS makers, coalesce(sum(minutes), 0) AS minutes
        FROM attendance
        WHERE session_id = $1
        """,
        session_id,
    )
    return (row["makers"], row["minutes"]) if row else (0, 0)
