"""Many rounds of a figure as three numbers, and what all figures are called."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """What a figure was in several rounds."""

    min: float
    median: float
    max: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Figure:
    """What is measured: its name for programs, its name for people, its unit, and what it should be."""

    key: str
    label: str
    unit: str
    goal: str = ""


FIGURES = (
    Figure("batches", "sale events in batches of 100, end to end", "/s"),
    Figure("limit_batched", "  limit: batches of 100, no checks", "/s"),
    Figure("batches_to_limit", "  batches / limit", "x", ">= 0.8"),
    Figure("singles", "single sale events, end to end", "/s"),
    Figure("limit_aio_pika", "  limit: single events, no checks", "/s"),
    Figure("singles_to_limit", "  singles / limit", "x", ">= 1.5"),
    Figure("peer_faststream", "  peer: FastStream's tutorial", "/s"),
    Figure("peer_celery", "  peer: Celery", "/s"),
    Figure("report_p50", "report to maker's notice at 200/s: p50", "ms", "< 12"),
    Figure("report_p95", "  p95", "ms"),
    Figure("report_p99", "  p99", "ms", "< 40"),
    Figure("request_p50", "idle GET /v1/outlets: p50", "ms"),
    Figure("request_p99", "  p99", "ms", "< 10"),
    Figure("batches_sales_cpu", "CPU of sales for 1,000 events in batches", "ms"),
    Figure("batches_notify_cpu", "  of notify in the same time", "ms"),
    Figure("singles_sales_cpu", "CPU of sales for 1,000 single events", "ms"),
    Figure("singles_notify_cpu", "  of notify in the same time", "ms"),
    *(
        Figure(f"{service}_rss", f"memory of {service}", "MB")
        for service in ("sales", "notify", "training", "catalog", "gateway")
    ),
)
RATIOS = (("batches_to_limit", "batches", "limit_batched"), ("singles_to_limit", "singles", "limit_aio_pika"))


@dataclass
class Measured:
    """Every figure of every round so far."""

    rounds: list[dict[str, float]] = field(default_factory=list)

    def add(self, figures: dict[str, float]) -> None:
        """One round. A ratio compares what was measured in the same round, or is left out."""
        ratios = {key: figures[ours] / figures[limit] for key, ours, limit in RATIOS if {ours, limit} <= figures.keys()}
        self.rounds.append(figures | ratios)

    def spreads(self) -> dict[str, Spread]:
        """What each figure was, in the order of `FIGURES`; without those that were never measured."""
        values: dict[str, list[float]] = defaultdict(list)
        for figures in self.rounds:
            for key, value in figures.items():
                values[key].append(value)
        return {figure.key: spread(values[figure.key]) for figure in FIGURES if figure.key in values}

    def as_json(self) -> dict[str, Any]:
        return {key: asdict(found) for key, found in self.spreads().items()}


def spread(values: Sequence[float]) -> Spread:
    return Spread(min(values), median(values), max(values), len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so large a share of them does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]
