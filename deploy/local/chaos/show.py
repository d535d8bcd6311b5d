"""A run for people: faults, what was seen, invariants; and for programs."""

import math
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from deploy.local.chaos.faults.schedule import Happened
from deploy.local.chaos.run import Outcome
from deploy.local.chaos.verdict import Exit

MOST = 5
"""Lines that are shown of what is wrong with an invariant."""


def tables(outcome: Outcome) -> list[Table]:
    return [_faults(outcome.happened), _seen(outcome), _invariants(outcome)]


def sentence(outcome: Outcome) -> str:
    """The verdict in one line."""
    p99 = percentile(outcome.lags, 0.99)
    drained = "never" if outcome.drained_in is None else f"in {outcome.drained_in:.1f} s"
    told = f"{outcome.reports} reports, {len(outcome.happened)} faults, drained {drained}, p99 to the books {p99:.1f} s"
    match outcome.verdict.exit:
        case Exit.HOLDS:
            return f"Everything holds: {told}."
        case Exit.VOID:
            return f"Void: never seen: {', '.join(outcome.verdict.unseen)}. {told}."
        case _:
            return f"RED, seed {outcome.plan.seed}: {'; '.join(outcome.verdict.red)}. {told}."


def as_json(outcome: Outcome) -> dict[str, Any]:
    plan = outcome.plan
    return {
        "seed": plan.seed,
        "seconds": plan.size.seconds,
        "rate": plan.size.rate,
        "switched_off": plan.switch or None,
        "reports": outcome.reports,
        "took": round(outcome.seconds, 1),
        "drained_in": None if outcome.drained_in is None else round(outcome.drained_in, 1),
        "lag_p50": round(percentile(outcome.lags, 0.5), 3),
        "lag_p99": round(percentile(outcome.lags, 0.99), 3),
        "faults": [
            {"fault": one.planned.name, "began": round(one.began, 2), "ended": round(one.ended, 2), "told": one.told}
            for one in outcome.happened
        ],
    } | outcome.verdict.as_json()


def percentile(values: Sequence[float], share: float) -> float:
    """Of values in order; 0 when there are none."""
    return values[math.ceil(share * len(values)) - 1] if values else 0.0


def _faults(happened: Sequence[Happened]) -> Table:
    table = Table("began", "ended", "fault", "", title="faults")
    for one in happened:
        table.add_row(f"{one.began:.1f} s", f"{one.ended:.1f} s", one.planned.name, one.told)
    return table


def _seen(outcome: Outcome) -> Table:
    table = Table("sometimes", "times", title="seen")
    for what, times in sorted(outcome.verdict.seen.items()):
        table.add_row(what, f"{times:,}")
    for what in outcome.verdict.unseen:
        table.add_row(f"[yellow]{what}[/yellow]", "never")
    return table


def _invariants(outcome: Outcome) -> Table:
    table = Table("invariant", "", title="invariants")
    for name, wrong in outcome.verdict.wrong.items():
        told = "\n".join(wrong[:MOST] + ["..."] * (len(wrong) > MOST))
        table.add_row(name, f"[red]{told}[/red]" if wrong else "holds")
    return table
