"""Seats and the waiting line: what is written of them, under the cohort's lock."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.courses import CohortFacts, EnrolmentState
from services.training.domain.seats import Deed, Standing, Waiting
from services.training.storage.courses import as_cohort
from shared.db import Tx


async def claim_due_cohort(tx: Tx, now: datetime) -> CohortFacts | None:
    """A cohort, locked, in which somebody did not answer in time; None when there is none that nobody works at."""
    row = await tx.fetchrow(
        """
        SELECT c.cohort_id, c.craft, c.title, c.capacity, c.required_share, c.completed_at,
               c.practical_required, c.offer_seconds
        FROM cohort c
        WHERE EXISTS (
            SELECT FROM enrolment e
            WHERE e.cohort_id = c.cohort_id AND e.state = 'offered' AND e.offer_expires_at <= $1
        )
        LIMIT 1
        FOR UPDATE SKIP LOCKED
        """,
        now,
    )
    return as_cohort(row) if row else None


async def list_hopes(tx: Tx, maker_id: UUID) -> set[UUID]:
    """The open cohorts in which she waits for a seat, or in which one is held for her."""
    rows = await tx.fetch(
        """
        SELECT e.cohort_id
        FROM enrolment e
        JOIN cohort c USING (cohort_id)
        WHERE e.maker_id = $1 AND e.state IN ('offered', 'waitlisted') AND c.completed_at IS NULL
        """,
        maker_id,
    )
    return {row["cohort_id"] for row in rows}


async def lock_cohorts(tx: Tx, cohorts: Collection[UUID]) -> list[CohortFacts]:
    """Always in the same order; those of them that are still open."""
    rows = await tx.fetch(
        """
        SELECT cohort_id, craft, title, capacity, required_share, completed_at, practical_required, offer_seconds
        FROM cohort
        WHERE cohort_id = ANY ($1::uuid[]) AND completed_at IS NULL
        ORDER BY cohort_id
        FOR UPDATE
        """,
        cohorts,
    )
    return [as_cohort(row) for row in rows]


async def get_standing(tx: Tx, cohort_id: UUID, maker_id: UUID) -> Standing | None:
    row = await tx.fetchrow(
        "SELECT state, offer_expires_at FROM enrolment WHERE cohort_id = $1 AND maker_id = $2",
        cohort_id,
        maker_id,
    )
    return Standing(maker_id, EnrolmentState(row["state"]), row["offer_expires_at"]) if row else None


async def has_completed_a_cohort(tx: Tx, maker_id: UUID) -> bool:
    found: bool = await tx.fetchval(
        "SELECT EXISTS (SELECT FROM enrolment WHERE maker_id = $1 AND state = 'completed')",
        maker_id,
    )
    return found


async def list_waiting(tx: Tx, cohort_id: UUID) -> list[Waiting]:
    rows = await tx.fetch(
        """
        SELECT maker_id, trained_before, line_no
        FROM enrolment
        WHERE cohort_id = $1 AND state = 'waitlisted'
        """,
        cohort_id,
    )
    return [Waiting(**row) for row in rows]


async def list_unwilling(tx: Tx, makers: Sequence[UUID]) -> set[UUID]:
    """Those of them who have taken back their consent to be trained: they may agree again, and keep their place."""
    rows = await tx.fetch(
        """
        SELECT maker_id FROM standing_consent
        WHERE maker_id = ANY ($1::uuid[]) AND purpose = 'training' AND NOT granted
        """,
        makers,
    )
    return {row["maker_id"] for row in rows}


async def mark_positions(tx: Tx, cohort_id: UUID, line: Sequence[UUID]) -> None:
    """From 1, in this order; those whose position does not change are left alone."""
    await tx.execute(
        """
        UPDATE enrolment e
        SET position = line.position
        FROM unnest($2::uuid[]) WITH ORDINALITY AS line (maker_id, position)
        WHERE e.cohort_id = $1 AND e.maker_id = line.maker_id AND e.position IS DISTINCT FROM line.position
        """,
        cohort_id,
        line,
    )


async def mark_offered(tx: Tx, cohort_id: UUID, makers: Sequence[UUID], expires_at: datetime) -> None:
    await tx.execute(
        """
        UPDATE enrolment
        SET state = 'offered', position = NULL, offer_expires_at = $3
        WHERE cohort_id = $1 AND maker_id = ANY ($2::uuid[])
        """,
        cohort_id,
        makers,
        expires_at,
    )


async def mark_accepted(tx: Tx, cohort_id: UUID, maker_id: UUID, at: datetime) -> None:
    """She is enrolled from now on: what was held before is not hers to have missed."""
    await tx.execute(
        """
        UPDATE enrolment
        SET state = 'enrolled', offer_expires_at = NULL, enrolled_at = $3
        WHERE cohort_id = $1 AND maker_id = $2
        """,
        cohort_id,
        maker_id,
        at,
    )


async def mark_cancelled(tx: Tx, cohort_id: UUID, maker_id: UUID) -> None:
    await tx.execute(
        """
        UPDATE enrolment
        SET state = 'cancelled', position = NULL, offer_expires_at = NULL
        WHERE cohort_id = $1 AND maker_id = $2
        """,
        cohort_id,
        maker_id,
    )


async def mark_expired(tx: Tx, cohort_id: UUID, now: datetime) -> list[UUID]:
    """The makers who did not answer in time."""
    rows = await tx.fetch(
        """
        UPDATE enrolment
        SET state = 'expired', offer_expires_at = NULL
        WHERE cohort_id = $1 AND state = 'offered' AND offer_expires_at <= $2
        RETURNING maker_id
        """,
        cohort_id,
        now,
    )
    return sorted([row["maker_id"] for row in rows])


async def mark_capacity(tx: Tx, cohort_id: UUID, capacity: int) -> None:
    await tx.execute("UPDATE cohort SET capacity = $2 WHERE cohort_id = $1", cohort_id, capacity)


async def forget_reasons(tx: Tx, maker_id: UUID) -> None:
    """What was written about why she left. For a maker of whom nothing private is to stay."""
    await tx.execute(
        "UPDATE enrolment_step SET reason = NULL WHERE maker_id = $1 AND reason IS NOT NULL",
        maker_id,
    )


async def add_steps(tx: Tx, cohort_id: UUID, makers: Sequence[UUID], deed: Deed) -> None:
    """What became of them just now, as their enrolments say."""
    await tx.execute(
        """
        INSERT INTO enrolment_step (cohort_id, maker_id, state, at, by, reason)
        SELECT cohort_id, maker_id, state, $3, $4, $5
        FROM enrolment
        WHERE cohort_id = $1 AND maker_id = ANY ($2::uuid[])
        ORDER BY line_no
        """,
        cohort_id,
        makers,
        deed.at,
        deed.by,
        deed.reason,
    )
