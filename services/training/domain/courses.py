"""How a cohort is planned and who gets a seat in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from services.training.domain.calendar import JAKARTA, jakarta_day
from services.training.domain.faults import invalid
from services.training.domain.recurrence import occurrences
from shared.contracts.training import Craft, OpenCohort, PlannedSession
from shared.contracts.training.teaching import Curriculum, Material, MaterialNeeded
from shared.errors import Rejected

REQUIRED_SHARE = 75
"""Per cent, when neither the request nor a curriculum says."""


class EnrolmentState(StrEnum):
    """Where a maker stands in a cohort."""

    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """What decisions need of a cohort. `required_share` is per cent."""

    cohort_id: UUID
    craft: Craft
    title: str
    capacity: int
    required_share: int
    completed_at: datetime | None
    practical_required: bool = False
    offer_seconds: int = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Taken:
    """How many seats and how many places in the waiting line are taken. An offered seat is held: nobody else's.

    `unwilling`: those of the line who do not agree to be trained for now; no seat is held back for them.
    """

    enrolled: int
    waiting: int
    offered: int = 0
    unwilling: int = 0

    @property
    def seats(self) -> int:
        return self.enrolled + self.offered


@dataclass(frozen=True, slots=True)
class Taught:
    """What a cohort is about: as the request says, else as its curriculum does."""

    craft: Craft
    title: str
    required_share: int
    practical_required: bool
    titles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Seat:
    """`position` counts the waiting line from 1; None with a seat."""

    state: EnrolmentState
    position: int | None


def what_is_taught(asked: OpenCohort, curriculum: Curriculum | None) -> Taught:
    """Raises Invalid, naming what neither says; Rejected when they speak of different crafts."""
    craft = asked.craft or (curriculum.craft if curriculum else None)
    title = asked.title or (curriculum.title if curriculum else None)
    if craft is None or title is None:
        missing = [name for name, value in (("craft", craft), ("title", title)) if value is None]
        raise invalid(*[(name, "needed where there is no curriculum") for name in missing])
    if curriculum and craft is not curriculum.craft:
        raise Rejected("craft_differs", f"Curriculum {curriculum.code} is of {curriculum.craft}")
    share = asked.required_share or (curriculum.required_share if curriculum else REQUIRED_SHARE)
    practical = asked.practical_required or bool(curriculum and curriculum.practical_required)
    titles = [module.title for module in curriculum.sessions] if curriculum else []
    return Taught(craft, title, share, practical, titles)


def when_it_is_taught(asked: OpenCohort, curriculum: Curriculum | None) -> list[PlannedSession]:
    """In their order. Raises Invalid unless either `sessions` or a `recurrence` says; Rejected when two overlap."""
    if (asked.sessions is None) == (asked.recurrence is None):
        raise invalid(("sessions", "either these or a recurrence, one of the two"))
    if asked.recurrence is None:
        return in_order(asked.sessions or [])
    return in_order(
        occurrences(asked.recurrence, [module.minutes for module in curriculum.sessions] if curriculum else [])
    )


def next_version(craft: Craft, newest: Curriculum | None) -> int:
    """Raises Rejected when it would become a curriculum of another craft."""
    if newest and newest.craft is not craft:
        raise Rejected("craft_differs", f"Curriculum {newest.code} is of {newest.craft}")
    return newest.version + 1 if newest else 1


def who_teaches(asked: OpenCohort, names: Sequence[str]) -> str:
    """As the request says, else the names of its trainers. Raises Invalid when nobody does."""
    if asked.trainer is None and not names:
        raise invalid(("trainer", "needed where there are no trainers"))
    return asked.trainer or names_of(names)


def names_of(trainers: Sequence[str]) -> str:
    """As they are written on one line."""
    return ", ".join(trainers)[:200]


def materials_needed(materials: Sequence[Material], seats: int) -> list[MaterialNeeded]:
    """For all seats: it must be there whoever comes."""
    return [
        MaterialNeeded(name=m.name, unit=m.unit, per_person=m.quantity, total=m.quantity * seats) for m in materials
    ]


def in_order(sessions: Sequence[PlannedSession]) -> list[PlannedSession]:
    """The sessions in the order in which they will be numbered. Raises Rejected when two overlap."""
    ordered = sorted(sessions, key=lambda session: session.planned_start)
    for earlier, later in pairwise(ordered):
        if later.planned_start < planned_end(earlier):
            start = later.planned_start.isoformat()
            raise Rejected("sessions_overlap", f"The session of {start} begins before the one before it ends")
    return ordered


def planned_end(session: PlannedSession) -> datetime:
    """The moment from which the room is free again, by plan."""
    return session.planned_start + timedelta(minutes=session.planned_minutes)


def check_open(cohort: CohortFacts) -> None:
    """Raises Rejected when the cohort has been completed."""
    if cohort.completed_at:
        raise Rejected("cohort_completed", f"Cohort {cohort.cohort_id} is completed")


def moment_on(field: str, day: date | None, now: datetime) -> datetime:
    """Now, or the same time on an earlier day: what is entered afterwards keeps its order. Raises Invalid."""
    if day is None:
        return now
    if day > jakarta_day(now):
        raise invalid((field, "this day has not come yet"))
    return datetime.combine(day, now.astimezone(JAKARTA).timetz())


def check_end(ended_on: date, last_start: datetime | None) -> None:
    """Raises Invalid for an end before the last session."""
    if last_start and ended_on < jakarta_day(last_start):
        raise invalid(("ended_on", f"its last session was on {jakarta_day(last_start)}"))


def next_seat(capacity: int, taken: Taken) -> Seat:
    """A seat while there are any; then the end of the waiting line. Nobody passes those who wait and agree."""
    if taken.seats < capacity and taken.waiting == taken.unwilling:
        return Seat(EnrolmentState.ENROLLED, None)
    return Seat(EnrolmentState.WAITLISTED, taken.waiting + 1)
