"""The end of a cohort: what its decisions need, and the certificates."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.completion import Attended, Held
from shared.db import Tx


async def get_held(tx: Tx, cohort_id: UUID) -> Held:
    row = await tx.fetchrow(
        """
        SELECT count(*) FILTER (WHERE completed_at IS NULL) AS open_sessions,
               coalesce(sum(actual_minutes), 0) AS minutes
        FROM session
        WHERE cohort_id = $1
        """,
        cohort_id,
    )
    return Held(**row) if row else Held(0, 0)


async def list_attended(tx: Tx, cohort_id: UUID) -> list[Attended]:
    """The enrolled makers, in the order in which they enrolled, each with all her minutes."""
    rows = await tx.fetch(
        """
        SELECT e.maker_id, coalesce(sum(a.minutes), 0) AS minutes
        FROM enrolment e
        LEFT JOIN attendance a USING (cohort_id, maker_id)
        WHERE e.cohort_id = $1 AND e.state = 'enrolled'
        GROUP BY e.maker_id, e.enrolled_at
        ORDER BY e.enrolled_at, e.maker_id
        """,
        cohort_id,
    )
    return [Attended(**row) for row in rows]


async def mark_enrolments(tx: Tx, cohort_id: UUID, completed: Sequence[UUID]) -> None:
    """Ends the enrolment of everybody who had a seat, one way or the other."""
    await tx.execute(
        """
        UPDATE enrolment
        SET state = CASE WHEN maker_id = ANY ($2::uuid[]) THEN 'completed' ELSE 'not_completed' END
        WHERE cohort_id = $1 AND state = 'enrolled'
        """,
        cohort_id,
        completed,
    )


async def mark_completed(tx: Tx, cohort_id: UUID, at: datetime, by: str) -> None:
    await tx.execute(
        "UPDATE cohort SET completed_at = $2, completed_by = $3 WHERE cohort_id = $1",
        cohort_id,
        at,
        by,
    )


async def get_minutes(tx: Tx, cohort_id: UUID, maker_id: UUID) -> int:
    """Hers, in the closed sessions of the cohort that are hers."""
    minutes: int | None = await tx.fetchval(
        "SELECT minutes FROM progress WHERE cohort_id = $1 AND maker_id = $2", cohort_id, maker_id
    )
    return minutes or 0
