"""Where a maker learnt her crafts: the minutes behind what she sells."""

from uuid import UUID

from pydantic import Field

from shared.contracts.message import Day, Part, Query
from shared.contracts.training.terms import Craft


class SessionAttended(Part):
    """A session that was held, and how many minutes of it she was there."""

    session_id: UUID
    number: int
    day: Day
    minutes: int


class Learnt(Part):
    """A cohort in which she learnt, by its sessions that she attended. `certificate`: the number of a valid one."""

    cohort_id: UUID
    craft: Craft
    title: str
    minutes: int
    certificate: str | None
    sessions: list[SessionAttended]


class Learning(Part):
    """By the day of the first session."""

    items: list[Learnt]


class GetLearning(Query[Learning], wire="training.GetLearning.v1"):
    """What a maker learnt of these crafts; none named: of all. Nothing of a maker whom nobody knows."""

    maker_id: UUID
    crafts: list[Craft] = Field(default_factory=list)
