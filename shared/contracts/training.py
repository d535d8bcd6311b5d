"""Training: rusun, makers, cohorts, sessions, certificates. No personal data in any event."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Event, Moment, Name, Page, Part, Query, Text

Minutes = Annotated[int, Field(strict=True, ge=0, le=24 * 60)]


class Craft(StrEnum):
    """What is taught and made. `BUSINESS` is the class for beginner entrepreneurs; it makes no products."""

    BATIK = "batik"
    EMBROIDERY = "embroidery"
    KNITTING = "knitting"
    SEWING = "sewing"
    WEAVING = "weaving"
    NEWSPAPER_MINIATURES = "newspaper-miniatures"
    BUSINESS = "business"


class Purpose(StrEnum):
    """What a maker may consent to, each by itself."""

    TRAINING = "training"
    NOTICES = "notices"
    CATALOGUE_PHOTO = "catalogue-photo"
    LOAN_SHARING = "loan-sharing"


class Language(StrEnum):
    INDONESIAN = "id"
    ENGLISH = "en"


class AttendanceStatus(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left-early"
    EXCUSED = "excused"
    ABSENT = "absent"


# -- events ------------------------------------------------------------------------------------------


class MakerRegistered(Event, wire="training.MakerRegistered.v1", about=("maker_id",)):
    maker_id: UUID
    rusun: Code
    cooperative: Code
    since: date


class MakerMoved(Event, wire="training.MakerMoved.v1", about=("maker_id",)):
    """From `since` on the maker lives in `rusun`; what happened before stays with the old one."""

    maker_id: UUID
    rusun: Code
    cooperative: Code
    since: date


class CohortOpened(Event, wire="training.CohortOpened.v1", about=("cohort_id",)):
    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    capacity: int
    sessions: int


class MakerEnrolled(Event, wire="training.MakerEnrolled.v1", about=("cohort_id", "maker_id")):
    cohort_id: UUID
    maker_id: UUID
    craft: Craft


class MakerWaitlisted(Event, wire="training.MakerWaitlisted.v1", about=("cohort_id", "maker_id")):
    cohort_id: UUID
    maker_id: UUID
    position: int


class SessionCompleted(Event, wire="training.SessionCompleted.v1", about=("session_id",)):
    """A session as it was planned and as it was: 180 planned minutes often become 300 to 360."""

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    number: int
    planned_minutes: int
    actual_minutes: int
    attended: int
    attended_minutes: int


class CertificateIssued(Event, wire="training.CertificateIssued.v1", about=("number",)):
    number: str
    maker_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    minutes: int
    issued_on: date


# -- replies -----------------------------------------------------------------------------------------


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
    """`state`: enrolled, waitlisted, completed, not_completed; `minutes`: hers in the completed sessions."""

    maker_id: UUID
    state: str
    position: int | None
    minutes: int
    certificate: str | None


class Cohort(Part):
    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    trainer: str
    capacity: int
    required_share: int
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
    session_id: UUID
    recorded: int


class SessionClosed(Part):
    session_id: UUID
    planned_minutes: int
    actual_minutes: int
    attended: int
    attended_minutes: int


class CohortCompletion(Part):
    cohort_id: UUID
    certificates: list["Certificate"]
    not_completed: list[UUID]


class Certificate(Part):
    number: str
    maker_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    minutes: int
    issued_on: date


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


# -- commands and queries ----------------------------------------------------------------------------


class RegisterRusun(Command[Rusun], wire="training.RegisterRusun.v1"):
    """A block of rental flats and the cooperative that serves it."""

    code: Code
    name: Name
    cooperative: Code
    cooperative_name: Name


class RegisterMaker(Command[Maker], wire="training.RegisterMaker.v1"):
    name: Name
    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=32)]
    rusun: Code
    block: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
    since: date | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)] | None = None
    language: Language = Language.INDONESIAN
    nik: Annotated[str, StringConstraints(pattern=r"^\d{16}$")] | None = None
    consents: list[Purpose] = Field(default_factory=lambda: [Purpose.TRAINING])


class ListMakers(Page[Makers], wire="training.ListMakers.v1"):
    rusun: Code | None = None


class GetMaker(Query[Maker], wire="training.GetMaker.v1"):
    maker_id: UUID


class GetContacts(Query[Contacts], wire="training.GetContacts.v1"):
    maker_ids: Annotated[list[UUID], Field(max_length=500)]


class PlannedSession(Part):
    planned_start: Moment
    planned_minutes: Annotated[int, Field(strict=True, ge=15, le=12 * 60)] = 180


class OpenCohort(Command[Cohort], wire="training.OpenCohort.v1"):
    """`required_share`: the per cent of the minutes actually taught that a maker must attend to complete."""

    craft: Craft
    title: Name
    rusun: Code
    trainer: Name
    capacity: Annotated[int, Field(strict=True, ge=1, le=200)] = 35
    required_share: Annotated[int, Field(strict=True, ge=1, le=100)] = 75
    sessions: Annotated[list[PlannedSession], Field(min_length=1, max_length=60)]


class GetCohort(Query[Cohort], wire="training.GetCohort.v1"):
    cohort_id: UUID


class Enrol(Command[Enrolment], wire="training.Enrol.v1"):
    cohort_id: UUID
    maker_id: UUID


class Attendance(Part):
    """`minutes` that this maker was there; left out for `present`: the whole session."""

    maker_id: UUID
    status: AttendanceStatus
    minutes: Minutes | None = None


class RecordAttendance(Command[AttendanceRecorded], wire="training.RecordAttendance.v1"):
    """A sheet, or part of one, for an open session. A later entry for a maker replaces her earlier one.

    Enrolled makers whom no sheet names are absent when the session is completed.
    """

    session_id: UUID
    entries: Annotated[list[Attendance], Field(min_length=1, max_length=200)]


class CompleteSession(Command[SessionClosed], wire="training.CompleteSession.v1"):
    session_id: UUID
    actual_start: Moment
    actual_minutes: Annotated[int, Field(strict=True, ge=1, le=24 * 60)]
    note: Text | None = None


class CompleteCohort(Command[CohortCompletion], wire="training.CompleteCohort.v1"):
    """Every session must be completed. Certificates go to the makers who attended enough minutes."""

    cohort_id: UUID


class GetCertificate(Query[Certificate], wire="training.GetCertificate.v1"):
    number: str


EVENTS: tuple[type[Event], ...] = (
    MakerRegistered,
    MakerMoved,
    CohortOpened,
    MakerEnrolled,
    MakerWaitlisted,
    SessionCompleted,
    CertificateIssued,
)
