"""A session's sheet, what is set right after it was closed, and how much longer it took than it was planned."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Command, Event, Moment, Name, Page, Part, Query, Why
from shared.contracts.training.replies import Certificate
from shared.contracts.training.requests import ActualMinutes, Attendance
from shared.contracts.training.terms import AttendanceStatus, Craft, StatusCounts


class SheetLine(Part):
    """A maker on a sheet. Without a status nobody has marked her yet; without minutes the session is still open."""

    maker_id: UUID
    name: str
    status: AttendanceStatus | None
    minutes: int | None
    arrived_at: Moment | None
    left_at: Moment | None
    recorded_at: Moment | None
    recorded_by: str | None


class SessionSheet(Part):
    """A session and everybody in its cohort, by name.

    `missing`: whom nobody has marked yet; when the session is completed they are absent. `counts`, `attended` and
    `attended_minutes` are of the marks that there are, and when it is completed they are what SessionCompleted told.
    `overrun_minutes`: what the trainer taught beyond the plan. `version`: 1, and one more for each amendment.
    """

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    title: Name
    number: int
    state: Literal["open", "completed", "amended"]
    planned_start: Moment
    planned_minutes: int
    actual_start: Moment | None
    actual_minutes: int | None
    overrun_minutes: int | None
    note: str | None
    completed_at: Moment | None
    version: int
    counts: StatusCounts
    attended: int
    attended_minutes: int
    missing: list[UUID]
    makers: list[SheetLine]


class GetSession(Query[SessionSheet], wire="training.GetSession.v1"):
    """Its sheet: everybody to whom it applies, with her mark and her minutes, and who is still to be marked."""

    session_id: UUID


class AmendedMark(Part):
    """`status` and `minutes` as they are since; without an earlier status she had no mark."""

    maker_id: UUID
    earlier_status: AttendanceStatus | None
    earlier_minutes: int | None
    status: AttendanceStatus
    minutes: int


class Amendment(Part):
    """One correction: what was, what is since, by whom, when and why. `marks`: those that it changed, only they."""

    session_id: UUID
    version: int
    reason: str
    amended_at: Moment
    amended_by: str
    earlier_start: Moment
    earlier_minutes: int
    actual_start: Moment
    actual_minutes: int
    marks: list[AmendedMark]


class Amended(Part):
    """A session as it is since. `certified` and `revoked`: what the amendment led to in a completed cohort."""

    amendment: Amendment
    overrun_minutes: int
    counts: StatusCounts
    attended: int
    attended_minutes: int
    certified: list[Certificate]
    revoked: list[str]


class AmendSession(Command[Amended], wire="training.AmendSession.v1"):
    """Sets right what was recorded of a completed session. What was before is kept.

    When the cohort is completed and somebody would then complete it, or no longer, it is refused unless `reconsider`
    says that this is meant: who now completes is certified, who no longer does loses her certificate.
    """

    session_id: UUID
    entries: Annotated[list[Attendance], Field(max_length=200)] = Field(default_factory=list)
    actual_start: Moment | None = None
    actual_minutes: ActualMinutes | None = None
    reason: Why
    reconsider: bool = False


class Amendments(Part):
    items: list[Amendment]
    next: str | None


class ListAmendments(Page[Amendments], wire="training.ListAmendments.v1"):
    """The first one first."""

    session_id: UUID


class SessionOverrun(Part):
    """`overrun_minutes`: what was taught beyond the plan, for the trainer's fee; never below 0."""

    session_id: UUID
    number: int
    planned_minutes: int
    actual_start: Moment
    actual_minutes: int
    overrun_minutes: int
    version: int


class Overruns(Part):
    """The completed sessions of a cohort, and their minutes together."""

    cohort_id: UUID
    trainer: str
    sessions: list[SessionOverrun]
    planned_minutes: int
    actual_minutes: int
    overrun_minutes: int


class GetOverruns(Query[Overruns], wire="training.GetOverruns.v1"):
    cohort_id: UUID


class SessionAmended(Event, wire="training.SessionAmended.v1", about=("session_id",)):
    """The whole of a session as it is since: instead of what SessionCompleted, or a lower `version`, has told."""

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    number: int
    version: int
    planned_minutes: int
    actual_minutes: int
    overrun_minutes: int
    counts: StatusCounts
    attended: int
    attended_minutes: int


EVENTS: tuple[type[Event], ...] = (SessionAmended,)
