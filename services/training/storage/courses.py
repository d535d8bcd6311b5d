"""Cohorts, their planned sessions and who is enrolled: what is written of them."""

from datetime import datetime
from uuid import UUID

from services.training.domain.courses import CohortFacts, Taken
from shared.contracts.training import Cohort, Craft, Enrolment
from shared.db import Tx


async def add_cohort(tx: Tx, cohort: Cohort, at: datetime, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO cohort (cohort_id, craft, title, rusun, trainer, capacity, required_share, opened_at, opened_by,
                            practical_required)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        cohort.cohort_id,
        cohort.craft,
        cohort.title,
        cohort.rusun,
        cohort.trainer,
        cohort.capacity,
        cohort.required_share,
        at,
        by,
        cohort.practical_required,
    )


async def add_sessions(tx: Tx, cohort: Cohort) -> None:
    await tx.execute(
        """
        INSERT INTO session (cohort_id, session_id, number, planned_start, planned_minutes)
        SELECT $1, session_id, number, planned_start, planned_minutes
        FROM unnest($2::uuid[], $3::int[], $4::timestamptz[], $5::int[])
            AS planned (session_id, number, planned_start, planned_minutes)
        """,
        cohort.cohort_id,
        [session.session_id for session in cohort.sessions],
        [session.number for session in cohort.sessions],
        [session.planned_start for session in cohort.sessions],
        [session.planned_minutes for session in cohort.sessions],
    )


async def lock_cohort(tx: Tx, cohort_id: UUID) -> CohortFacts | None:
    """One change of a cohort at a time. What depends on it must be read by later statements, which see the rest."""
    row = await tx.fetchrow(
        """
        SELECT cohort_id, craft, title, capacity, required_share, completed_at, practical_required
        FROM cohort
        WHERE cohort_id = $1
        FOR UPDATE
        """,
        cohort_id,
    )
    return CohortFacts(**{**row, "craft": Craft(row["craft"])}) if row else None


async def get_taken(tx: Tx, cohort_id: UUID) -> Taken:
    row = await tx.fetchrow(
        """
        SELECT count(*) FILTER (WHERE state = 'enrolled') AS enrolled,
               count(*) FILTER (WHERE state = 'waitlisted') AS waiting
        FROM enrolment
        WHERE cohort_id = $1
        """,
        cohort_id,
    )
    return Taken(**row) if row else Taken(0, 0)


async def add_enrolment(tx: Tx, enrolment: Enrolment, at: datetime, by: str) -> bool:
    """False when the maker is in the cohort already, with a seat or waiting for one."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO enrolment (cohort_id, maker_id, state, position, enrolled_at, enrolled_by)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (cohort_id, maker_id) DO NOTHING
            RETURNING true
            """,
            enrolment.cohort_id,
            enrolment.maker_id,
            enrolment.state,
            enrolment.position,
            at,
            by,
        )
    )
