"""One run: services on fresh databases, a feed, faults; then everything drains, and what has to hold is looked at."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deploy.local.chaos import quiet
from deploy.local.chaos.desk import Desk
from deploy.local.chaos.faults.processes import NEVER_CAME
from deploy.local.chaos.faults.schedule import Happened, carry_out
from deploy.local.chaos.feed.plan import Size, make_feed, opens_at
from deploy.local.chaos.house import copies
from deploy.local.chaos.house.installation import REPLICAS
from deploy.local.chaos.inside import notes
from deploy.local.chaos.invariants import AT_ONCE, INVARIANTS, check
from deploy.local.chaos.invariants.evidence import Evidence, looking
from deploy.local.chaos.invariants.liveness import DRAINED_IN, lags_of
from deploy.local.chaos.opening import Opened
from deploy.local.chaos.people import Person
from deploy.local.chaos.settling import Settling
from deploy.local.chaos.shop import Shop
from deploy.local.chaos.tills.missing import TILLS_QUEUE, send_again
from deploy.local.chaos.timeline import Planned
from deploy.local.chaos.verdict import Verdict

Say = Callable[[str], None]
REDRIVES = 20
WAITS = "SELECT count(*) FROM parked WHERE envelope ->> 'id' = ANY($1) AND state <> 'redriven'"


@dataclass(frozen=True)
class Plan:
    """What a run is to be. `whole`: with what a person mends afterwards, and the same feed undisturbed.

    `patience`: seconds that it may drain.
    """

    seed: int
    size: Size
    faults: Sequence[Planned]
    switch: str = ""
    whole: bool = True
    patience: float = DRAINED_IN * 2
    replicas: Mapping[str, int] = field(default_factory=lambda: dict(REPLICAS))


@dataclass(frozen=True)
class Outcome:
    """What came of it. `lags`: seconds from a till's confirmation to the books, in order."""

    plan: Plan
    verdict: Verdict
    happened: Sequence[Happened]
    reports: int
    seconds: float
    drained_in: float | None
    lags: Sequence[float]


async def run(opened: Opened, plan: Plan, say: Say) -> Outcome:
    """Raises SetupError for what is no fault of the house."""
    house, began = opened.house, time.monotonic()
    feed = make_feed(plan.seed, plan.size, opened.goods, opens_at(datetime.now(UTC), plan.size), opened.opening)
    async with _services(opened, plan), opened.person("coordinator") as coordinator, opened.tills() as tills:
        desk = Desk(coordinator)
        say(f"{len(feed.told)} reports in {len(feed.batches)} batches, {len(feed.parked)} poisonous ...")
        async with asyncio.TaskGroup() as group:
            group.create_task(tills.report(feed))
            group.create_task(desk.work(plan.size.seconds))
            happening = group.create_task(carry_out(house, plan.faults, plan.size.seconds, say))
        async with looking(house) as databases:
            found = Evidence(house, feed, opened.opening, tills.record, databases, desk=desk.done)
            say("everything is undone; waiting until nothing is under way ...")
            if TILLS_QUEUE in {one.planned.name for one in happening.result()}:
                await send_again(found, tills, coordinator)
            await _settle(found, plan)
            if plan.whole:
                await _mend(found, plan, opened.submission, coordinator)
                say("the same feed, undisturbed ...")
                found.undisturbed = await quiet.play(house, feed)
            say("looking ...")
            wrong = await check(found, INVARIANTS if plan.whole else AT_ONCE)
            seen = await _seen(found)
            lags = await lags_of(found)
    happened = happening.result()
    verdict = Verdict(wrong, seen, {one.planned.name for one in happened if NEVER_CAME not in one.told})
    return Outcome(plan, verdict, happened, len(feed.told), time.monotonic() - began, found.drained_in, lags)


@asynccontextmanager
async def _services(opened: Opened, plan: Plan) -> AsyncIterator[None]:
    """So many replicas as planned, kept running, on databases as they were when the shop had opened."""
    house = opened.house
    await copies.set_back(house)
    for left in house.folder.iterdir():
        left.unlink()
    house.switch, house.crew.wanted = plan.switch, dict(plan.replicas)
    keeping = asyncio.create_task(house.crew.run())
    try:
        await house.crew.ready()
        yield
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
        await house.crew.dismiss()


async def _settle(found: Evidence, plan: Plan) -> None:
    """Until nothing is under way."""
    settling = Settling(found, found.feed.parked.keys() | found.feed.late, plan.whole)
    found.drained_in = await settling.settle(plan.patience)
    found.parked, found.busy = await settling.parked(), settling.busy


async def _mend(found: Evidence, plan: Plan, submission: str, coordinator: Person) -> None:
    """The late product is approved, and what waited for it is tried again."""
    await Shop(coordinator, coordinator).decide(submission)
    await _redrive(found, coordinator)
    await Settling(found, found.feed.parked.keys(), whole=True).settle(plan.patience)


async def _redrive(found: Evidence, coordinator: Person) -> None:
    """As a person would who has approved a product: when sales has heard of it, all that waited for it."""
    for _ in range(REDRIVES):
        await coordinator.post("/v1/parked/redrive", {"code": "sku_unknown"})
        if not await found.value("sales", WAITS, list(found.feed.late)):
            return
        await asyncio.sleep(0.5)


async def _seen(found: Evidence) -> Counter[str]:
    """What happened now and then: from the services' notes, the tills' record and the databases."""
    seen = notes.count(notes.read_all(found.house.folder))
    outcomes = found.record.outcomes
    seen["a till was unsure"], seen["a till sent again"] = outcomes["info"], outcomes["again"]
    seen["a till sent its day again, as a finding said"] = outcomes["day again"]
    redriven = "SELECT count(*) FROM parked WHERE state = 'redriven'"
    seen["parked and redriven"] = await found.value("sales", redriven)
    seen["duplicates that a till sent"] = await found.value("sales", "SELECT coalesce(sum(n), 0) FROM tally")
    seen["service started"] = found.house.crew.started
    return seen
