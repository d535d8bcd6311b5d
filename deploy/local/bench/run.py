"""From the first server to the last figure: rounds of the same steps, each round in the other's reverse order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from deploy.local.bench import gateway, latency, measuring, yardsticks
from deploy.local.bench.books import open_books
from deploy.local.bench.catalogue import ON_ITS_OWN, Part
from deploy.local.bench.feeder import open_feeder
from deploy.local.bench.figures import Figures, Measured
from deploy.local.bench.growth import growth
from deploy.local.bench.installation import Installation, installed
from deploy.local.bench.measuring import BATCH, EVENTS, LARGE_BATCH, SINGLE, SINGLES, Bench
from deploy.local.bench.million import million
from deploy.local.bench.shop import open_shop
from deploy.local.bench.tills import open_tills, urls_of
from deploy.local.bench.yardsticks import Yardstick
from services.gateway import keys

WARM_UP = 2000
Say = Callable[[str], None]
Step = tuple[Part, str, Callable[[Bench], Awaitable[Figures]]]
STEPS: tuple[Step, ...] = (
    (Part.THROUGHPUT, "batches of 100", measuring.batches),
    (Part.THROUGHPUT, "batches of 500", measuring.large_batches),
    (Part.THROUGHPUT, "single events", measuring.singles),
    (Part.THROUGHPUT, "batches by HTTP", gateway.http_reports),
    (Part.LATENCY, "200 a second", latency.at_200),
    (Part.LATENCY, "1,000 a second", latency.at_1000),
    (Part.REQUESTS, "requests, idle", gateway.idle),
    (Part.REQUESTS, "requests, 16 at once", gateway.at_once),
    (Part.REQUESTS, "requests under a feed", gateway.fed),
    (Part.SCALING, "replicas", measuring.scaling),
    (Part.BACKLOG, "a backlog", latency.behind_backlog),
)
BESIDE = {"batches of 100": "batches", "batches of 500": "large_batches", "single events": "singles"}
"""Which limit is measured beside which step."""


@dataclass(frozen=True)
class Plan:
    """What is measured, how often; limits and peers but for those that are `absent`."""

    parts: Collection[Part]
    absent: Collection[str]
    rounds: int


def measure(plan: Plan, measured: Measured, say: Say) -> None:
    """Adds every figure, round by round: what was measured before an error is there."""
    steps = steps_of(plan.parts, plan.absent)
    if steps:
        with installed(say) as installation:
            asyncio.run(_go_rounds(installation, steps, plan.rounds, measured.add, say))
    for part in sorted(ON_ITS_OWN & set(plan.parts)):
        with installed(say) as installation:
            asyncio.run(_go_alone(installation, part, plan.rounds, measured.add, say))


def steps_of(parts: Collection[Part], absent: Collection[str]) -> list[Step]:
    """What one round measures: each limit beside what it is the limit of."""
    steps: list[Step] = []
    for step in STEPS:
        part, name, _ = step
        steps += [step] if part in parts else []
        if Part.PEERS in parts and name in BESIDE:
            steps.append(_yardstick(yardsticks.LIMITS[BESIDE[name]], SINGLES if name == "single events" else EVENTS))
    if Part.PEERS in parts:
        steps += [_yardstick(peer, SINGLES) for peer in yardsticks.PEERS]
    return [step for step in steps if step[1] not in absent]


def _yardstick(yardstick: Yardstick, events: int) -> Step:
    return Part.PEERS, yardstick.name, lambda bench: yardsticks.run(yardstick, bench.installation.endpoints, events)


async def _go_rounds(
    installation: Installation, steps: list[Step], rounds: int, keep: Callable[[Figures], None], say: Say
) -> None:
    async with _opened(installation, say) as bench:
        for number in range(rounds):
            figures: Figures = {}
            for _, name, step in steps if number % 2 == 0 else reversed(steps):
                say(f"round {number + 1} of {rounds}: {name} ...")
                figures |= await step(bench)
            keep(figures | measuring.memory(bench))


async def _go_alone(
    installation: Installation, part: Part, rounds: int, keep: Callable[[Figures], None], say: Say
) -> None:
    async with _opened(installation, say) as bench:
        say(f"{part} ...")
        for figures in await growth(bench, rounds) if part is Part.GROWTH else [await million(bench)]:
            keep(figures)


@asynccontextmanager
async def _opened(installation: Installation, say: Say) -> AsyncIterator[Bench]:
    """The shop is open, and everything has been used once."""
    endpoints = installation.endpoints
    urls, make = urls_of(endpoints), partial(keys.create, endpoints.database_url("gateway"))
    with open_feeder(urls) as feeder:
        async with open_books(endpoints) as books, open_tills(urls) as tills:
            say("opening the shop ...")
            await open_shop(endpoints, books)
            given = {gateway.COORDINATOR: await make("coordinator", "bench")}
            given |= {outlet: await make("outlet", f"bench-{outlet}", outlet) for outlet in urls}
            bench = Bench(installation, books, tills, feeder, given, say)
            for pack in (LARGE_BATCH, BATCH, SINGLE):
                await measuring.throughput(bench, "warm-up", WARM_UP, pack)
            yield bench
