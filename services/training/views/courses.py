"""Cohorts: their sessions, and who is in them."""

from uuid import UUID

from services.training.domain.completion import required_minutes
from shared.contracts.training import Cohort, EnrolmentView, GetCohort, SessionView
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def get_cohort(query: Received[GetCohort], tx: Tx) -> Cohort:
    """With its sessions by number; enrolled makers first, then the waiting line."""
    cohort_id = query.data.cohort_id
    row = await tx.fetchrow(
        """
        SELECT cohort_id, craft, title, rusun, trainer, capacity, required_share, practical_required, completed_at
        FROM cohort
        WHERE cohort_id = $1
        """,
        cohort_id,
    )
    if row is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    sessions, enrolments = (
        await _read_sessions(tx, cohort_id),
        await _read_enrolments(tx, cohort_id, row["required_share"]),
    )
    return Cohort(**row, sessions=sessions, enrolments=enrolments)


async def _read_sessions(tx: Tx, cohort_id: UUID) -> list[SessionView]:
    rows = await tx.fetch(
        """
        SELECT session_id, number, planned_start, planned_minutes, actual_start, actual_minutes, completed_at
        FROM session
        WHERE cohort_id = $1
        ORDER BY number
        """,
        cohort_id,
    )
    return [SessionView(**row) for row in rows]


async def _read_enrolments(tx: Tx, cohort_id: UUID, required_share: int) -> list[EnrolmentView]:
    rows = await tx.fetch(
        """
        SELECT e.maker_id, e.state, e.position, i.number AS certificate, p.minutes, p.taught
        FROM enrolment e
        JOIN progress p USING (cohort_id, maker_id)
        LEFT JOIN certificate i ON i.cohort_id = e.cohort_id AND i.maker_id = e.maker_id AND i.state = 'valid'
        WHERE e.cohort_id = $1
        ORDER BY e.position NULLS FIRST, e.enrolled_at, e.maker_id
        """,
        cohort_id,
    )
    return [EnrolmentView(**row, required_minutes=required_minutes(row["taught"], required_share)) for row in rows]
