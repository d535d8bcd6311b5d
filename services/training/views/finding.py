"""Sessions by day, and the cohorts of one maker."""

from datetime import datetime, time, timedelta

from services.training.domain.calendar import JAKARTA
from services.training.views.people import find_maker
from shared.contracts.training.finding import (
    HerEnrolment,
    HerEnrolments,
    ListEnrolments,
    ListSessions,
    SessionHead,
    SessionList,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor


async def list_sessions(query: Received[ListSessions], tx: Tx) -> SessionList:
    """By time; none when the days do not follow each other."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT s.session_id, s.cohort_id, c.craft, c.title, c.rusun, s.number, s.title AS topic, s.planned_start,
               s.planned_minutes, s.place, s.completed_at,
               ARRAY (
                   SELECT trainer_id FROM session_trainer t WHERE t.session_id = s.session_id ORDER BY t.number
               ) AS trainers,
               (SELECT count(*) FROM enrolment e
                WHERE e.cohort_id = s.cohort_id AND e.state IN ('enrolled', 'completed', 'not_completed')) AS enrolled
        FROM session s
        JOIN cohort c USING (cohort_id)
        WHERE s.planned_start >= $1 AND s.planned_start < $2
          AND ($3::text IS NULL OR c.rusun = $3)
          AND ($4::text IS NULL OR s.place = $4)
          AND ($5::uuid IS NULL OR EXISTS (
              SELECT FROM session_trainer t WHERE t.session_id = s.session_id AND t.trainer_id = $5))
          AND (NOT $6 OR s.completed_at IS NULL)
          AND ($7::timestamptz IS NULL OR (s.planned_start, s.session_id) > ($7, $8::uuid))
        ORDER BY s.planned_start, s.session_id
        LIMIT $9
        """,
        datetime.combine(asked.since, time.min, JAKARTA),
        datetime.combine(asked.to, time.min, JAKARTA) + timedelta(days=1),
        asked.rusun,
        asked.place,
        asked.trainer_id,
        asked.open,
        *decode_place(asked.cursor),
        asked.limit + 1,
    )
    items = [SessionHead(**row) for row in rows[: asked.limit]]
    more = len(rows) > len(items)
    return SessionList(items=items, next=encode_cursor(items[-1].planned_start, items[-1].session_id) if more else None)


async def list_enrolments(query: Received[ListEnrolments], tx: Tx) -> HerEnrolments:
    """The latest first. Raises NotFound for a stranger."""
    asked = query.data
    await find_maker(tx, asked.maker_id)
    rows = await tx.fetch(
        """
        SELECT e.cohort_id, c.craft, c.title, c.rusun, e.state, e.position, e.offer_expires_at,
               e.enrolled_at AS applied_at, s.first_start, s.last_start, i.number AS certificate
        FROM enrolment e
        JOIN cohort c USING (cohort_id)
        LEFT JOIN certificate i ON i.cohort_id = e.cohort_id AND i.maker_id = e.maker_id AND i.state = 'valid'
        CROSS JOIN LATERAL (
            SELECT min(planned_start) AS first_start, max(planned_start) AS last_start
            FROM session WHERE cohort_id = e.cohort_id
        ) s
        WHERE e.maker_id = $1
          AND ($2::timestamptz IS NULL OR (e.enrolled_at, e.cohort_id) < ($2, $3::uuid))
        ORDER BY e.enrolled_at DESC, e.cohort_id DESC
        LIMIT $4
        """,
        asked.maker_id,
        *decode_place(asked.cursor),
        asked.limit + 1,
    )
    items = [HerEnrolment(**row) for row in rows[: asked.limit]]
    more = len(rows) > len(items)
    return HerEnrolments(items=items, next=encode_cursor(items[-1].applied_at, items[-1].cohort_id) if more else None)
