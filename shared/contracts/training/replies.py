"""What training answers."""

from uuid import UUID

from shared.contracts.message import Code, Day, Moment, Name, Part
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


class Maker(Part):
    """A maker as a coordinator sees her. `nik` shows its last four digits only."""

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


class Makers(Part):
    items: list[Maker]
    next: str | None


class SessionView(Part):
    """`number` counts from 1 in the order of the plan."""

    session_id: UUID
    number: int
    planned_start: Moment
    planned_minutes: int
    actual_start: Moment | None
    actual_minutes: int | None
    completed_at: Moment | None


class EnrolmentView(Part):
    """`state`: enrolled, waitlisted, completed, not_completed; `minutes`: hers in the completed sessions.

    `required_minutes`: what she needs of those that are hers; somebody who came later needs less.
    """

    maker_id: UUID
    state: str
    position: int | None
    minutes: int
    required_minutes: int
    certificate: str | None


class Cohort(Part):
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


class Enrolment(Part):
    """`state` is `enrolled`, or `waitlisted` with a `position` counted from 1."""

    cohort_id: UUID
    maker_id: UUID
    state: str
    position: int | None


class AttendanceRecorded(Part):
    """`recorded`: how many makers were marked; `missing`: whom nobody has marked yet."""

    session_id: UUID
    recorded: int
    missing: list[UUID]


class SessionClosed(Part):
    """`overrun_minutes`: what the trainer taught beyond the plan."""

    session_id: UUID
    planned_minutes: int
    actual_minutes: int
    overrun_minutes: int
    attended: int
    attended_minutes: int
    counts: StatusCounts


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
