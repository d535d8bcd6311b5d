"""Cohorts, their planned sessions and who is enrolled: what is written of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain.courses import CohortFacts, Taken
from shared.contracts.training import Cohort, Craft, Enrolment
from shared.db import Row, Tx


async def add_cohort(tx: Tx, cohort: Cohort, at: datetime, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO cohort (cohort_id, craft, title, rusun, trainer, capacity, required_share, curriculum,
                            curriculum_version, place, offer_seconds, opened_at, opened_by, practical_required)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        cohort.cohort_id,
        cohort.craft,
        cohort.title,
        cohort.rusun,
        cohort.trainer,
        cohort.capacity,
        cohort.required_share,
        cohort.curriculum,
        cohort.curriculum_version,
        cohort.place,
        cohort.offer_seconds,
        at,
        by,
        cohort.practical_required,
    )


async def add_sessions(tx: Tx, cohort: Cohort) -> None:
    await tx.execute(
        """
        INSERT INTO session (cohort_id, place, session_id, number, planned_start, planned_minutes, title)
        SELECT $1, $2, session_id, number, planned_start, planned_minutes, title
        FROM unnest($3::uuid[], $4::int[], $5::timestamptz[], $6::int[], $7::text[])
            AS planned (session_id, number, planned_start, planned_minutes, title)
        """,
        cohort.cohort_id,
        cohort.place,
        [session.session_id for session in cohort.sessions],
        [session.number for session in cohort.sessions],
        [session.planned_start for session in cohort.sessions],
        [session.planned_minutes for session in cohort.sessions],
        [session.title for session in cohort.sessions],
    )


async def add_trainers(tx: Tx, cohort_id: UUID, trainers: Sequence[UUID]) -> None:
    """They teach the cohort and, until somebody plans otherwise, every session of it that has not been held."""
    await tx.execute(
        """
        WITH given AS (
            SELECT trainer_id, number FROM unnest($2::uuid[]) WITH ORDINALITY AS listed (trainer_id, number)
        ), of_cohort AS (
            INSERT INTO cohort_trainer (cohort_id, number, trainer_id)
            SELECT $1, number, trainer_id FROM given
        )
        INSERT INTO session_trainer (session_id, number, trainer_id)
        SELECT session_id, given.number, trainer_id
        FROM session
        CROSS JOIN given
        WHERE cohort_id = $1 AND completed_at IS NULL
        """,
        cohort_id,
        trainers,
    )


async def lock_cohort(tx: Tx, cohort_id: UUID) -> CohortFacts | None:
    """One change of a cohort at a time. What depends on it must be read by later statements, which see the rest."""
    row = await tx.fetchrow(
        """
        SELECT cohort_id, craft, title, capacity, required_share, completed_at, practical_required, offer_seconds
        FROM cohort
        WHERE cohort_id = $1
        FOR UPDATE
        """,
        cohort_id,
    )
    return as_cohort(row) if row else None


def as_cohort(row: Row) -> CohortFacts:
    return CohortFacts(**{**row, "craft": Craft(row["craft"])})


async def get_taken(tx: Tx, cohort_id: UUID) -> Taken:
    row = await tx.fetchrow(
        """
        SELECT count(*) FILTER (WHERE state = 'enrolled') AS enrolled,
               count(*) FILTER (WHERE state = 'waitlisted') AS waiting,
               count(*) FILTER (WHERE state = 'offered') AS offered,
               count(*) FILTER (WHERE state = 'waitlisted' AND EXISTS (
                   SELECT FROM standing_consent c
                   WHERE c.maker_id = e.maker_id AND c.purpose = 'training' AND NOT c.granted)) AS unwilling
        FROM enrolment e
        WHERE cohort_id = $1
        """,
        cohort_id,
    )
    return Taken(**row) if row else Taken(0, 0)


async def add_enrolment(tx: Tx, enrolment: Enrolment, trained_before: bool, at: datetime, by: str) -> bool:
    """False when the maker is in the cohort already, with a seat or waiting for one. Who had left begins anew."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO enrolment (cohort_id, maker_id, state, position, trained_before, enrolled_at, enrolled_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (cohort_id, maker_id) DO UPDATE
            SET state = excluded.state,
                position = excluded.position,
                trained_before = excluded.trained_before,
                line_no = excluded.line_no,
                enrolled_at = excluded.enrolled_at,
                enrolled_by = excluded.enrolled_by
            WHERE enrolment.state IN ('cancelled', 'expired')
            RETURNING true
            """,
            enrolment.cohort_id,
            enrolment.maker_id,
            enrolment.state,
            enrolment.position,
            trained_before,
            at,
            by,
        )
    )
