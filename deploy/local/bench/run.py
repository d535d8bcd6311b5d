"""The bench from its first server to its table: rounds of the same steps, each round in the other's reverse order."""

from collections.abc import Awaitable, Callable
from functools import partial

from deploy.local.bench import yardsticks
from deploy.local.bench.books import open_books
from deploy.local.bench.figures import Measured
from deploy.local.bench.installation import Installation
from deploy.local.bench.measuring import Bench, Figures
from deploy.local.bench.shop import open_shop
from deploy.local.bench.tills import open_tills
from services.gateway import keys

BATCH = 100
SINGLES_SHARE = 0.5
"""Singles are slower: half as many of them take longer than all in batches."""

WARM_UP = 1000
Step = tuple[str, Callable[[], Awaitable[Figures]]]


async def measure(installation: Installation, events: int, rounds: int, say: Callable[[str], None]) -> Measured:
    """Opens the shop, warms up, and goes the rounds."""
    endpoints, measured = installation.endpoints, Measured()
    key = await keys.create(endpoints.database_url("gateway"), "coordinator", "bench")
    async with open_books(endpoints) as books, open_tills(endpoints) as tills:
        say("opening the shop ...")
        await open_shop(endpoints, books)
        bench = Bench(installation, books, tills, key)
        for pack in (BATCH, 1):
            await bench.throughput("warm-up", WARM_UP, pack)
        for number in range(rounds):
            steps = steps_of(bench, events)
            figures: Figures = {}
            for name, step in steps if number % 2 == 0 else reversed(steps):
                say(f"round {number + 1} of {rounds}: {name} ...")
                figures |= await step()
            measured.add(figures | bench.memory())
    return measured


def steps_of(bench: Bench, events: int) -> list[Step]:
    """What one round measures: each limit beside what it is the limit of."""
    endpoints, singles = bench.installation.endpoints, max(int(events * SINGLES_SHARE), 1)
    steps: list[Step] = []
    for name, amount, pack in (("batches", events, BATCH), ("singles", singles, 1)):
        steps.append((name, partial(bench.throughput, name, amount, pack)))
        limit = yardsticks.LIMITS[name]
        steps.append((limit.name, partial(yardsticks.run, limit, endpoints, amount)))
    steps += [(peer.name, partial(yardsticks.run, peer, endpoints, singles)) for peer in yardsticks.PEERS]
    absent = yardsticks.absent()
    steps += [("latency", bench.latency), ("requests", bench.requests)]
    return [step for step in steps if step[0] not in absent]
