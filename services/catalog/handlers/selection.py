"""What makers submit, what jurors say of it, what becomes of it."""

from collections.abc import Sequence
from uuid import UUID

from services.catalog.domain import selection as domain
from services.catalog.handlers.products import approve
from services.catalog.storage import Mark
from services.catalog.storage import selection as storage
from shared.contracts.catalog import (
    DecideSubmission,
    ProductReviewed,
    ProductSubmitted,
    Review,
    ReviewSubmission,
    Submission,
    SubmitProduct,
    Verdict,
)
from shared.contracts.message import Event
from shared.contracts.training import MakerRegistered
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome


async def learn_makers(registered: Sequence[Received[MakerRegistered]], tx: Tx) -> list[Outcome]:
    """Remembers who can hand in products."""
    await storage.add_makers(tx, [event.data.maker_id for event in registered])
    return []


async def submit_product(command: Received[SubmitProduct], tx: Tx) -> tuple[Submission, list[Event]]:
    submitted = command.data
    domain.check_submission(submitted)
    domain.check_makers(await storage.list_unknown_makers(tx, [maker.maker_id for maker in submitted.makers]))
    await storage.add_submission(tx, command.id, submitted, Mark(by=command.actor, at=command.now))
    await storage.add_submission_makers(tx, command.id, submitted.makers)
    told = ProductSubmitted(
        submission_id=command.id, title=submitted.title, craft=submitted.craft, makers=submitted.makers
    )
    return await _get(tx, command.id), [told]


async def review_submission(command: Received[ReviewSubmission], tx: Tx) -> tuple[Review, list[Event]]:
    """The juror is who asks: nobody can review in another's name."""
    wanted = command.data
    domain.check_open(await _lock(tx, wanted.submission_id))
    review = Review(
        juror=command.actor,
        scores=wanted.scores,
        score=domain.score(wanted.scores),
        comment=wanted.comment,
        reviewed_at=command.now,
    )
    if not await storage.add_review(tx, wanted.submission_id, review):
        raise Rejected("already_reviewed", "one review for each juror and submission")
    await storage.mark_in_review(tx, wanted.submission_id)
    return review, [ProductReviewed(submission_id=wanted.submission_id, juror=review.juror, score=review.score)]


async def decide_submission(command: Received[DecideSubmission], tx: Tx) -> tuple[Submission, list[Event]]:
    decision = command.data
    submission = await _lock(tx, decision.submission_id)
    state = domain.decide(submission, decision)
    await storage.mark_decided(
        tx, submission.submission_id, state, decision.reasons, Mark(by=command.actor, at=command.now)
    )
    told: Event
    if decision.verdict is Verdict.APPROVE:
        told = await approve(command, submission, tx)
    else:
        told = domain.refusal(submission, decision)
    return await _get(tx, submission.submission_id), [told]


async def _lock(tx: Tx, submission_id: UUID) -> Submission:
    return _found(await storage.lock_submission(tx, submission_id), submission_id)


async def _get(tx: Tx, submission_id: UUID) -> Submission:
    return _found(await storage.get_submission(tx, submission_id), submission_id)


def _found(submission: Submission | None, submission_id: UUID) -> Submission:
    if submission is None:
        raise NotFound("submission_unknown", f"no submission {submission_id}")
    return submission
