"""What memory a service needs at most to work off a long backlog: `python -m deploy.local.bench.backlog [EVENTS]`.

All of it lies in the queue, confirmed, before the service is started: first sales with what tills have reported, 500
to a message, then notify with what sales has told of it.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import httpx

from deploy.local import processes
from deploy.local.bench.books import Books, open_books
from deploy.local.bench.figures import Figures
from deploy.local.bench.installation import Installation, installed
from deploy.local.bench.shop import open_shop
from deploy.local.bench.tills import Tills, open_tills, urls_of
from deploy.local.state import SetupError

EVENTS, PACK = 1_000_000, 500
LOOK, PATIENCE = 1.0, 3600.0
CHUNK = 20_000
"""Reports made at a time, so that this program itself needs little memory."""


async def measure(installation: Installation, books: Books, tills: Tills, events: int, pack: int = PACK) -> Figures:
    """Megabytes at rest and at most, and events a second, of sales and of notify."""
    await books.settle()
    resting = {name: await _memory(installation, name) for name in ("sales", "notify")}
    sales: int = await books.sales.fetchval("SELECT count(*) FROM sale")
    notify = await books.noticed()
    processes.stop(installation.system.state, ["sales", "notify"])
    for first in range(0, events, CHUNK):
        await tills.send(min(CHUNK, events - first), pack)

    async def booked() -> bool:
        count: int = await books.sales.fetchval("SELECT count(*) FROM sale")
        return count >= sales + events

    async def sent() -> bool:
        unsent: int = await books.sales.fetchval("SELECT count(*) FROM outbox")
        return await booked() and not unsent

    async def noticed() -> bool:
        return await books.noticed() >= notify + events

    figures: Figures = {}
    for name, done in (("sales", sent), ("notify", noticed)):
        most, seconds = await _work_off(installation, name, done)
        figures |= {f"backlog_{name}_resting_mb": resting[name], f"backlog_{name}_most_mb": most}
        figures[f"backlog_{name}_events"] = events / seconds
    return figures


async def _work_off(installation: Installation, name: str, done: Callable[[], Awaitable[bool]]) -> tuple[float, float]:
    """Starts a service and waits until it is done: its largest memory, and seconds."""
    system, began, most = installation.system, time.monotonic(), 0.0
    processes.start(system.state, name, system.addresses(name))
    while not await done():
        if time.monotonic() - began > PATIENCE:
            raise SetupError(f"{name} has not worked off its backlog in an hour")
        most = max(most, await _memory(installation, name))
        await asyncio.sleep(LOOK)
    return most, time.monotonic() - began


async def _memory(installation: Installation, name: str) -> float:
    """Megabytes that its process holds, as it says itself; 0 as long as it says nothing."""
    try:
        return await asyncio.to_thread(installation.memory, name) / 1e6
    except httpx.HTTPError:
        return 0.0


async def _run(installation: Installation, events: int) -> Figures:
    endpoints = installation.endpoints
    async with open_books(endpoints) as books, open_tills(urls_of(endpoints)) as tills:
        await open_shop(endpoints, books)
        return await measure(installation, books, tills, events)


def main() -> None:
    """On servers of its own."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with installed(print) as installation:
        for name, figure in asyncio.run(_run(installation, events)).items():
            print(f"{name:30}{figure:12,.0f}")


if __name__ == "__main__":
    main()
