"""What may be recorded of an accompaniment."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.training.domain.faults import invalid
from shared.contracts.training.accompaniment import NextStep, NextStepState, PlannedStep
from shared.errors import Rejected

WITHOUT_INCOME_DAYS = 60
"""After so many days without income and order somebody looks after her."""

AGENDA = timedelta(days=7)
"""As far as a companion looks ahead when she does not say."""


def check_due(visited_on: date, steps: Sequence[PlannedStep]) -> None:
    """Raises Invalid for what is due before it was agreed."""
    early = [i for i, step in enumerate(steps) if step.due_on < visited_on]
    if early:
        raise invalid(*[(f"next_steps.{i}.due_on", "before the visit on which it was agreed") for i in early])


def check_open(step: NextStep) -> None:
    """Raises Rejected for what was done or dropped before."""
    if step.state is not NextStepState.OPEN:
        raise Rejected("next_step_ended", f"It is {step.state} already")


def agenda_days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """From today for a week, as far as nothing else is said. Raises Invalid when the end is before the beginning."""
    begin = first or today
    end = last or begin + AGENDA
    if end < begin:
        raise invalid(("to", "before `from`"))
    return begin, end


def poor_since(today: date, days: int = WITHOUT_INCOME_DAYS) -> date:
    """Who had her last income or order on this day or earlier has had none for so many days."""
    return today - timedelta(days=days)
