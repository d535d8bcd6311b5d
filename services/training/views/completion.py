"""Who would complete a cohort, and what is in the others' way."""

from services.training.domain import completion
from services.training.domain.completion import Rule
from services.training.storage.completion import as_learner
from shared.contracts.training import Completion, GetCompletion, Standing
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def get_completion(query: Received[GetCompletion], tx: Tx) -> Completion:
    """By the sessions that are completed, also before the last one."""
    cohort_id = query.data.cohort_id
    cohort = await tx.fetchrow(
        """
        SELECT c.cohort_id, c.required_share, c.practical_required, c.completed_at IS NOT NULL AS completed,
               count(s.session_id)::int AS sessions,
               (count(s.session_id) FILTER (WHERE s.completed_at IS NULL))::int AS open_sessions,
               coalesce(sum(s.actual_minutes), 0)::int AS taught_minutes
        FROM cohort c
        LEFT JOIN session s USING (cohort_id)
        WHERE c.cohort_id = $1
        GROUP BY c.cohort_id
        """,
        cohort_id,
    )
    if cohort is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    rule = Rule(cohort["required_share"], cohort["practical_required"])
    rows = await tx.fetch(
        """
        SELECT e.maker_id, m.name, e.state, p.minutes, p.taught, p.sessions, p.excused, w.accepted AS piece,
               w.piece AS piece_name
        FROM enrolment e
        JOIN maker m USING (maker_id)
        JOIN progress p USING (cohort_id, maker_id)
        LEFT JOIN latest_practical w USING (cohort_id, maker_id)
        WHERE e.cohort_id = $1 AND e.state IN ('enrolled', 'completed', 'not_completed')
        ORDER BY lower(m.name), e.maker_id
        """,
        cohort_id,
    )
    makers = [_standing(row, rule) for row in rows]
    return Completion(**cohort, would_complete=len([one for one in makers if one.would_complete]), makers=makers)


def _standing(row: Row, rule: Rule) -> Standing:
    learner = as_learner(row)
    lacks = completion.lacks(learner, rule)
    required = completion.required_minutes(learner.taught, rule.required_share)
    return Standing(
        maker_id=learner.maker_id,
        name=row["name"],
        state=learner.state,
        would_complete=not lacks,
        lacks=lacks,
        minutes=learner.minutes,
        required_minutes=required,
        missing_minutes=max(0, required - learner.minutes),
        taught_minutes=learner.taught,
        sessions=row["sessions"],
        excused=row["excused"],
        practical=completion.practical(learner, rule),
        piece=row["piece_name"],
    )
