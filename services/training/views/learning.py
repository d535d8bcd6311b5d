"""Where a maker learnt: her cohorts by the sessions that she attended."""

from shared.contracts.training.learning import GetLearning, Learning, Learnt
from shared.db import Tx
from shared.runtime.envelope import Received


async def get_learning(query: Received[GetLearning], tx: Tx) -> Learning:
    """Sessions that were held and in which she spent at least a minute; the earliest cohort first."""
    rows = await tx.fetch(
        """
        SELECT c.cohort_id, c.craft, c.title, sum(a.minutes)::int AS minutes,
               (SELECT number FROM certificate i
                WHERE i.cohort_id = c.cohort_id AND i.maker_id = $1 AND i.state = 'valid') AS certificate,
               jsonb_agg(jsonb_build_object(
                   'session_id', s.session_id, 'number', s.number, 'minutes', a.minutes,
                   'day', (s.actual_start AT TIME ZONE 'Asia/Jakarta')::date) ORDER BY s.actual_start, s.number
               ) AS sessions
        FROM attendance a
        JOIN session s USING (session_id)
        JOIN cohort c ON c.cohort_id = s.cohort_id
        WHERE (a.cohort_id, a.maker_id) IN (SELECT cohort_id, maker_id FROM enrolment WHERE maker_id = $1)
          AND a.minutes > 0 AND s.completed_at IS NOT NULL
          AND (cardinality($2::text[]) = 0 OR c.craft = ANY ($2))
        GROUP BY c.cohort_id
        ORDER BY min(s.actual_start), c.cohort_id
        """,
        query.data.maker_id,
        [str(craft) for craft in query.data.crafts],
    )
    return Learning(items=[Learnt.model_validate(dict(row)) for row in rows])
