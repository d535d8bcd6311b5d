"""Cohorts: one with all that belongs to it, and lists of them."""

from services.training.storage import cohorts as storage
from shared.contracts.training import Cohort, GetCohort
from shared.contracts.training.planning import CohortHead, Cohorts, ListCohorts
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor


async def get_cohort(query: Received[GetCohort], tx: Tx) -> Cohort:
    """Raises NotFound."""
    cohort = await storage.get_cohort(tx, query.data.cohort_id)
    if cohort is None:
        raise NotFound("cohort_not_found", f"There is no cohort {query.data.cohort_id}")
    return cohort


async def list_cohorts(query: Received[ListCohorts], tx: Tx) -> Cohorts:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT c.cohort_id, c.craft, c.title, c.rusun, c.trainer, c.curriculum, c.capacity, c.opened_at,
               c.completed_at, e.enrolled, e.offered, e.waiting,
               s.sessions, s.sessions_held, s.first_start, s.last_start
        FROM cohort c
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state IN ('enrolled', 'completed', 'not_completed')) AS enrolled,
                   count(*) FILTER (WHERE state = 'offered') AS offered,
                   count(*) FILTER (WHERE state = 'waitlisted') AS waiting
            FROM enrolment WHERE cohort_id = c.cohort_id
        ) e
        CROSS JOIN LATERAL (
            SELECT count(*) AS sessions, count(completed_at) AS sessions_held,
                   min(planned_start) AS first_start, max(planned_start) AS last_start
            FROM session WHERE cohort_id = c.cohort_id
        ) s
        WHERE ($1::text IS NULL OR c.rusun = $1)
          AND ($2::text IS NULL OR c.craft = $2)
          AND ($3::text IS NULL OR (c.completed_at IS NULL) = ($3 = 'open'))
          AND ($4::timestamptz IS NULL OR (c.opened_at, c.cohort_id) < ($4, $5::uuid))
        ORDER BY c.opened_at DESC, c.cohort_id DESC
        LIMIT $6
        """,
        asked.rusun,
        asked.craft,
        asked.state,
        *decode_place(asked.cursor),
        asked.limit + 1,
    )
    items = [CohortHead(**row) for row in rows[: asked.limit]]
    more = len(rows) > len(items)
    return Cohorts(items=items, next=encode_cursor(items[-1].opened_at, items[-1].cohort_id) if more else None)
