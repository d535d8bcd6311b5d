"""Sessions and the minutes of each maker: what is written of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.attendance import Mark, SessionFacts, Settled, Span
from shared.contracts.training import AttendanceStatus, CompleteSession, Craft
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def lock_session(tx: Tx, session_id: UUID) -> SessionFacts | None:
    """One change of a session at a time. What depends on it must be read by later statements, which see the rest."""
    row = await tx.fetchrow(
        """
        SELECT s.session_id, s.cohort_id, c.craft, s.number, s.planned_start, s.planned_minutes,
               s.actual_start, s.actual_minutes, s.completed_at, s.version
        FROM session s
        JOIN cohort c USING (cohort_id)
        WHERE s.session_id = $1
        FOR UPDATE OF s
        """,
        session_id,
    )
    return SessionFacts(**{**row, "craft": Craft(row["craft"])}) if row else None


async def get_cohort_of(tx: Tx, session_id: UUID) -> UUID | None:
    """Without a lock: a session never changes its cohort."""
    cohort_id: UUID | None = await tx.fetchval("SELECT cohort_id FROM session WHERE session_id = $1", session_id)
    return cohort_id


async def list_seats(tx: Tx, cohort_id: UUID) -> dict[UUID, datetime]:
    """The makers who have a seat, in the order in which they got it, and since when."""
    rows = await tx.fetch(
        """
        SELECT maker_id, enrolled_at FROM enrolment
        WHERE cohort_id = $1 AND state = 'enrolled'
        ORDER BY enrolled_at, maker_id
        """,
        cohort_id,
    )
    return {row["maker_id"]: row["enrolled_at"] for row in rows}


async def list_marks(tx: Tx, session_id: UUID) -> list[Mark]:
    """The sheet as it was told."""
    rows = await tx.fetch(
        """
        SELECT maker_id, status, told, arrived_at, left_at, named FROM attendance
        WHERE session_id = $1
        ORDER BY maker_id
        """,
        session_id,
    )
    return [as_mark(row) for row in rows]


def as_mark(row: Row) -> Mark:
    status = AttendanceStatus(row["status"])
    return Mark(row["maker_id"], status, row["told"], row["arrived_at"], row["left_at"], row["named"])


async def add_marks(tx: Tx, session: SessionFacts, marks: Sequence[Mark], at: datetime, by: str) -> int:
    """A sheet in one statement; how many makers it marked.

    A maker's earlier mark is replaced, except by one of the others where she was marked by name.
    """
    rows = await tx.fetch(
        """
        INSERT INTO attendance (session_id, cohort_id, maker_id, status, minutes, told, arrived_at, left_at, named,
                                recorded_at, recorded_by)
        SELECT $1, $2, maker_id, status, minutes, nullif(minutes, 0), arrived_at, left_at, named, $9, $10
        FROM unnest($3::uuid[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[], $8::boolean[])
            AS sheet (maker_id, status, minutes, arrived_at, left_at, named)
        ON CONFLICT (session_id, maker_id) DO UPDATE
        SET status = excluded.status,
            minutes = excluded.minutes,
            told = excluded.told,
            arrived_at = excluded.arrived_at,
            left_at = excluded.left_at,
            named = excluded.named,
            recorded_at = excluded.recorded_at,
            recorded_by = excluded.recorded_by
        WHERE excluded.named OR NOT attendance.named
        RETURNING maker_id
        """,
        session.session_id,
        session.cohort_id,
        [mark.maker_id for mark in marks],
        [mark.status for mark in marks],
        [mark.minutes for mark in marks],
        [mark.arrived_at for mark in marks],
        [mark.left_at for mark in marks],
        [mark.named for mark in marks],
        at,
        by,
    )
    return len(rows)


async def mark_minutes(tx: Tx, session_id: UUID, settled: Sequence[Settled]) -> None:
    """Everybody's minutes, as the session really was; who marked them when stays."""
    await tx.execute(
        """
        UPDATE attendance a
        SET minutes = settled.minutes
        FROM unnest($2::uuid[], $3::int[]) AS settled (maker_id, minutes)
        WHERE a.session_id = $1 AND a.maker_id = settled.maker_id AND a.minutes IS DISTINCT FROM settled.minutes
        """,
        session_id,
        [one.maker_id for one in settled],
        [one.minutes for one in settled],
    )


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


async def mark_amended(tx: Tx, session_id: UUID, version: int, span: Span) -> None:
    await tx.execute(
        "UPDATE session SET actual_start = $3, actual_minutes = $4, version = $2 WHERE session_id = $1",
        session_id,
        version,
        span.start,
        span.minutes,
    )
