"""What is measured: each figure's name for programs and for people, its unit, and what it should be."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the bench that can be asked for by itself."""

    THROUGHPUT = "throughput"
    LATENCY = "latency"
    REQUESTS = "requests"
    PEERS = "peers"
    SCALING = "scaling"
    BACKLOG = "backlog"
    MILLION = "million"
    GROWTH = "growth"


USUAL = frozenset({Part.THROUGHPUT, Part.LATENCY, Part.REQUESTS, Part.PEERS})
"""Five minutes on two cores that have nothing else to do."""

ON_ITS_OWN = frozenset({Part.MILLION, Part.GROWTH})
"""Begin with new, empty servers, and are measured once."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be: at least, or below, a limit in its unit."""

    limit: float
    below: bool

    def met(self, value: float) -> bool:
        return value < self.limit if self.below else value >= self.limit

    def __str__(self) -> str:
        return f"{'<' if self.below else '≥'} {self.limit:g}"


def at_least(limit: float) -> Goal:
    return Goal(limit, below=False)


def below(limit: float) -> Goal:
    return Goal(limit, below=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ours`: of the product, not of a limit or a peer beside it."""

    key: str
    label: str
    unit: str
    goal: Goal | None = None
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that are shown together. `drawn`: as a panel of the picture too, for they share a unit."""

    title: str
    figures: tuple[Figure, ...]
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure that divides two of the same round."""

    key: str
    above: str
    under: str


REPLICAS = (1, 2, 3)
ROWS = (0, 1_000_000, 10_000_000)
"""Of the ledger, when its growth is measured."""

SERVICES = ("sales", "notify", "training", "catalog", "gateway")
SERVERS = ("postgres", "rabbitmq")


def rows_key(rows: int) -> str:
    return f"growth_{rows}"


def replicas_key(name: str, replicas: int) -> str:
    return f"{name}_by_{replicas}"


def _percentiles(name: str, label: str, marks: dict[str, Goal | None]) -> tuple[Figure, ...]:
    return tuple([Figure(f"{name}_{mark}", f"{label}: {mark}", "ms", goal) for mark, goal in marks.items()])


THROUGHPUT = Section(
    "Sale events a second, from the till's report to the maker's committed notice",
    (
        Figure("batches_500", "AMQP, batches of 500", "/s"),
        Figure("batches", "AMQP, batches of 100", "/s"),
        Figure("http", "HTTP through the gateway, batches of 100", "/s"),
        Figure("singles", "AMQP, one event a message", "/s"),
        Figure("limit_postgres", "limit: PostgreSQL alone, batches of 500", "/s", ours=False),
        Figure("limit_batched", "limit: batches of 100, no checks", "/s", ours=False),
        Figure("limit_aio_pika", "limit: one event a message, no checks", "/s", ours=False),
        Figure("peer_faststream", "peer: FastStream as its tutorial shows it", "/s", ours=False),
        Figure("peer_celery", "peer: Celery", "/s", ours=False),
    ),
)
RATIOS_SHOWN = Section(
    "Divided by limits and peers of the same round",
    (
        Figure("batches_to_limit", "batches of 100 / limit", "x", at_least(0.8)),
        Figure("singles_to_limit", "single events / limit", "x", at_least(1.5)),
        Figure("batches_to_celery", "batches of 100 / Celery", "x", at_least(25)),
        Figure("batches_to_faststream", "batches of 100 / FastStream's tutorial", "x", at_least(15)),
    ),
    drawn=False,
)
LATENCY = Section(
    "From one report to its notice, milliseconds",
    (
        *_percentiles(
            "report_200", "at 200 reports a second", {"p50": below(12), "p95": None, "p99": below(40), "max": None}
        ),
        *_percentiles(
            "report_1000", "at 1,000 reports a second", {"p50": None, "p95": None, "p99": below(200), "max": None}
        ),
    ),
)
REQUESTS = Section(
    "GET /v1/outlets through the gateway, milliseconds",
    (
        *_percentiles("request", "request, idle", {"p50": None, "p99": below(10)}),
        *_percentiles("request_fed", "request, at 1,000 reports a second", {"p50": None, "p99": below(100)}),
        *_percentiles("request_at_once", "request, 16 at once", {"p50": None, "p99": None}),
    ),
)
RATE = Section("Requests a second", (Figure("requests", "16 at once", "/s"),), drawn=False)
BACKLOG = Section(
    "200 a second behind a backlog of 100,000, seconds",
    (
        Figure("drained", "until the backlog is booked and told", "s"),
        *[Figure(f"report_behind_{mark}", f"report to notice: {mark}", "s") for mark in ("p50", "p95", "p99", "max")],
    ),
)
SCALING = Section(
    "Replicas of sales, divided by one replica in the same round",
    tuple(
        [
            Figure(f"{name}_gain_by_{n}", f"{label}, {n} replicas", "x")
            for name, label in (("batches", "batches of 100"), ("singles", "single events"))
            for n in REPLICAS[1:]
        ]
    ),
)
SCALED = Section(
    "Replicas of sales, events a second",
    tuple(
        [
            Figure(replicas_key(name, n), f"{label}, {n} replica{'s' if n > 1 else ''}", "/s")
            for name, label in (("batches", "batches of 100"), ("singles", "single events"))
            for n in REPLICAS
        ]
    ),
    drawn=False,
)
GROWTH = Section(
    "Batches of 100 by rows of the ledger, events a second",
    tuple([Figure(rows_key(rows), f"{rows:,} rows", "/s") for rows in ROWS]),
)
GROWN = Section(
    "Growth",
    (
        Figure("growth_to_none_1000000", "throughput at 1,000,000 rows / at none", "x", at_least(0.9)),
        Figure("growth_to_none_10000000", "throughput at 10,000,000 rows / at none", "x", at_least(0.9)),
        *[
            Figure(f"{rows_key(rows)}_{what}_cpu", f"CPU of {what} for 1,000 events, {rows:,} rows", "ms")
            for what in ("sales", "postgres")
            for rows in ROWS
        ],
        Figure("seeding_seconds", "making 10,000,000 rows and what belongs to them", "s"),
    ),
    drawn=False,
)
MILLION = Section(
    "A million events in batches of 100",
    (
        Figure("million", "events a second, told", "/s"),
        *[Figure(f"million_{one}_cpu", f"CPU of {one}", "s") for one in (*SERVICES, *SERVERS)],
        *[Figure(f"million_{one}_memory", f"most memory of {one}", "MB") for one in (*SERVICES, *SERVERS)],
    ),
    drawn=False,
)
COST = Section(
    "CPU and memory",
    (
        *[
            Figure(f"{name}_{service}_cpu", f"CPU of {service} for 1,000 events: {label}", "ms")
            for name, label in (("batches", "batches of 100"), ("singles", "single"))
            for service in ("sales", "notify", "postgres")
        ],
        *[Figure(f"{service}_rss", f"memory of {service} after a round", "MB") for service in SERVICES],
    ),
    drawn=False,
)
SECTIONS = (
    THROUGHPUT,
    RATIOS_SHOWN,
    LATENCY,
    REQUESTS,
    RATE,
    BACKLOG,
    SCALED,
    SCALING,
    GROWTH,
    GROWN,
    MILLION,
    COST,
)
FIGURES = tuple([figure for section in SECTIONS for figure in section.figures])
RATIOS = (
    Ratio("batches_to_limit", "batches", "limit_batched"),
    Ratio("singles_to_limit", "singles", "limit_aio_pika"),
    Ratio("batches_to_celery", "batches", "peer_celery"),
    Ratio("batches_to_faststream", "batches", "peer_faststream"),
    *[
        Ratio(f"{name}_gain_by_{n}", replicas_key(name, n), replicas_key(name, 1))
        for name in ("batches", "singles")
        for n in REPLICAS[1:]
    ],
    *[Ratio(f"growth_to_none_{rows}", rows_key(rows), rows_key(0)) for rows in ROWS[1:]],
)
