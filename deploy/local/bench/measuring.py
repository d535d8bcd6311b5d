"""The measurements of our own services. Every one begins when nothing is under way.

Throughput: all messages lie in the queue, confirmed, while the process of sales stands still (SIGSTOP; what its
prefetch allows may lie in its socket). The clock starts when it is let go and stops at PostgreSQL's commit time of the
last transaction that wrote a notice. Latency: from just before a report is published to the commit time of its notice.
Sending the notices goes on beside all this, as it does in life; the clock does not wait for it.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import httpx

from deploy.broker.definitions import SERVICES
from deploy.local.bench.books import Books
from deploy.local.bench.figures import percentile
from deploy.local.bench.installation import Installation
from deploy.local.bench.tills import Tills
from shared.runtime.envelope import now

Figures = dict[str, float]
RATE, SECONDS, COLD = 200, 10, 100
"""Reports a second, for how long, and how many of the first do not count."""

REQUESTS = 300


@dataclass(frozen=True)
class Bench:
    """What is measured, and with what."""

    installation: Installation
    books: Books
    tills: Tills
    key: str

    async def throughput(self, name: str, events: int, pack: int) -> Figures:
        """Events a second end to end, and what 1,000 of them cost in CPU."""
        await self.books.settle()
        mark, since = await self.books.noticed(), now()
        before = [self._cpu("sales"), self._cpu("notify")]  # it could not tell while it is frozen
        with self.installation.frozen("sales"):
            await self.tills.send(events, pack)
            began = now()
        await self.books.wait_for_notices(mark, events)
        after = [self._cpu("sales"), self._cpu("notify")]
        ended = await self.books.last_notice(since, events)
        seconds = (ended - began).total_seconds()
        sales, notify = [(b - a) * 1e6 / events for a, b in zip(before, after, strict=True)]
        return {name: events / seconds, f"{name}_sales_cpu": sales, f"{name}_notify_cpu": notify}

    async def latency(self) -> Figures:
        """From report to notice, one report every 5 ms."""
        await self.books.settle()
        mark, since = await self.books.noticed(), now()
        await self._feed(RATE * SECONDS)
        await self.books.wait_for_notices(mark, RATE * SECONDS)
        await self.books.last_notice(since, RATE * SECONDS)
        return _percentiles("report", (await self.books.delays(since))[COLD:], (50, 95, 99))

    async def requests(self) -> Figures:
        """A query through the gateway, one at a time, while nothing else happens."""
        await self.books.settle()
        headers = {"Authorization": f"Bearer {self.key}"}
        delays = []
        async with httpx.AsyncClient(base_url=self.installation.endpoints.gateway_url, headers=headers) as client:
            for _ in range(REQUESTS):
                began = time.perf_counter()
                (await client.get("/v1/outlets")).raise_for_status()
                delays.append(time.perf_counter() - began)
        return _percentiles("request", delays[COLD:], (50, 99))

    def memory(self) -> Figures:
        """Megabytes of RAM that each service holds."""
        return {f"{s}_rss": self._metric(s, "process_resident_memory_bytes") / 1e6 for s in SERVICES}

    async def _feed(self, reports: int) -> None:
        random, loop = Random(7), asyncio.get_running_loop()  # noqa: S311 - repeatable on purpose
        began = loop.time()
        async with asyncio.TaskGroup() as sending:
            for number in range(reports):
                await asyncio.sleep(began + number / RATE - loop.time())
                sending.create_task(self.tills.send_one(random))

    def _cpu(self, service: str) -> float:
        return self._metric(service, "process_cpu_seconds_total")

    def _metric(self, service: str, name: str) -> float:
        """What a service says of its own process."""
        port = self.installation.process(service).facts["port"]
        told = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        return next(float(line.split()[1]) for line in told.splitlines() if line.startswith(f"{name} "))


def _percentiles(name: str, seconds: Sequence[float], wanted: Sequence[int]) -> Figures:
    return {f"{name}_p{p}": percentile(seconds, p / 100) * 1000 for p in wanted}
