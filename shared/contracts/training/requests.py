"""What training can be asked."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Moment, Name, Page, Part, Query, Text, worded
from shared.contracts.training.planning import Recurrence
from shared.contracts.training.replies import (
    AttendanceRecorded,
    Certificate,
    Cohort,
    CohortCompletion,
    Contacts,
    Enrolment,
    Maker,
    Makers,
    MakerWritten,
    Rusun,
    SessionClosed,
)
from shared.contracts.training.terms import AttendanceStatus, Craft, Language, Minutes, Purpose

Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=32)]
Email = Annotated[
    str,
    StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254),
    worded("an e-mail address, such as siti@example.org"),
]
Nik = Annotated[str, StringConstraints(pattern=r"^\d{16}$"), worded("a NIK has 16 digits, without spaces")]
Door = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
"""A block or a unit in a rusun."""


class RegisterRusun(Command[Rusun], wire="training.RegisterRusun.v1"):
    """A block of rental flats and the cooperative that serves it."""

    code: Code
    name: Name
    cooperative: Code
    cooperative_name: Name


class RegisterMaker(Command[MakerWritten], wire="training.RegisterMaker.v1"):
    """`birth_date` is compared with the NIK's and not kept."""

    name: Name
    phone: Phone
    rusun: Code
    block: Door
    unit: Door
    since: Day | None = None
    email: Email | None = None
    language: Language = Language.INDONESIAN
    nik: Nik | None = None
    birth_date: Day | None = None
    consents: list[Purpose] = Field(default_factory=lambda: [Purpose.TRAINING])


class ListMakers(Page[Makers], wire="training.ListMakers.v1"):
    """Those who live somewhere today, or lived there on the day `at`; of one rusun, or of all.

    `name`: what stands in hers, in small or large letters; `phone`: one of several who share it, however it is written.
    """

    rusun: Code | None = None
    at: Day | None = None
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)] | None = None
    phone: Phone | None = None


class GetMaker(Query[Maker], wire="training.GetMaker.v1"):
    """Where she lives today and what she has consented to. Her number of identity: its last four digits."""

    maker_id: UUID


class GetContacts(Query[Contacts], wire="training.GetContacts.v1"):
    maker_ids: Annotated[list[UUID], Field(max_length=500)]


class PlannedSession(Part):
    planned_start: Moment
    planned_minutes: Annotated[int, Field(strict=True, ge=15, le=12 * 60)] = 180


class OpenCohort(Command[Cohort], wire="training.OpenCohort.v1"):
    """`sessions` or a `recurrence` says when; with a `curriculum` its newest version says what is taught.

    Without a curriculum `craft` and `title` are needed; with `trainers` their names stand for `trainer`.
    `required_share`: the per cent of the minutes actually taught that a maker must attend to complete.
    `practical_required`: she also needs a piece that was accepted; so she does when the curriculum says so.
    `offer_seconds`: how long a seat that became free is held for the next in line.
    """

    craft: Craft | None = None
    title: Name | None = None
    rusun: Code
    trainer: Name | None = None
    capacity: Annotated[int, Field(strict=True, ge=1, le=200)] = 35
    required_share: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    practical_required: Annotated[bool, Field(strict=True)] = False
    sessions: Annotated[list[PlannedSession], Field(min_length=1, max_length=60)] | None = None
    recurrence: Recurrence | None = None
    curriculum: Code | None = None
    trainers: Annotated[list[UUID], Field(max_length=10)] = Field(default_factory=list)
    place: Code | None = None
    offer_seconds: Annotated[int, Field(strict=True, ge=1, le=14 * 24 * 60 * 60)] = 24 * 60 * 60


class GetCohort(Query[Cohort], wire="training.GetCohort.v1"):
    """With the ids of its sessions, who is in it or waits, who teaches it, what it needs and what clashes."""

    cohort_id: UUID


class Enrol(Command[Enrolment], wire="training.Enrol.v1"):
    """A seat, as long as there is one; else a place in line. Who has never completed a course comes first there.

    `since`: for what is entered afterwards, the day from which on the seat was hers; sessions before are not.
    """

    cohort_id: UUID
    maker_id: UUID
    since: Day | None = None


class Attendance(Part):
    """`minutes` that this maker was there; left out for `present`: the whole session.

    Who was late or left early has `minutes`, or else `arrived_at` or `left_at`: from them and from what the session
    really was her minutes are reckoned when it is completed.
    """

    maker_id: UUID
    status: AttendanceStatus
    minutes: Minutes | None = None
    arrived_at: Moment | None = None
    left_at: Moment | None = None


class RecordAttendance(Command[AttendanceRecorded], wire="training.RecordAttendance.v1"):
    """A sheet, or part of one, for an open session. A later entry for a maker replaces her earlier one.

    `others`: the mark of all to whom the session applies and whom no sheet has named; `entries` are the exceptions.
    Who has no mark is absent when the session is completed; to her who enrolled after its day it does not apply.
    """

    session_id: UUID
    entries: Annotated[list[Attendance], Field(max_length=200)] = Field(default_factory=list)
    others: Literal[AttendanceStatus.PRESENT, AttendanceStatus.ABSENT] | None = None


ActualMinutes = Annotated[int, Field(strict=True, ge=1, le=24 * 60)]


class CompleteSession(Command[SessionClosed], wire="training.CompleteSession.v1"):
    """When it really began and how long it was: every maker's minutes follow. Later it is only set right by amendments.

    Whoever has no mark was absent. It has begun, and may be completed before its end.
    """

    session_id: UUID
    actual_start: Moment
    actual_minutes: ActualMinutes
    note: Text | None = None


class CompleteCohort(Command[CohortCompletion], wire="training.CompleteCohort.v1"):
    """Every session must be completed. Certificates go to the makers who attended enough minutes.

    Where a practical piece is required, only to those of whom one was accepted. `ended_on`: for what is entered
    afterwards, the day that certificates bear.
    """

    cohort_id: UUID
    ended_on: Day | None = None


class GetCertificate(Query[Certificate], wire="training.GetCertificate.v1"):
    number: str
