"""What was submitted, and where it stands; for jurors blind until they have spoken."""

from datetime import datetime

from services.catalog.domain import jury, material, rounds
from services.catalog.domain.selection import State
from services.catalog.storage import criteria
from services.catalog.storage import selection as storage
from services.catalog.storage.jury import list_trainers
from shared.contracts.catalog import GetSubmission, ListSubmissions, Submission, Submissions, WholeSubmission
from shared.db import Tx
from shared.errors import Invalid, NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_submissions(query: Received[ListSubmissions], tx: Tx) -> Submissions:
    """The newest first."""
    asked = query.data
    jury.check_sighted(asked.maker_id, query.actor)
    rows = await tx.fetch(
        """
        SELECT * FROM whole_submission w
        WHERE ($1::text IS NULL OR state = $1) AND ($2::bigint IS NULL OR seq < $2)
          AND ($6::text IS NULL OR craft = $6)
          AND ($7::uuid IS NULL OR EXISTS (
              SELECT FROM submission_maker m WHERE (m.submission_id, m.maker_id) = (w.submission_id, $7)))
          AND ($4::text IS NULL OR state IN ('submitted', 'in-review')
               AND NOT EXISTS (SELECT FROM review r
                               WHERE (r.submission_id, r.round, r.juror) = (w.submission_id, w.round, $4))
               AND NOT EXISTS (SELECT FROM abstention a
                               WHERE (a.submission_id, a.round, a.juror) = (w.submission_id, w.round, $4))
               AND NOT EXISTS (SELECT FROM trained_by t WHERE (t.submission_id, t.account) = (w.submission_id, $5)))
        ORDER BY seq DESC
        LIMIT $3
        """,
        _known_state(asked.state),
        decode_number(asked.cursor),
        asked.limit + 1,
        query.actor if asked.to_score else None,
        jury.account_of(query.actor),
        asked.craft,
        asked.maker_id,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > len(shown) else None
    today = await criteria.get_criteria(tx, query.now)
    items = [_looked_at(storage.as_submission(row), today.halal_from) for row in shown]
    return Submissions(items=[jury.conceal(one, query.actor) for one in items], next=following)


async def get_submission(query: Received[GetSubmission], tx: Tx) -> WholeSubmission:
    """With all its rounds."""
    key = query.data.submission_id
    row = await tx.fetchrow("SELECT * FROM whole_submission WHERE submission_id = $1", key)
    if row is None:
        raise NotFound("submission_unknown", f"no submission {key}")
    today = await criteria.get_criteria(tx, query.now)
    judged_by = await criteria.get_criteria(tx, row["criteria_from"])
    history = rounds.with_changes(await storage.list_rounds(tx, key))
    earlier = history[-2] if len(history) > 1 else None
    whole = WholeSubmission(
        **dict(_looked_at(storage.as_submission(row), today.halal_from)),
        story=row["story"],
        withdrawn_because=row["withdrawn_because"],
        criteria=judged_by.model_copy(update={"in_force": judged_by.valid_from == today.valid_from}),
        may_not_judge=await list_trainers(tx, key),
        changes=history[-1].changes,
        earlier_reasons=earlier.reasons if earlier else [],
        earlier_way_forward=earlier.way_forward if earlier else [],
        rounds=history,
    )
    return jury.conceal_whole(whole, query.actor)


def _looked_at(submission: Submission, halal_from: datetime | None) -> Submission:
    return submission.model_copy(update={"cautions": material.cautions(submission, halal_from)})


def _known_state(state: str | None) -> str | None:
    """Raises Invalid: a state that is misspelt would look like an empty list."""
    if state is None or state in list(State):
        return state
    reason = f"one of {', '.join(State)}"
    raise Invalid("invalid", f"state: {reason}", errors=[{"field": "state", "reason": reason}])
