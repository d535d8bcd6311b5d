"""What training answers."""

from uuid import UUID

from pydantic import Field

from shared.contracts.message import Code, Day, Moment, Name, Part
from shared.contracts.training.clashes import Clash
from shared.contracts.training.teaching import MaterialNeeded
from shared.contracts.training.terms import CertificateState, Craft, Lack, Language, Purpose, StatusCounts


class Rusun(Part):
    code: Code
    name: Name
    cooperative: Code
    cooperative_name: Name


class Consent(Part):
    purpose: Purpose
    granted: bool
    since: Moment


class Remark(Part):
    """Something that a person should look at again, and that stands in nobody's way."""

    code: str
    detail: str


class Maker(Part):
    """A maker as a coordinator sees her. `nik` shows its last four digits only.

    Once she is anonymised, what was private is empty; what she did is kept under her id.
    """

    maker_id: UUID
    name: str
    phone: str
    email: str | None
    language: Language
    rusun: Code
    block: str
    unit: str
    nik: str | None
    consents: list[Consent]
    registered_at: Moment
    anonymised_at: Moment | None = None


class MakerWritten(Maker):
    """A maker as she is written down now. `warnings`: what should be looked at again."""

    warnings: list[Remark] = Field(default_factory=list)


class Makers(Part):
    items: list[Maker]
    next: str | None


class SessionView(Part):
    """`number` counts from 1 in the order of the first plan and stays; `title`: what the curriculum says of it.

    `cancelled_at`: it will not be held, for `cancel_reason`.
    """

    session_id: UUID
    number: int
    planned_start: Moment
    planned_minutes: int
    actual_start: Moment | None
    actual_minutes: int | None
    completed_at: Moment | None
    title: str | None = None
    place: Code | None = None
    trainers: list[UUID] = Field(default_factory=list)
    cancelled_at: Moment | None = None
    cancel_reason: str | None = None


class EnrolmentView(Part):
    """`state`: enrolled, offered, waitlisted, completed, not_completed, cancelled, expired.

    `position` in the waiting line, from 1; `offer_expires_at`: until then a seat is held for her; `minutes`: hers in
    the completed sessions; `required_minutes`: what she needs of those that are hers; who came later needs less.
    """

    maker_id: UUID
    state: str
    position: int | None
    minutes: int
    required_minutes: int
    certificate: str | None
    offer_expires_at: Moment | None = None


class CohortTrainer(Part):
    trainer_id: UUID
    name: str


class Cohort(Part):
    """`offer_seconds`: how long a seat that is offered is held. `materials` are for all its seats.

    `clashes`: who or what is also needed elsewhere at the time of one of its sessions; `warnings`: of a place that has
    less room than there are seats.
    """

    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    trainer: str
    capacity: int
    required_share: int
    practical_required: bool
    completed_at: Moment | None
    sessions: list[SessionView]
    enrolments: list[EnrolmentView]
    curriculum: Code | None = None
    curriculum_version: int | None = None
    trainers: list[CohortTrainer] = Field(default_factory=list)
    place: Code | None = None
    offer_seconds: int = 24 * 60 * 60
    materials: list[MaterialNeeded] = Field(default_factory=list)
    clashes: list[Clash] = Field(default_factory=list)
    warnings: list[Remark] = Field(default_factory=list)


class Enrolment(Part):
    """`state` is `enrolled`, or `waitlisted` with a `position` counted from 1.

    `clashes`: sessions of hers that overlap sessions of this cohort.
    """

    cohort_id: UUID
    maker_id: UUID
    state: str
    position: int | None
    clashes: list[Clash] = Field(default_factory=list)


class AttendanceRecorded(Part):
    """`recorded`: how many makers were marked; `missing`: whom nobody has marked yet."""

    session_id: UUID
    recorded: int
    missing: list[UUID]


class SessionClosed(Part):
    """`overrun_minutes`: what the trainer taught beyond the plan. `clashes`: sessions into whose time it ran."""

    session_id: UUID
    planned_minutes: int
    actual_minutes: int
    overrun_minutes: int
    attended: int
    attended_minutes: int
    counts: StatusCounts
    clashes: list[Clash] = Field(default_factory=list)


class NotCompleted(Part):
    """Why a maker has not completed: what she lacks, by code."""

    maker_id: UUID
    lacks: list[Lack]
    minutes: int
    required_minutes: int


class CohortCompletion(Part):
    cohort_id: UUID
    certificates: list["Certificate"]
    not_completed: list[UUID]
    reasons: list[NotCompleted]


class Certificate(Part):
    """`replaces`: the number of the one before it; `replaced_by`: of the one that has taken its place."""

    number: str
    maker_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    minutes: int
    issued_on: Day
    state: CertificateState = CertificateState.VALID
    replaces: str | None = None
    replaced_by: str | None = None


class Contact(Part):
    """How to reach one maker. Private: asked for at the moment of sending and never stored elsewhere."""

    maker_id: UUID
    name: str
    phone: str
    email: str | None
    language: Language
    may_notify: bool


class Contacts(Part):
    items: list[Contact]
