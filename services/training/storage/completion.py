"""The end of a cohort: what its decisions need, and what becomes of the makers in it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.completion import Learner
from services.training.domain.courses import EnrolmentState
from shared.contracts.training import RecordPractical
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def count_open(tx: Tx, cohort_id: UUID) -> int:
    """The sessions that are not completed."""
    found: int = await tx.fetchval(
        "SELECT count(*) FROM session WHERE cohort_id = $1 AND completed_at IS NULL", cohort_id
    )
    return found


async def get_last_start(tx: Tx, cohort_id: UUID) -> datetime | None:
    """When its last session really began; None when none was held."""
    found: datetime | None = await tx.fetchval("SELECT max(actual_start) FROM session WHERE cohort_id = $1", cohort_id)
    return found


async def list_learners(tx: Tx, cohort_id: UUID) -> list[Learner]:
    """Everybody who has a seat or had one to the end, in the order in which they enrolled."""
    rows = await tx.fetch(
        """
        SELECT e.maker_id, e.state, p.minutes, p.taught, w.accepted AS piece
        FROM enrolment e
        JOIN progress p USING (cohort_id, maker_id)
        LEFT JOIN latest_practical w USING (cohort_id, maker_id)
        WHERE e.cohort_id = $1 AND e.state IN ('enrolled', 'completed', 'not_completed')
        ORDER BY e.enrolled_at, e.maker_id
        """,
        cohort_id,
    )
    return [as_learner(row) for row in rows]


def as_learner(row: Row) -> Learner:
    return Learner(row["maker_id"], EnrolmentState(row["state"]), row["minutes"], row["taught"], row["piece"])


async def mark_enrolments(tx: Tx, cohort_id: UUID, makers: Sequence[UUID], state: EnrolmentState) -> None:
    """How it ended for these makers."""
    await tx.execute(
        "UPDATE enrolment SET state = $3 WHERE cohort_id = $1 AND maker_id = ANY ($2::uuid[])", cohort_id, makers, state
    )


async def mark_completed(tx: Tx, cohort_id: UUID, at: datetime, by: str) -> None:
    await tx.execute(
        "UPDATE cohort SET completed_at = $2, completed_by = $3 WHERE cohort_id = $1",
        cohort_id,
        at,
        by,
    )


async def add_practical(tx: Tx, command: Received[RecordPractical]) -> None:
    await tx.execute(
        """
        INSERT INTO practical (cohort_id, maker_id, accepted, piece, note, recorded_at, recorded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        command.data.cohort_id,
        command.data.maker_id,
        command.data.accepted,
        command.data.piece,
        command.data.note,
        command.now,
        command.actor,
    )


async def forget_notes(tx: Tx, maker_id: UUID) -> None:
    """What was written about her pieces. For a maker of whom nothing private is to stay."""
    await tx.execute("UPDATE practical SET note = NULL WHERE maker_id = $1 AND note IS NOT NULL", maker_id)
