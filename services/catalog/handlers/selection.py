"""What makers submit, once and again, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.catalog.domain import criteria as reasons
from services.catalog.domain import material, rounds
from services.catalog.domain import selection as domain
from services.catalog.handlers.products import approve
from services.catalog.storage import Mark, forgetting, jury
from services.catalog.storage import criteria as judging
from services.catalog.storage import selection as storage
from shared.contracts.catalog import (
    DecideSubmission,
    ProductSubmitted,
    ResubmitProduct,
    Submission,
    SubmissionWithdrawn,
    SubmitProduct,
    Verdict,
    WithdrawSubmission,
)
from shared.contracts.message import Event
from shared.contracts.training import MakerRegistered
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome


async def learn_makers(registered: Sequence[Received[MakerRegistered]], tx: Tx) -> list[Outcome]:
    """Remembers who can hand in products."""
    await storage.add_makers(tx, [event.data.maker_id for event in registered])
    return []


async def submit_product(command: Received[SubmitProduct], tx: Tx) -> tuple[Submission, list[Event]]:
    """It is judged by the criteria of this moment."""
    said = command.data
    domain.check_submission(said)
    material.check_authentic(said.craft, said.title, said.technique, said.material)
    submitted = said.model_copy(update={"technique": material.technique_of(said.craft, said.technique)})
    makers = [maker.maker_id for maker in submitted.makers]
    domain.check_makers(await storage.list_unknown_makers(tx, makers))
    await refuse_anonymised(tx, makers)
    judged_by = await judging.get_criteria(tx, command.now)
    mark = Mark(by=command.actor, at=command.now)
    await storage.add_submission(tx, command.id, submitted, judged_by.valid_from, mark)
    await storage.add_submission_makers(tx, command.id, submitted.makers)
    submission = await _get(tx, command.id, command.now)
    return submission, [_handed_in(submission)]


async def resubmit_product(command: Received[ResubmitProduct], tx: Tx) -> tuple[Submission, list[Event]]:
    """The same submission's next round; the one before is kept as it was."""
    said = command.data
    await refuse_anonymised(tx, await forgetting.list_makers_of(tx, said.submission_id))
    submission = await lock(tx, said.submission_id)
    rounds.check_changes_asked(submission)
    before = (await storage.list_rounds(tx, said.submission_id))[-1]
    anew = rounds.said_anew(before, said)
    material.check_authentic(submission.craft, anew.title, anew.technique, anew.material)
    technique = material.technique_of(submission.craft, anew.technique)
    judged_by = await judging.get_criteria(tx, command.now)
    update = {"technique": technique, "what_changed": said.what_changed, "criteria_from": judged_by.valid_from}
    await storage.add_earlier_round(tx, said.submission_id)
    mark = Mark(by=command.actor, at=command.now)
    await storage.mark_resubmitted(tx, said.submission_id, anew.model_copy(update=update), mark)
    submission = await _get(tx, said.submission_id, command.now)
    return submission, [_handed_in(submission)]


async def withdraw_submission(command: Received[WithdrawSubmission], tx: Tx) -> tuple[Submission, list[Event]]:
    """What jurors have said of it is kept."""
    wanted = command.data
    submission = await lock(tx, wanted.submission_id)
    domain.check_open(submission)
    mark = Mark(by=command.actor, at=command.now)
    await jury.mark_set_aside(tx, submission)
    await storage.mark_withdrawn(tx, wanted.submission_id, wanted.reason, mark)
    told = SubmissionWithdrawn(
        submission_id=wanted.submission_id,
        title=submission.title,
        makers=submission.makers,
        round=submission.round,
    )
    return await _get(tx, wanted.submission_id, command.now), [told]


async def decide_submission(command: Received[DecideSubmission], tx: Tx) -> tuple[Submission, list[Event]]:
    """By the criteria of the moment in which this round was handed in; what the law asks is that of now."""
    decision = command.data
    submission = await lock(tx, decision.submission_id)
    assert submission.criteria_from is not None
    state = domain.decide(submission, decision, await judging.get_criteria(tx, submission.criteria_from))
    if decision.verdict is Verdict.APPROVE:
        today = await judging.get_criteria(tx, command.now)
        material.check_halal(submission, today.halal_from, command.now)
    known = await judging.get_reason_tags(tx, [*decision.tags, reasons.GENERAL])
    feedback = reasons.feedback(decision, known)
    mark = Mark(by=command.actor, at=command.now)
    await jury.mark_set_aside(tx, submission)
    await storage.mark_decided(tx, submission.submission_id, state, feedback, mark)
    told: Event
    if decision.verdict is Verdict.APPROVE:
        told = await approve(command, submission, tx)
    else:
        told = domain.refusal(submission, decision, feedback)
    return await _get(tx, submission.submission_id, command.now), [told]


async def refuse_anonymised(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """Nobody of them is until this transaction ends. Raises Rejected, naming those who are."""
    domain.check_living(await forgetting.hold_makers(tx, maker_ids))


async def lock(tx: Tx, submission_id: UUID) -> Submission:
    """The submission, for one who changes it. Raises NotFound."""
    return _found(await storage.lock_submission(tx, submission_id), submission_id)


async def _get(tx: Tx, submission_id: UUID, now: datetime) -> Submission:
    submission = _found(await storage.get_submission(tx, submission_id), submission_id)
    today = await judging.get_criteria(tx, now)
    return submission.model_copy(update={"cautions": material.cautions(submission, today.halal_from)})


def _handed_in(submission: Submission) -> ProductSubmitted:
    return ProductSubmitted(
        submission_id=submission.submission_id,
        title=submission.title,
        craft=submission.craft,
        makers=submission.makers,
        round=submission.round,
    )


def _found(submission: Submission | None, submission_id: UUID) -> Submission:
    if submission is None:
        raise NotFound("submission_unknown", f"no submission {submission_id}")
    return submission
