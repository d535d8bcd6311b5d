"""The gateway: reports by HTTP from end to end, and how long a query takes, at rest and in the rush."""

import asyncio
import time
from collections.abc import Iterator

import httpx

from deploy.local.bench.figures import Figures, percentile
from deploy.local.bench.measuring import BATCH, EVENTS, Bench
from deploy.local.bench.tills import PAST, Place, bodies
from shared.runtime.envelope import BATCH as MEDIA_TYPE
from shared.runtime.envelope import now

COORDINATOR = "coordinator"
CONNECTIONS, CALLERS = 8, 16
REQUESTS, COLD = 300, 100
AT_ONCE_SECONDS = 4.0
FEED_RATE, FEED_SECONDS = 1000, 8


async def http_reports(bench: Bench) -> Figures:
    """Batches of 100 by POST /v1/reports, live: the clock starts with the first request."""
    mark = await bench.books.settle()
    waiting = iter(list(bodies(EVENTS, BATCH, PAST.take(EVENTS))))
    async with _client(bench) as client:
        began = now()
        await asyncio.gather(*[_post_all(bench, client, waiting) for _ in range(CONNECTIONS)])
    await bench.books.wait_for_notices(mark, EVENTS)
    seconds = (await bench.books.last_notice(mark, EVENTS) - began).total_seconds()
    return {"http": EVENTS / seconds}


async def idle(bench: Bench) -> Figures:
    """One query at a time, while nothing else happens."""
    await bench.books.settle()
    async with _client(bench) as client:
        delays = [await _ask(bench, client) for _ in range(REQUESTS)]
    return _percentiles("request", delays[COLD:])


async def at_once(bench: Bench) -> Figures:
    """As many queries as can be had, each of several callers waiting for its answer before it asks again."""
    await bench.books.settle()
    async with _client(bench) as client:
        began = time.perf_counter()
        asked = await asyncio.gather(*[_ask_until(bench, client, began + AT_ONCE_SECONDS) for _ in range(CALLERS)])
        seconds = time.perf_counter() - began
    delays = [delay for each in asked for delay in each]
    return {"requests": len(delays) / seconds} | _percentiles("request_at_once", delays)


async def fed(bench: Bench) -> Figures:
    """One query at a time, while tills report 1,000 single sales a second."""
    mark, events = await bench.books.settle(), FEED_RATE * FEED_SECONDS
    feeding = bench.feeder.start(FEED_RATE, events)
    await bench.books.wait_for_notices(mark, FEED_RATE)
    delays = []
    async with _client(bench) as client:
        while not feeding.done():
            delays.append(await _ask(bench, client))
    await feeding
    await bench.books.wait_for_notices(mark, events)
    await bench.books.last_notice(mark, events)
    return _percentiles("request_fed", delays)


def _client(bench: Bench) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=bench.installation.endpoints.gateway_url, timeout=30)


def _headers(bench: Bench, account: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {bench.keys[account]}"}


async def _post_all(bench: Bench, client: httpx.AsyncClient, waiting: Iterator[tuple[Place, bytes]]) -> None:
    for (outlet, _), body in waiting:
        headers = _headers(bench, outlet) | {"Content-Type": MEDIA_TYPE}
        (await client.post("/v1/reports", content=body, headers=headers)).raise_for_status()


async def _ask_until(bench: Bench, client: httpx.AsyncClient, end: float) -> list[float]:
    delays = []
    while time.perf_counter() < end:
        delays.append(await _ask(bench, client))
    return delays


async def _ask(bench: Bench, client: httpx.AsyncClient) -> float:
    """Seconds until the answer."""
    began = time.perf_counter()
    (await client.get("/v1/outlets", headers=_headers(bench, COORDINATOR))).raise_for_status()
    return time.perf_counter() - began


def _percentiles(name: str, seconds: list[float]) -> Figures:
    return {f"{name}_p{mark}": percentile(seconds, mark / 100) * 1000 for mark in (50, 99)}
