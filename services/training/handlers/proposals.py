"""Proposing orders and remedial sessions, to those first who need them most, and what is answered."""

from typing import cast
from uuid import UUID

from services.training.domain import proposals
from services.training.domain.calendar import jakarta_day
from services.training.domain.proposals import RemedialCohort
from services.training.handlers.courses import enrol
from services.training.handlers.progress import check_maker
from services.training.storage import proposals as storage
from shared.contracts.message import Event
from shared.contracts.training import Enrol, Enrolment, ProposalClosed, ProposalKind, ProposalMade, ProposalOutcome
from shared.contracts.training.proposals import Answered, AnswerProposal, Proposal, ProposalState, Propose
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Envelope, Received


async def propose(command: Received[Propose], tx: Tx) -> tuple[Proposal, list[Event]]:
    """Asks a maker, when those before her in the ranking were asked or a reason is given."""
    today = jakarta_day(command.now)
    wanted, cohort_id = proposals.read(command.data, today)
    cohort = await _find_cohort(tx, cohort_id) if cohort_id else None
    await check_maker(tx, wanted.maker_id)
    await storage.lock_proposed(tx, wanted)
    # A statement of its own, younger than the lock: it sees whom the one before has asked.
    craft = cohort.craft if cohort else wanted.craft
    before = await storage.list_before(tx, wanted, craft, cohort_id, proposals.days_of(today))
    if before is None:
        raise Rejected("no_candidate", "She has no certificate in this craft, or is in the cohort already")
    proposal = Proposal(
        proposal_id=command.id,
        maker_id=wanted.maker_id,
        kind=wanted.kind,
        about=wanted.reference,
        craft=craft,
        due_on=wanted.due_on,
        state=ProposalState.OPEN,
        made_by=command.actor,
        made_at=command.now,
        passed_over=proposals.pass_over(before, wanted.passed_over),
        answered_by=None,
        answered_at=None,
        note=None,
    )
    if not await storage.add_proposal(tx, proposal):
        raise Rejected("already_proposed", "This is proposed to her already, or she has accepted it")
    return proposal, [_made(proposal, cohort)]


async def answer_proposal(command: Received[AnswerProposal], tx: Tx) -> tuple[Answered, list[Event]]:
    """An accepted remedial session is an ordinary enrolment, with a seat or a place in the waiting line."""
    said = command.data
    proposal = await storage.lock_proposal(tx, said.proposal_id)
    if proposal is None:
        raise NotFound("proposal_not_found", f"There is no proposal {said.proposal_id}")
    proposals.check_answerable(proposal, jakarta_day(command.now))
    enrolment, events = None, list[Event]()
    if said.accepted and proposal.kind is ProposalKind.REMEDIAL_SESSION:
        enrolment, events = await _enrol(command, tx, proposal)
    answer = {
        "state": ProposalState.ACCEPTED if said.accepted else ProposalState.DECLINED,
        "answered_by": command.actor,
        "answered_at": command.now,
        "note": said.note,
    }
    answered = proposal.model_copy(update=answer)
    await storage.mark_answered(tx, answered)
    return Answered(proposal=answered, enrolment=enrolment), [*events, _closed(answered)]


async def _find_cohort(tx: Tx, cohort_id: UUID) -> RemedialCohort:
    """Unlocked: who answers locks the proposal and then the cohort."""
    cohort = await storage.get_cohort(tx, cohort_id)
    if cohort is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    proposals.check_cohort(cohort)
    return cohort


async def _enrol(command: Received[AnswerProposal], tx: Tx, proposal: Proposal) -> tuple[Enrolment | None, list[Event]]:
    """Nothing more to do for somebody who was enrolled in the meantime."""
    cohort_id = UUID(proposal.about)
    if await storage.is_enrolled(tx, cohort_id, proposal.maker_id):
        return None, []
    wanted = Enrol(cohort_id=cohort_id, maker_id=proposal.maker_id)
    envelope = cast("Envelope[Enrol]", command.envelope.model_copy(update={"data": wanted}))
    return await enrol(Received(command.id, wanted, command.now, envelope), tx)


def _made(proposal: Proposal, cohort: RemedialCohort | None) -> ProposalMade:
    return ProposalMade(
        proposal_id=proposal.proposal_id,
        maker_id=proposal.maker_id,
        kind=proposal.kind,
        reference=proposal.about,
        title=cohort.title if cohort else None,
        due_on=proposal.due_on,
    )


def _closed(proposal: Proposal) -> ProposalClosed:
    return ProposalClosed(
        proposal_id=proposal.proposal_id,
        maker_id=proposal.maker_id,
        kind=proposal.kind,
        reference=proposal.about,
        outcome=ProposalOutcome(proposal.state.value),
    )
