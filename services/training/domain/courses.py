"""How a cohort is planned and who gets a seat in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from shared.contracts.training import Craft, PlannedSession
from shared.errors import Rejected


class EnrolmentState(StrEnum):
    """Where a maker stands in a cohort."""

    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


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


@dataclass(frozen=True, slots=True)
class Taken:
    """How many seats and how many places in the waiting line are taken."""

    enrolled: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Seat:
    """`position` counts the waiting line from 1; None with a seat."""

    state: EnrolmentState
    position: int | None


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


def next_seat(capacity: int, taken: Taken) -> Seat:
    """A seat while there are any; then the end of the waiting line. Nobody passes those who wait."""
    if taken.enrolled < capacity and taken.waiting == 0:
        return Seat(EnrolmentState.ENROLLED, None)
    return Seat(EnrolmentState.WAITLISTED, taken.waiting + 1)
