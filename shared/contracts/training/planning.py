"""How the sessions of a cohort are planned, and planned anew."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Event, Moment, Name, Page, Part, Why, worded
from shared.contracts.training.clashes import Clash
from shared.contracts.training.replies import Cohort, Remark, SessionView
from shared.contracts.training.teaching import PlannedMinutes
from shared.contracts.training.terms import Craft

CohortState = Literal["open", "completed"]


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Recurrence(Part):
    """Sessions on these weekdays at `start`, Jakarta time, from the day `from` on: `count` of them, or up to `until`.

    No session is on a day in `except`, and none of these days counts. Without `minutes`, `count` and `until` the
    curriculum says how long and how many they are.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    start: Annotated[
        str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), worded("a time of day, such as 09:00")
    ]
    minutes: PlannedMinutes | None = None
    since: Annotated[date, Field(alias="from", ge=date(2000, 1, 2), lt=date(2099, 1, 1))]
    count: Annotated[int, Field(strict=True, ge=1, le=60)] | None = None
    until: Annotated[date, Field(ge=date(2000, 1, 2), lt=date(2099, 12, 31))] | None = None
    left_out: list[Day] = Field(default_factory=list, alias="except", max_length=366)


class SessionPlanned(Part):
    """A session as it is planned now. `clashes`: those that it is in; `warnings`: of a place that is too small."""

    cohort_id: UUID
    session: SessionView
    clashes: list[Clash]
    warnings: list[Remark] = Field(default_factory=list)


class ReplanSession(Command[SessionPlanned], wire="training.ReplanSession.v1"):
    """Another time, place or other trainers for a session that has not been held, or with `cancel` no session at all.

    What is left out stays as it is. `trainers` are all of them.
    """

    session_id: UUID
    planned_start: Moment | None = None
    planned_minutes: PlannedMinutes | None = None
    place: Code | None = None
    trainers: Annotated[list[UUID], Field(max_length=10)] | None = None
    cancel: bool = False
    reason: Why


class SetTrainers(Command[Cohort], wire="training.SetTrainers.v1"):
    """Who teaches a cohort from now on: all its sessions that have not been held. These are all of them."""

    cohort_id: UUID
    trainers: Annotated[list[UUID], Field(min_length=1, max_length=10)]
    reason: Why


class CohortHead(Part):
    """A cohort in a list: `waiting` in line; `offered` and `enrolled` are seats that are taken."""

    cohort_id: UUID
    craft: Craft
    title: Name
    rusun: Code
    trainer: str
    curriculum: Code | None
    capacity: int
    enrolled: int
    offered: int
    waiting: int
    sessions: int
    sessions_held: int
    first_start: Moment | None
    last_start: Moment | None
    opened_at: Moment
    completed_at: Moment | None


class Cohorts(Part):
    items: list[CohortHead]
    next: str | None


class ListCohorts(Page[Cohorts], wire="training.ListCohorts.v1"):
    """The newest first."""

    rusun: Code | None = None
    craft: Craft | None = None
    state: CohortState | None = None


class SessionReplanned(Event, wire="training.SessionReplanned.v1", about=("session_id",)):
    """From now on it is planned so.

    `makers`: whom it concerns, those with a seat or an offer, when it is at another time or place or lasts longer or
    shorter; nobody when only its trainers are others. `earlier_start`: when it was planned before.
    """

    session_id: UUID
    cohort_id: UUID
    number: int
    planned_start: Moment
    planned_minutes: int
    place: Code | None
    place_name: str | None = None
    title: str = ""
    earlier_start: Moment | None = None
    makers: list[UUID] = Field(default_factory=list)


class SessionCancelled(Event, wire="training.SessionCancelled.v1", about=("session_id",)):
    """It will not be held; nobody is absent from it. `makers`: those with a seat, or an offer of one."""

    session_id: UUID
    cohort_id: UUID
    number: int
    planned_start: Moment
    planned_minutes: int
    title: str = ""
    makers: list[UUID] = Field(default_factory=list)


EVENTS: tuple[type[Event], ...] = (SessionReplanned, SessionCancelled)
