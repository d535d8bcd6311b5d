"""A million events, really sent, booked and told: how long it takes, and what each process uses for it."""

import asyncio

from deploy.local.bench.catalogue import SERVERS, SERVICES
from deploy.local.bench.figures import Figures
from deploy.local.bench.installation import Installation
from deploy.local.bench.measuring import BATCH, Bench
from deploy.local.bench.trees import Use
from shared.runtime.envelope import now

EVENTS, PORTION, LEAD = 1_000_000, 20_000, 60_000
"""`LEAD`: so many may lie in the queue. A till would not wait; here the queue's memory is not what is measured."""

LOOK = 2.0
"""Seconds between two looks at the memory."""


async def million(bench: Bench) -> Figures:
    """CPU until the last notice is sent, too."""
    mark, began = await bench.books.settle(), now()
    before = _uses(bench.installation)
    most: dict[str, int] = {}
    watching = asyncio.create_task(_watch(bench.installation, most))
    for sent in range(0, EVENTS, PORTION):
        await bench.tills.send(PORTION, BATCH)
        await bench.books.wait_for_notices(mark, sent + PORTION - LEAD)
    await bench.books.wait_for_notices(mark, EVENTS)
    ended = await bench.books.last_notice(mark, EVENTS)
    await bench.books.settle()
    after = _uses(bench.installation)
    watching.cancel()
    figures = {"million": EVENTS / (ended - began).total_seconds()}
    figures |= {f"million_{name}_cpu": after[name].cpu - before[name].cpu for name in before}
    return figures | {f"million_{name}_memory": memory / 1e6 for name, memory in most.items()}


def _uses(installation: Installation) -> dict[str, Use]:
    found = {name: installation.use(name) for name in (*SERVICES, *SERVERS)}
    return {name: use for name, use in found.items() if use}


async def _watch(installation: Installation, most: dict[str, int]) -> None:
    """Keeps the most memory that each was seen to hold."""
    while True:
        for name, use in (await asyncio.to_thread(_uses, installation)).items():
            most[name] = max(most.get(name, 0), use.memory)
        await asyncio.sleep(LOOK)
