"""Orders and remedial sessions are proposed to those first who need them most."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AliasChoices, Field

from shared.contracts.message import Code, Command, Day, Moment, Page, Part, Query, Text, Why
from shared.contracts.training.replies import Enrolment
from shared.contracts.training.terms import Craft, ProposalKind, Reference


class Turn(StrEnum):
    """Why she stands where she stands in the ranking."""

    WITHOUT_INCOME = "without-income"
    SENT_BACK = "sent-back"
    OTHERS = "others"


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class Candidate(Part):
    """`rank` counts from 1; `proposal`: what became of this being proposed to her, when it was."""

    rank: int
    maker_id: UUID
    name: str
    rusun: Code
    standing: Turn
    since: Day
    days: int
    last_income: Day | None
    last_order: Day | None
    sent_back_on: Day | None
    companion: str | None
    proposal: ProposalState | None


class Candidates(Part):
    items: list[Candidate]
    next: str | None


class ListCandidates(Page[Candidates], wire="training.ListCandidates.v1"):
    """Makers with a certificate in the craft, in the order in which something should be proposed to them.

    First those without income and order, longest first; then those whose product was sent back lately; then all
    others. `about` (an order) or `cohort_id` (a remedial session): whether it has been proposed. Without `craft`:
    any craft, or the cohort's. Who is in the cohort already is left out.
    """

    kind: ProposalKind = Field(validation_alias=AliasChoices("for", "kind"))
    craft: Craft | None = None
    reference: Reference | None = Field(None, validation_alias=AliasChoices("about", "reference"))
    cohort_id: UUID | None = None


class PassedOver(Part):
    """Makers who stood before her and had not been asked, and why she was asked all the same."""

    why: str
    maker_ids: list[UUID]


class Proposal(Part):
    proposal_id: UUID
    maker_id: UUID
    kind: ProposalKind
    about: Reference
    craft: Craft | None
    due_on: Day
    state: ProposalState
    made_by: str
    made_at: Moment
    passed_over: PassedOver | None
    answered_by: str | None
    answered_at: Moment | None
    note: str | None


class Proposals(Part):
    items: list[Proposal]
    next: str | None


class Propose(Command[Proposal], wire="training.Propose.v1"):
    """Proposes an order (`about`: its reference) or a remedial session (`about`: the cohort's id) until `due_on`.

    While somebody stands before her in the ranking who has neither been asked nor answered, `passed_over` says why.
    `craft`: of the order; a remedial session's is its cohort's.
    """

    maker_id: UUID
    kind: ProposalKind
    reference: Reference = Field(validation_alias=AliasChoices("about", "reference"))
    craft: Craft | None = None
    due_on: Day
    passed_over: Why | None = None


class Answered(Part):
    """`enrolment`: of an accepted remedial session, unless she was enrolled before."""

    proposal: Proposal
    enrolment: Enrolment | None


class AnswerProposal(Command[Answered], wire="training.AnswerProposal.v1"):
    proposal_id: UUID
    accepted: Annotated[bool, Field(strict=True)]
    note: Text | None = None


class GetProposal(Query[Proposal], wire="training.GetProposal.v1"):
    proposal_id: UUID


class ListProposals(Page[Proposals], wire="training.ListProposals.v1"):
    """The newest first."""

    maker_id: UUID | None = None
    kind: ProposalKind | None = None
    reference: Reference | None = Field(None, validation_alias=AliasChoices("about", "reference"))
    state: ProposalState | None = None
