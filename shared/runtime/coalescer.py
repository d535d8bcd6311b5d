"""Deliveries that arrive while transactions run share the next one. No timer: a timer only adds latency."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

import structlog
from opentelemetry.trace import SpanKind

from shared import telemetry
from shared.contracts.message import Event
from shared.db import Pool
from shared.runtime import metrics
from shared.runtime.decode import Batch, Undecodable
from shared.runtime.delivery import Delivery, Guard, Taken, trusting
from shared.runtime.envelope import AT_HOME
from shared.runtime.patience import lost_if_dropped
from shared.runtime.store import Store

FIRST_DELAY, LONGEST_DELAY = 0.05, 5.0
BUSY_SECONDS = 0.2
AT_A_STRETCH = 50
"""Events that are decoded before others get a turn."""

SIDE_BY_SIDE = 2
"""Full transactions of unordered events under way at a time: while one waits for PostgreSQL, another one uses Python.
A third found nothing left to fill."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Coalescer:
    """One for each queue. A delivery is done when the transaction that holds it is committed."""

    def __init__(self, queue: str, store: Store, pool: Pool, committed: Callable[[], None], limit: int) -> None:
        self._queue, self._store, self._pool = queue, store, pool
        self._committed, self._limit = committed, limit
        self._waiting: deque[tuple[Delivery, asyncio.Future[None]]] = deque()
        self._draining: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._any_order = True
        self._last_added = 0.0
        self.guard: Guard = trusting
        self.unordered: Collection[type[Event]] = frozenset()

    async def add(self, delivery: Delivery) -> None:
        """Returns after the commit. Raises Undecodable, and nothing else: only then does it go to the dead."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._last_added = loop.time()
        self._waiting.append((delivery, done))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        await done

    def is_busy(self) -> bool:
        """Whether events are being handled, or were coming in a moment ago."""
        if self._draining and not self._draining.done():
            return True
        return asyncio.get_running_loop().time() - self._last_added < BUSY_SECONDS

    async def idle(self) -> None:
        """Returns when what was taken is committed."""
        if self._draining:
            await asyncio.gather(self._draining, return_exceptions=True)

    async def _drain(self) -> None:
        await asyncio.sleep(0)  # lets deliveries that are already read from the socket join
        taken = self._take(Taken(), self._limit)
        while taken.waiters:
            await self._let_begin(taken)
            taken = await self._take_following()

    async def _let_begin(self, taken: Taken) -> None:
        """Beside another transaction only when neither minds which of them is committed first."""
        any_order = all(type(message.data) in self.unordered for message in taken.batch.readable)
        most = SIDE_BY_SIDE if any_order and self._any_order else 1
        while len(self._under_way) >= most:
            await self._until_one_ends()
        self._any_order = any_order
        task = asyncio.create_task(self._keep(taken))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _take_following(self) -> Taken:
        """What fills a transaction; or, when none is under way any more, whatever there is."""
        taken = await self._take_ahead()
        while self._under_way and len(taken.batch.readable) < self._limit:
            await self._until_one_ends()
            self._take(taken, self._limit)
        return taken

    async def _take_ahead(self) -> Taken:
        """Decodes what waits while PostgreSQL works, a little at a time: its answers must not wait for that."""
        taken, running = Taken(), len(self._under_way)
        await asyncio.sleep(0)
        while self._waiting and len(self._under_way) == running and len(taken.batch.readable) < self._limit:
            self._take(taken, len(taken.batch.readable) + AT_A_STRETCH)
            await asyncio.sleep(0)
        return taken

    async def _until_one_ends(self) -> None:
        await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0)  # lets its deliveries be acknowledged, and what the broker sends for them join

    async def _keep(self, taken: Taken) -> None:
        await self._persist(taken.batch)
        taken.settle()

    def _take(self, taken: Taken, limit: int) -> Taken:
        """Adds waiting deliveries, decoded, up to the limit of events for one transaction."""
        while self._waiting and len(taken.batch.readable) < min(limit, self._limit):
            delivery, done = self._waiting.popleft()
            try:
                taken.add(self._decode(delivery), done)
            except Exception as error:  # a fault of the decoder itself is no reason to lose the body or to stop
                metrics.DEAD.labels(self._store.service, self._queue).inc()
                log.error("delivery_undecodable", queue=self._queue, reason=type(error).__name__)
                if not done.done():
                    done.set_exception(Undecodable("not readable"))
        return taken

    def _decode(self, delivery: Delivery) -> Batch:
        arrival = delivery.arrival if self._store.foreign else AT_HOME
        return self.guard(self._store.decoder.decode(delivery.body, self._store.clock(), arrival), delivery)

    async def _persist(self, batch: Batch) -> None:
        """Never gives up: what fails out here is a server or a bug of ours, and neither is a message's fault."""
        service = self._store.service
        metrics.BATCH.labels(service).observe(len(batch.readable))
        metrics.RECEIVED.labels(service, self._queue).inc(len(batch.readable))
        parents = {m.traceparent for m in batch.readable}
        started = time.perf_counter()
        with telemetry.span(f"process {self._queue}", SpanKind.CONSUMER, sorted(filter(None, parents))[:32]):
            spoke = await persistently(lambda: self._store.store(self._pool, batch), service, self._queue)
        metrics.HANDLER.labels(service, self._queue).observe(time.perf_counter() - started)
        if spoke:
            self._committed()


async def persistently(work: Callable[[], Awaitable[T]], service: str, what: str) -> T:
    """Does it until it is done, with growing pauses and jitter."""
    delay = FIRST_DELAY
    while True:
        try:
            return await lost_if_dropped(work())
        except Exception as error:
            log.warning("held_and_tried_again", what=what, seconds=round(delay, 2), reason=type(error).__name__)
            metrics.RETRIES.labels(service, what).inc()
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))  # noqa: S311 - jitter is no secret
            delay = min(delay * 2, LONGEST_DELAY)
