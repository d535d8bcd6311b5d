"""Deliveries that arrive while a transaction runs share the next one. No timer: a timer only adds latency."""

import asyncio
import hashlib
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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
        """Returns after the commit. Raises Undecodable, and nothing else: only then may the delivery be rejected."""
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
        while self._waiting:
            await asyncio.sleep(0)  # lets deliveries that are already read from the socket join
            batch, taken = self._take()
            if taken:
                await self._persist(batch)
            for done in taken:
                if not done.done():  # cancelled: the connection was lost; it comes again, the inbox absorbs it
                    done.set_result(None)

    def _take(self) -> tuple[Batch, list[asyncio.Future[None]]]:
        """Decodes waiting deliveries, up to the limit of events for one transaction."""
        batch, taken = Batch([], []), list[asyncio.Future[None]]()
        while self._waiting and len(batch.readable) < self._limit:
            delivery, done = self._waiting.popleft()
            try:
                arrival = delivery.arrival if self._store.foreign else AT_HOME
                some = self._store.decoder.decode(delivery.body, self._store.clock(), arrival)
                some = self.guard(some, delivery)
            except Exception as error:  # a fault of the decoder itself is no reason to lose the body or to stop
                metrics.DEAD.labels(self._store.service, self._queue).inc()
                log.error("delivery_undecodable", queue=self._queue, reason=type(error).__name__)
                if not done.done():
                    done.set_exception(Undecodable("not readable"))
                continue
            batch.readable.extend(some.readable)
            batch.unreadable.extend(some.unreadable)
            taken.append(done)
        return batch, taken

    async def _persist(self, batch: Batch) -> None:
        """Never gives up: what fails out here is a server or a bug of ours, and neither is a message's fault."""
        service = self._store.service
        metrics.BATCH.labels(service).observe(len(batch.readable))
        metrics.RECEIVED.labels(service, self._queue).inc(len(batch.readable))
        parents = {m.traceparent for m in batch.readable}
        started = time.perf_counter()
        with telemetry.span(f"process {self._queue}", SpanKind.CONSUMER, sorted(filter(None, parents))[:32]):
            await persistently(lambda: self._store.store(self._pool, batch), service, self._queue)
        metrics.HANDLER.labels(service, self._queue).observe(time.perf_counter() - started)
        self._committed()


async def persistently(work: Callable[[], Awaitable[None]], service: str, what: str) -> None:
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
