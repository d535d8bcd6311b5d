"""Who is asked first, and what an answer to a proposal leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.training.domain.accompaniment import poor_since
from services.training.domain.faults import invalid
from shared.contracts.training import Craft, ProposalKind
from shared.contracts.training.proposals import PassedOver, Proposal, ProposalState, Propose, Turn
from shared.errors import Rejected

SENT_BACK_DAYS = 180
"""So long something that was sent back makes a maker's turn earlier."""

SHOWN = 5
TURNS = (Turn.WITHOUT_INCOME, Turn.SENT_BACK, Turn.OTHERS)
"""By the place in the ranking that the database counts."""


def days_of(today: date) -> tuple[date, date]:
    """Since when makers without income, and those whose product was sent back, stand before others."""
    return poor_since(today), today - timedelta(days=SENT_BACK_DAYS)


@dataclass(frozen=True, slots=True)
class RemedialCohort:
    """What decisions need of a cohort that somebody is asked to join."""

    cohort_id: UUID
    craft: Craft
    title: str
    completed: bool


def read(wanted: Propose, today: date) -> tuple[Propose, UUID | None]:
    """The proposal with `about` in its one right form, and the cohort of a remedial session. Raises Invalid."""
    if wanted.due_on < today:
        raise invalid(("due_on", "she must have time to answer: today or later"))
    if wanted.kind is not ProposalKind.REMEDIAL_SESSION:
        return wanted, None
    if wanted.craft:
        raise invalid(("craft", "a remedial session has its cohort's"))
    try:
        cohort_id = UUID(wanted.reference)
    except ValueError:
        raise invalid(("about", "a remedial session is proposed by its cohort's id")) from None
    return wanted.model_copy(update={"reference": str(cohort_id)}), cohort_id


def check_cohort(cohort: RemedialCohort) -> None:
    """Raises Rejected when it is over."""
    if cohort.completed:
        raise Rejected("cohort_completed", f"Cohort {cohort.cohort_id} is completed")


def pass_over(before: Sequence[UUID], why: str | None) -> PassedOver | None:
    """`before`: who stands before her and was not asked. Raises Rejected when there is somebody and no reason given."""
    if not before:
        return None
    if why is None:
        named = ", ".join([str(maker) for maker in before[:SHOWN]])
        more = f" and {len(before) - SHOWN} more" if len(before) > SHOWN else ""
        raise Rejected("others_first", f"To be asked first: {named}{more}. `passed_over` says why they are not")
    return PassedOver(why=why, maker_ids=list(before))


def check_answerable(proposal: Proposal, today: date) -> None:
    """Raises Rejected when it was answered, or nobody answered in time."""
    if proposal.state is not ProposalState.OPEN:
        raise Rejected("proposal_closed", f"It is {proposal.state} already")
    if proposal.due_on < today:
        raise Rejected("proposal_expired", f"An answer was due on {proposal.due_on.isoformat()}")
