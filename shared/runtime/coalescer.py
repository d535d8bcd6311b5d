"""Deliveries that arrive while a transaction runs share the next one. No timer: a timer only adds latency."""

import asyncio
import hashlib
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from opentelemetry.trace import SpanKind

from shared import telemetry
from shared.db import Pool
from shared.runtime import metrics
from shared.runtime.decode import Batch, Undecodable
from shared.runtime.envelope import AT_HOME, Arrival
from shared.runtime.store import Store

FIRST_DELAY, LONGEST_DELAY = 0.05, 5.0
BUSY_SECONDS = 0.2
AT_A_STRETCH = 50
"""Events that are decoded before others get a turn."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the broker brought: a body, whether it came before, and who sent it as far as the broker knows."""

    body: bytes
    redelivered: bool
    sender: str = ""
    user_id: str | None = None
    message_id: str | None = None
    traceparent: str | None = None

    @property
    def arrival(self) -> Arrival:
        """Its mark: the sender's message id and all of the content."""
        digest = hashlib.blake2b(
            self.body, digest_size=8, key=(self.message_id or "").encode(errors="replace")[:64]
        ).digest()
        return Arrival(int.from_bytes(digest, signed=True), self.redelivered, self.traceparent)


Guard = Callable[[Batch, Delivery], Batch]
"""Tells apart what this sender may not say."""


def trusting(batch: Batch, _: Delivery) -> Batch:
    """Inside the house everybody may say what she publishes."""
    return batch


@dataclass(frozen=True, slots=True)
class Taken:
    """Deliveries that share a transaction: what they hold, and who waits for its commit."""

    batch: Batch = field(default_factory=lambda: Batch([], []))
    waiters: list[asyncio.Future[None]] = field(default_factory=list)

    def add(self, some: Batch, waiter: asyncio.Future[None]) -> None:
        self.batch.readable.extend(some.readable)
        self.batch.unreadable.extend(some.unreadable)
        self.waiters.append(waiter)

    def settle(self) -> None:
        for waiter in self.waiters:
            if not waiter.done():  # cancelled: the connection was lost; it comes again, the inbox absorbs it
                waiter.set_result(None)


class Coalescer:
    """One for each queue. A delivery is done when the transaction that holds it is committed."""

    def __init__(self, queue: str, store: Store, pool: Pool, committed: Callable[[], None], limit: int) -> None:
        self._queue, self._store, self._pool = queue, store, pool
        self._committed, self._limit = committed, limit
        self._waiting: deque[tuple[Delivery, asyncio.Future[None]]] = deque()
        self._draining: asyncio.Task[None] | None = None
        self._last_added = 0.0
        self.guard: Guard = trusting

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
            keeping = asyncio.create_task(self._persist(taken.batch))
            following = await self._take_ahead(keeping)
            await keeping
            taken.settle()
            await asyncio.sleep(0)
            taken = self._take(following, self._limit)

    async def _take_ahead(self, keeping: asyncio.Task[None]) -> Taken:
        """Decodes what waits while PostgreSQL works, a little at a time: its answers must not wait for that."""
        taken = Taken()
        await asyncio.sleep(0)
        while self._waiting and not keeping.done() and len(taken.batch.readable) < self._limit:
            self._take(taken, len(taken.batch.readable) + AT_A_STRETCH)
            await asyncio.sleep(0)
        return taken

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
            return await work()
        except Exception as error:
            log.warning("held_and_tried_again", what=what, seconds=round(delay, 2), reason=type(error).__name__)
            metrics.RETRIES.labels(service, what).inc()
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))  # noqa: S311 - jitter is no secret
            delay = min(delay * 2, LONGEST_DELAY)
