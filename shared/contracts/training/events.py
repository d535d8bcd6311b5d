"""What training tells."""

from typing import Literal
from uuid import UUID

from shared.contracts.message import Code, Day, Event, Moment, Name
from shared.contracts.training import certificates, completion, planning, progress, sessions
from shared.contracts.training.terms import Craft, ProposalKind, ProposalOutcome, Purpose, Reference, StatusCounts


class MakerRegistered(Event, wire="training.MakerRegistered.v1", about=("maker_id",)):
    maker_id: UUID
    rusun: Code
    cooperative: Code
    since: Day


class MakerMoved(Event, wire="training.MakerMoved.v1", about=("maker_id",)):
    """From `since` on the maker lives in `rusun`; what happened before stays with the old one."""

    maker_id: UUID
    rusun: Code
    cooperative: Code
    since: Day


class ConsentChanged(Event, wire="training.ConsentChanged.v1", about=("maker_id", "purpose")):
    """What a maker agreed to, or no longer does. Withdrawn: whoever shows or uses it stops when this arrives."""

    maker_id: UUID
    purpose: Purpose
    granted: bool
    at: Moment


class MakerAnonymised(Event, wire="training.MakerAnonymised.v1", about=("maker_id",)):
    """Nobody can tell any more who she was. Her id, her sales and her money stay as they are."""

    maker_id: UUID
    at: Moment


class CohortOpened(Event, wire="training.CohortOpened.v1", about=("cohort_id",)):
    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    capacity: int
    sessions: int


class TrainersAssigned(Event, wire="training.TrainersAssigned.v1", about=("cohort_id",)):
    """Who teaches a cohort, by the accounts that they judge with: nobody judges a maker whom she trained.

    A later one names all of them again; who has taught once stays known as somebody who has.
    """

    cohort_id: UUID
    accounts: list[Name]


class MakerEnrolled(Event, wire="training.MakerEnrolled.v1", about=("cohort_id", "maker_id")):
    cohort_id: UUID
    maker_id: UUID
    craft: Craft


class MakerWaitlisted(Event, wire="training.MakerWaitlisted.v1", about=("cohort_id", "maker_id")):
    cohort_id: UUID
    maker_id: UUID
    position: int


class SeatOffered(Event, wire="training.SeatOffered.v1", about=("cohort_id", "maker_id")):
    """A seat is held for a maker who waited, until `expires_at`."""

    cohort_id: UUID
    maker_id: UUID
    craft: Craft
    title: Name
    expires_at: Moment


class OfferEnded(Event, wire="training.OfferEnded.v1", about=("cohort_id", "maker_id")):
    """She took the seat, did not want it, or did not answer in time."""

    cohort_id: UUID
    maker_id: UUID
    craft: Craft
    title: Name
    how: Literal["accepted", "refused", "expired"]


class EnrolmentCancelled(Event, wire="training.EnrolmentCancelled.v1", about=("cohort_id", "maker_id")):
    """She left. `was`: with a seat, with one offered to her, or waiting for one."""

    cohort_id: UUID
    maker_id: UUID
    was: Literal["enrolled", "offered", "waitlisted"]


class SessionCompleted(Event, wire="training.SessionCompleted.v1", about=("session_id",)):
    """A session as it was planned and as it was: 180 planned minutes often become 300 to 360.

    `overrun_minutes`: what the trainer taught beyond the plan.
    """

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    number: int
    planned_minutes: int
    actual_minutes: int
    attended: int
    attended_minutes: int
    overrun_minutes: int | None = None
    counts: StatusCounts | None = None


class CertificateIssued(Event, wire="training.CertificateIssued.v1", about=("number",)):
    """`replaces`: the number in whose place it was issued again.

    `completed_on`: when she counts as having completed the course, when that is earlier: she was certified afterwards.
    """

    number: str
    maker_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    minutes: int
    issued_on: Day
    replaces: str | None = None
    completed_on: Day | None = None


class MakerWithoutIncome(Event, wire="training.MakerWithoutIncome.v1", about=("maker_id",)):
    """A maker who has completed a course has had neither income nor an order since then; told once for each such time.

    For those who accompany her: she herself is not told.
    """

    maker_id: UUID
    since: Day
    days: int


class ProposalMade(Event, wire="training.ProposalMade.v1", about=("proposal_id",)):
    """An order or a remedial session is proposed to a maker. `title`: of the session's course."""

    proposal_id: UUID
    maker_id: UUID
    kind: ProposalKind
    reference: Reference
    title: Name | None
    due_on: Day


class ProposalClosed(Event, wire="training.ProposalClosed.v1", about=("proposal_id",)):
    """She has answered, or nobody has until it was too late."""

    proposal_id: UUID
    maker_id: UUID
    kind: ProposalKind
    reference: Reference
    outcome: ProposalOutcome


EVENTS: tuple[type[Event], ...] = (
    MakerRegistered,
    MakerMoved,
    ConsentChanged,
    MakerAnonymised,
    CohortOpened,
    TrainersAssigned,
    MakerEnrolled,
    MakerWaitlisted,
    SeatOffered,
    OfferEnded,
    EnrolmentCancelled,
    *planning.EVENTS,
    SessionCompleted,
    CertificateIssued,
    MakerWithoutIncome,
    ProposalMade,
    ProposalClosed,
    *sessions.EVENTS,
    *completion.EVENTS,
    *certificates.EVENTS,
    *progress.EVENTS,
)
