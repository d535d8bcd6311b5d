"""Accompaniment: who visits whom after the course, what was agreed, and who has been without income for long."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AliasChoices, Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Moment, Page, Part, Query, Text, Why
from shared.contracts.training.progress import Withdrawn
from shared.contracts.training.terms import Craft

CompanionName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^/]{1,100}$")]
"""A person of the programme. It stands in paths, so it holds no slash."""

What = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Days = Annotated[int, Field(ge=1, le=3650)]


class VisitKind(StrEnum):
    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"


class NextStepState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Companion(Part):
    """Who accompanies a maker from a day on, until a later one."""

    maker_id: UUID
    companion: CompanionName
    since: Day
    recorded_by: str


class AssignCompanion(Command[Companion], wire="training.AssignCompanion.v1"):
    maker_id: UUID
    companion: CompanionName
    since: Day | None = None


class CohortCompanion(Part):
    cohort_id: UUID
    companion: CompanionName


class SetCohortCompanion(Command[CohortCompanion], wire="training.SetCohortCompanion.v1"):
    """Whoever completes this cohort and has no companion yet gets this one."""

    cohort_id: UUID
    companion: CompanionName


class RusunCompanion(Part):
    code: Code
    companion: CompanionName


class SetRusunCompanion(Command[RusunCompanion], wire="training.SetRusunCompanion.v1"):
    """Whoever lives here when she completes a cohort that has none itself, and has no companion yet, gets this one."""

    code: Code
    companion: CompanionName


class PlannedStep(Part):
    what: What
    due_on: Day


class NextStep(Part):
    """Something that was agreed on a visit; `note`: what became of it."""

    step_id: UUID
    maker_id: UUID
    what: str
    due_on: Day
    state: NextStepState
    ended_at: Moment | None
    ended_by: str | None
    note: str | None


class Visit(Part):
    visit_id: UUID
    maker_id: UUID
    visited_on: Day
    companion: str
    kind: VisitKind
    note: str | None
    recorded_by: str
    withdrawn: Withdrawn | None
    next_steps: list[NextStep]


class RecordVisit(Command[Visit], wire="training.RecordVisit.v1"):
    """What was said is private: `note` and `what` never leave training."""

    maker_id: UUID
    visited_on: Day
    companion: CompanionName
    kind: VisitKind = VisitKind.VISIT
    note: Text | None = None
    next_steps: Annotated[list[PlannedStep], Field(max_length=20)] = Field(default_factory=list)


class WithdrawVisit(Command[Visit], wire="training.WithdrawVisit.v1"):
    """It was recorded wrongly. It counts for nothing, and what was agreed on it is nobody's task any more."""

    visit_id: UUID
    reason: Why


class FinishNextStep(Command[NextStep], wire="training.FinishNextStep.v1"):
    step_id: UUID
    note: Text | None = None


class DropNextStep(Command[NextStep], wire="training.DropNextStep.v1"):
    step_id: UUID
    reason: Why


class Accompaniment(Part):
    """All of one maker's, by day. `companion`: today's; income as sales tells of it."""

    maker_id: UUID
    companion: str | None
    companions: list[Companion]
    visits: list[Visit]
    first_income: Day | None
    last_income: Day | None


class GetAccompaniment(Query[Accompaniment], wire="training.GetAccompaniment.v1"):
    maker_id: UUID


class DueStep(Part):
    step_id: UUID
    maker_id: UUID
    name: str
    what: str
    due_on: Day
    overdue: bool
    agreed_on: Day


class Agenda(Part):
    items: list[DueStep]
    next: str | None


class GetAgenda(Page[Agenda], wire="training.GetAgenda.v1"):
    """What a companion has to do: all that is overdue, then what is due from `from` (today) to `to` (a week later).

    Hers is what was agreed with those whom she accompanies today, whoever agreed it.
    """

    name: CompanionName
    from_day: Day | None = Field(None, validation_alias=AliasChoices("from", "from_day"))
    to_day: Day | None = Field(None, validation_alias=AliasChoices("to", "to_day"))


class Unaccompanied(Part):
    maker_id: UUID
    name: str
    rusun: Code
    completed_on: Day


class UnaccompaniedMakers(Part):
    items: list[Unaccompanied]
    next: str | None


class ListUnaccompanied(Page[UnaccompaniedMakers], wire="training.ListUnaccompanied.v1"):
    """Makers who have completed a course and have no companion; who waits longest comes first."""

    rusun: Code | None = None


class WithoutIncome(Part):
    """`since`: her last income, her last order or her first completed course, whichever is the latest."""

    maker_id: UUID
    name: str
    rusun: Code
    since: Day
    days: int
    last_income: Day | None
    last_order: Day | None
    last_visit: Day | None
    companion: str | None
    found_on: Day | None


class MakersWithoutIncome(Part):
    items: list[WithoutIncome]
    next: str | None


class ListWithoutIncome(Page[MakersWithoutIncome], wire="training.ListWithoutIncome.v1"):
    """Makers who have completed a course (of `craft`) and have had no income and no order for so many days.

    Who has been so for longest comes first. `found_on`: when it was told, once for each such time of hers.
    """

    days: Days = 60
    rusun: Code | None = None
    craft: Craft | None = None
