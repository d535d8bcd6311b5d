"""The programme's steps, how far each maker has come, and how many have come how far."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Code, Command, Day, Event, Moment, Name, Page, Part, Query, Text, Why


class ProgrammeStep(Part):
    """`registration`, `training`, `accompaniment` and `marketing` are also reached by themselves, through facts."""

    code: Code
    name_id: Name
    name_en: Name


class StepOrder(Part):
    """The steps in their order, from a day on, until a later order."""

    valid_from: Day
    steps: list[ProgrammeStep]
    set_by: str


class StepOrders(Part):
    items: list[StepOrder]
    next: str | None


class SetProgrammeSteps(Command[StepOrder], wire="training.SetProgrammeSteps.v1"):
    """A new order of the steps. What makers have reached stays as it is; what is no longer a step is not asked for."""

    valid_from: Day
    steps: Annotated[list[ProgrammeStep], Field(min_length=1, max_length=50)]


class ListProgrammeSteps(Page[StepOrders], wire="training.ListProgrammeSteps.v1"):
    """The latest order first."""


class Withdrawn(Part):
    """Recorded wrongly: it counts for nothing and stays readable."""

    reason: str
    by: str
    at: Moment


class StepRecord(Part):
    """`since`: from when on she counts as having reached the step, the earliest day that is known."""

    record_id: UUID
    maker_id: UUID
    step: Code
    reached_on: Day
    since: Day | None


class RecordStep(Command[StepRecord], wire="training.RecordStep.v1"):
    """She has reached a step of the order that was valid on that day. Of several days the earliest counts."""

    maker_id: UUID
    step: Code
    reached_on: Day
    note: Text | None = None


class WithdrawStep(Command[StepRecord], wire="training.WithdrawStep.v1"):
    """What a person recorded was wrong. What follows from facts is not withdrawn here: put the fact right."""

    maker_id: UUID
    record_id: UUID
    reason: Why


class StepReached(Part):
    """A step of the order that is valid today; `since` is empty when she has not come to it."""

    code: Code
    name_id: Name
    name_en: Name
    since: Day | None


class StepFact(Part):
    """Something that says when she reached a step. `source`: what it follows from, or `recorded` by a person."""

    step: Code
    reached_on: Day
    source: str
    record_id: UUID | None
    note: str | None
    recorded_by: str | None
    withdrawn: Withdrawn | None


class Progress(Part):
    """`next`: the first step that she has not come to; `history`: all that is known, by day."""

    maker_id: UUID
    steps: list[StepReached]
    next: Code | None
    history: list[StepFact]


class GetProgress(Query[Progress], wire="training.GetProgress.v1"):
    maker_id: UUID


class FunnelStep(Part):
    """`reached`: makers; the shares in basis points, empty when there is nobody to have a share of."""

    code: Code
    name_id: Name
    name_en: Name
    reached: int
    share_of_first_bps: int | None
    share_of_before_bps: int | None


class Funnel(Part):
    at: Day
    rusun: Code | None
    steps: list[FunnelStep]


class GetFunnel(Query[Funnel], wire="training.GetFunnel.v1"):
    """How many had reached each step by `at` (today), by the order of that day; with `rusun`, of those who lived there.

    Every maker is counted in one rusun: where she lived on that day, or first lives when that is later.
    """

    rusun: Code | None = None
    at: Day | None = None


class ProgrammeStepsSet(Event, wire="training.ProgrammeStepsSet.v1", about=("valid_from",)):
    """From that day on, until a later order, these are the steps."""

    valid_from: Day
    steps: list[ProgrammeStep]


class MakerReachedStep(Event, wire="training.MakerReachedStep.v1", about=("maker_id", "step")):
    """A person has said so, or has visited her. What follows from other events (a course, income) is not told again."""

    fact_id: UUID
    maker_id: UUID
    step: Code
    reached_on: Day


class MakerStepWithdrawn(Event, wire="training.MakerStepWithdrawn.v1", about=("maker_id", "step")):
    """It was recorded wrongly and counts for nothing."""

    fact_id: UUID
    maker_id: UUID
    step: Code


EVENTS: tuple[type[Event], ...] = (ProgrammeStepsSet, MakerReachedStep, MakerStepWithdrawn)
