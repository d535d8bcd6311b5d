"""How far a maker has come: of all that says when she reached a step the earliest counts, whichever came first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.training.domain.faults import invalid
from shared.contracts.training.progress import FunnelStep, ProgrammeStep, StepReached
from shared.errors import Rejected

WHOLE = 10_000
"""All of them, in basis points."""


class Reached(NamedTuple):
    """Something says that she reached a step on this day."""

    step: str
    day: date


def earliest(facts: Iterable[Reached]) -> dict[str, date]:
    """Since when she counts as having reached each step."""
    since: dict[str, date] = {}
    for step, day in facts:
        since[step] = min(day, since.get(step, day))
    return since


def check_order(steps: Sequence[ProgrammeStep]) -> None:
    """Raises Invalid when a step is in the order twice."""
    codes = [step.code for step in steps]
    twice = [(f"steps.{i}.code", "this step comes before already") for i, c in enumerate(codes) if c in codes[:i]]
    if twice:
        raise invalid(*twice)


def check_step(step: str, order: Sequence[ProgrammeStep]) -> None:
    """Raises Rejected for a step that the programme did not have then."""
    codes = [known.code for known in order]
    if step not in codes:
        raise Rejected("step_unknown", f"The steps of that day are {', '.join(codes)}")


def check_past(field: str, day: date, today: date) -> None:
    """Raises Invalid for what is recorded before it has happened."""
    if day > today:
        raise invalid((field, "this day has not come yet"))


def along(order: Sequence[ProgrammeStep], since: Mapping[str, date]) -> list[StepReached]:
    """The programme's steps in their order, each with the day on which she came to it."""
    return [StepReached(**step.model_dump(), since=since.get(step.code)) for step in order]


def next_of(steps: Sequence[StepReached]) -> str | None:
    """The first step that she has not come to; steps may be passed over."""
    return next((step.code for step in steps if step.since is None), None)


def funnel(order: Sequence[ProgrammeStep], reached: Mapping[str, int]) -> list[FunnelStep]:
    """How many came to each step, of the first one's and of those of the one before it."""
    counts = [reached.get(step.code, 0) for step in order]
    return [
        FunnelStep(
            **step.model_dump(),
            reached=count,
            share_of_first_bps=share(count, counts[0]),
            share_of_before_bps=share(count, counts[position - 1] if position else 0),
        )
        for position, (step, count) in enumerate(zip(order, counts, strict=True))
    ]


def share(part: int, whole: int) -> int | None:
    """In basis points, rounded down; a step may have been reached by more than the one before it."""
    return part * WHOLE // whole if whole else None
