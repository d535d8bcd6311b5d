"""Jurors score or abstain; the catalog hears whom they have trained."""

from collections.abc import Sequence

from services.catalog.domain import jury as domain
from services.catalog.domain import selection
from services.catalog.handlers.selection import lock
from services.catalog.storage import criteria, jury
from services.catalog.storage.selection import mark_in_review
from shared.contracts.catalog import (
    AbstainFromReview,
    Abstention,
    JurorAbstained,
    ProductReviewed,
    Review,
    ReviewSubmission,
    Submission,
)
from shared.contracts.message import Event
from shared.contracts.training import MakerEnrolled, TrainersAssigned
from shared.db import Tx
from shared.errors import Rejected
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome


async def learn_trainers(assigned: Sequence[Received[TrainersAssigned]], tx: Tx) -> list[Outcome]:
    """Whoever has taught a cohort once stays known as somebody who has."""
    pairs = [(one.data.cohort_id, domain.account_of(account)) for one in assigned for account in one.data.accounts]
    await jury.add_trainers(tx, [cohort_id for cohort_id, _ in pairs], [account for _, account in pairs])
    return []


async def learn_enrolments(enrolled: Sequence[Received[MakerEnrolled]], tx: Tx) -> list[Outcome]:
    """Whoever was enrolled once may have been taught."""
    events = [one.data for one in enrolled]
    await jury.add_trained(tx, [event.cohort_id for event in events], [event.maker_id for event in events])
    return []


async def review_submission(command: Received[ReviewSubmission], tx: Tx) -> tuple[Review, list[Event]]:
    """The juror is who asks: nobody can review in another's name."""
    wanted = command.data
    submission = await lock(tx, wanted.submission_id)
    selection.check_open(submission)
    _check_not_abstained(submission, command.actor)
    domain.check_unbiased(await jury.get_trained(tx, wanted.submission_id, domain.account_of(command.actor)))
    assert submission.criteria_from is not None
    judged_by = await criteria.get_criteria(tx, submission.criteria_from)
    review = Review(
        juror=command.actor,
        scores=wanted.scores,
        score=domain.score(wanted.scores, judged_by.weights),
        comment=wanted.comment,
        reviewed_at=command.now,
    )
    corrected = wanted.correct and await jury.claim_review(tx, submission, command.actor, command.now)
    if not await jury.add_review(tx, submission, review):
        raise Rejected("already_reviewed", "one review for each juror and round; `correct` replaces hers")
    await mark_in_review(tx, wanted.submission_id)
    told = ProductReviewed(
        submission_id=wanted.submission_id,
        juror=review.juror,
        score=review.score,
        round=submission.round,
        corrected=corrected,
    )
    return review, [told]


async def abstain(command: Received[AbstainFromReview], tx: Tx) -> tuple[Abstention, list[Event]]:
    """Also after she has scored: then her review is kept, and counts no more."""
    wanted = command.data
    submission = await lock(tx, wanted.submission_id)
    selection.check_open(submission)
    abstention = Abstention(juror=command.actor, reason=wanted.reason, abstained_at=command.now)
    if not await jury.add_abstention(tx, submission, abstention):
        raise Rejected("already_abstained", "she has abstained from this round")
    await jury.claim_review(tx, submission, command.actor, command.now)
    told = JurorAbstained(submission_id=wanted.submission_id, juror=command.actor, round=submission.round)
    return abstention, [told]


def _check_not_abstained(submission: Submission, juror: str) -> None:
    """Raises Rejected: since she abstained she has seen what others say."""
    if juror in [one.juror for one in submission.abstentions]:
        raise Rejected("already_abstained", "who has abstained does not score in the same round")
