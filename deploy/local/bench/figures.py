"""Many rounds of a figure as three numbers."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from deploy.local.bench.catalogue import FIGURES, RATIOS

Figures = dict[str, float]
"""What one round measured, by the figures' keys."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What a figure was in several rounds."""

    min: float
    median: float
    max: float
    rounds: int


Spreads = Mapping[str, Spread]


@dataclass
class Measured:
    """Every figure of every round so far."""

    rounds: list[Figures] = field(default_factory=list)

    def add(self, figures: Figures) -> None:
        """One round. A ratio compares what was measured in the same round, or is left out."""
        ratios = {
            one.key: figures[one.above] / figures[one.under] for one in RATIOS if {one.above, one.under} <= set(figures)
        }
        self.rounds.append(figures | ratios)

    def spreads(self) -> dict[str, Spread]:
        """What each figure was, in the order of `FIGURES`; without those that were never measured."""
        values: dict[str, list[float]] = defaultdict(list)
        for figures in self.rounds:
            for key, value in figures.items():
                values[key].append(value)
        return {figure.key: spread(values[figure.key]) for figure in FIGURES if figure.key in values}


def as_json(spreads: Spreads) -> dict[str, Any]:
    return {key: asdict(found) for key, found in spreads.items()}


def from_json(told: Mapping[str, Any]) -> dict[str, Spread]:
    """What `as_json` gave. Figures that are no longer known are left out."""
    known = {figure.key for figure in FIGURES}
    return {key: Spread(**found) for key, found in told.items() if key in known}


def spread(values: Sequence[float]) -> Spread:
    return Spread(min(values), median(values), max(values), len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so large a share of them does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def percentiles(name: str, values: Sequence[float], marks: Sequence[int]) -> Figures:
    """`<name>_p50` and the like, and `<name>_max`, of values in the figure's unit."""
    return {f"{name}_p{mark}": percentile(values, mark / 100) for mark in marks} | {f"{name}_max": max(values)}


def written(value: float) -> str:
    """With as many digits as such a figure has."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
