"""What every measurement needs, and the first of them: throughput. Each begins when nothing is under way.

Throughput by AMQP: all messages lie in the queue, confirmed, while the process of sales stands still (SIGSTOP; what its
prefetch allows may lie in its socket). The clock starts when it is let go and stops at PostgreSQL's commit time of the
last transaction that wrote a notice. Sending the notices goes on beside all this, as it does in life; the clock does
not wait for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import mean

from deploy.local.bench.books import Books
from deploy.local.bench.catalogue import REPLICAS, SERVICES, replicas_key
from deploy.local.bench.feeder import Feeder
from deploy.local.bench.figures import Figures
from deploy.local.bench.installation import Installation
from deploy.local.bench.tills import Tills
from shared.runtime.envelope import now

BATCH, LARGE_BATCH, SINGLE = 100, 500, 1
EVENTS, SINGLES = 20_000, 10_000
"""Of one measurement. Singles take longer."""


@dataclass(frozen=True)
class Bench:
    """What is measured, and with what. `keys`: the gateway's, by outlet, and one of a `coordinator`."""

    installation: Installation
    books: Books
    tills: Tills
    feeder: Feeder
    keys: Mapping[str, str]
    say: Callable[[str], None]


async def throughput(bench: Bench, name: str, events: int, pack: int) -> Figures:
    """Events a second end to end, and what 1,000 of them cost in CPU."""
    mark = await bench.books.settle()
    before = _cpu(bench)  # while frozen a service could not tell
    with bench.installation.frozen("sales"):
        await bench.tills.send(events, pack)
        began = now()
    await bench.books.wait_for_notices(mark, events)
    after = _cpu(bench)
    seconds = (await bench.books.last_notice(mark, events) - began).total_seconds()
    return {name: events / seconds} | {
        f"{name}_{one}_cpu": (after[one] - before[one]) * 1e6 / events for one in before.keys() & after.keys()
    }


def _cpu(bench: Bench) -> dict[str, float]:
    """Seconds. PostgreSQL's with all that it does meanwhile, from /proc, where there is one."""
    postgres = bench.installation.use("postgres")
    used = {service: bench.installation.cpu(service) for service in ("sales", "notify")}
    return used | ({"postgres": postgres.cpu} if postgres else {})


async def batches(bench: Bench) -> Figures:
    return await throughput(bench, "batches", EVENTS, BATCH)


async def large_batches(bench: Bench) -> Figures:
    return await throughput(bench, "batches_500", EVENTS, LARGE_BATCH)


async def singles(bench: Bench) -> Figures:
    return await throughput(bench, "singles", SINGLES, SINGLE)


async def scaling(bench: Bench) -> Figures:
    """The same with several replicas of sales, one of all other services: there and back, so that none goes last."""
    seen: dict[str, list[float]] = {}
    try:
        for replicas in (*REPLICAS, *reversed(REPLICAS)):
            bench.installation.system.scale("sales", replicas)
            # New replicas have new sessions of the database, and these plan each statement once.
            await throughput(bench, "warm-up", EVENTS, BATCH)
            for name, events, pack in (("batches", EVENTS, BATCH), ("singles", SINGLES, SINGLE)):
                bench.say(f"  {name} with {replicas} of sales ...")
                key = replicas_key(name, replicas)
                seen.setdefault(key, []).append((await throughput(bench, key, events, pack))[key])
    finally:
        bench.installation.system.scale("sales", 1)
    return {key: mean(values) for key, values in seen.items()}


def memory(bench: Bench) -> Figures:
    """Megabytes of RAM that each service holds."""
    return {f"{service}_rss": bench.installation.memory(service) / 1e6 for service in SERVICES}
