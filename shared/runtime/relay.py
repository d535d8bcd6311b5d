"""Sends what the outbox holds, in batches, each confirmed by the broker before its rows are deleted."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import structlog
from aiormq.exceptions import PublishError

from shared.contracts.subscriptions import HEARD
from shared.db import Pool, Tx
from shared.runtime import metrics, outbox
from shared.runtime.envelope import join
from shared.runtime.outbox import Unsent
from shared.runtime.patience import at_most, lost_if_dropped

ROUND = 2000
PACK = 100
PACK_BYTES = 256 * 1024
CONFIRM_SECONDS = 5.0
IDLE_SECONDS = 0.5
LOCK = 0x6F7574626F78
"""One relay round at a time in a database, whichever replica runs it. A killed one frees the lock at once."""

Publish = Callable[[str, bytes, str, bool], Awaitable[None]]
"""(event type, body, message id, mandatory). Returns when the broker has confirmed; PublishError: no queue took it."""

Renew = Callable[[], Awaitable[None]]
"""Lets go of the connection that `Publish` uses: what is published next opens a new one."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pack:
    """Events of one type that travel in one message."""

    type: str
    seqs: list[int]
    texts: list[str]


class Relay:
    """One for each replica; their rounds take turns."""

    def __init__(self, service: str, pool: Pool, publish: Publish, renew: Renew) -> None:
        self._service, self._pool, self._publish, self._renew = service, pool, publish, renew
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something was committed: do not wait for the next look."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled. Errors are the broker's or the database's: they are waited out, never counted."""
        delay = IDLE_SECONDS
        while True:
            self._wake.clear()
            try:
                while await lost_if_dropped(self.round()) >= ROUND:  # what is committed meanwhile wakes the next one
                    pass
                delay = IDLE_SECONDS
            except Exception as error:
                log.warning("relay_waits", seconds=delay, reason=type(error).__name__)
                metrics.RETRIES.labels(self._service, "relay").inc()
                await asyncio.sleep(delay)
                delay = min(delay * 2, 10.0)
                continue
            await self._pause()

    async def round(self) -> int:
        """Sends up to ROUND events. Returns how many left the outbox; 0: nothing there, or another has the turn."""
        async with self._pool.acquire() as tx, tx.transaction():
            if not await outbox.take_turn(tx, LOCK):
                return 0
            # A statement of its own: its snapshot must be younger than the lock, or rows just sent are sent again.
            rows = await outbox.list_unsent(tx, ROUND)
            return await self._send(tx, rows) if rows else 0

    async def _send(self, tx: Tx, rows: list[Unsent]) -> int:
        packs = list(pack(rows))
        results = await asyncio.gather(*[self._publish_pack(p) for p in packs], return_exceptions=True)
        sent = [seq for p, result in zip(packs, results, strict=True) if result is None for seq in p.seqs]
        lost = [seq for p, result in zip(packs, results, strict=True) if _unroutable(result) for seq in p.seqs]
        await outbox.mark_sent(tx, sent)
        await outbox.mark_unroutable(tx, lost)
        metrics.PUBLISHED.labels(self._service).inc(len(sent))
        if lost:
            log.error("events_unroutable", count=len(lost))
        failed = [result for result in results if isinstance(result, BaseException) and not _unroutable(result)]
        if any(isinstance(result, TimeoutError) for result in failed):
            # A channel that has once published to a queue which was lost never hears of the one made in its place.
            await self._renew()
        if failed and not sent and not lost:
            raise failed[0]
        return len(sent) + len(lost)

    async def _publish_pack(self, p: Pack) -> None:
        """One that nobody confirms keeps no other from leaving."""
        sending = self._publish(p.type, join(p.texts), f"{self._service}-{p.seqs[0]}", p.type in HEARD)
        await at_most(CONFIRM_SECONDS, sending)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            pass


def pack(rows: list[Unsent]) -> Iterator[Pack]:
    """Groups events by type, in order, up to PACK events or PACK_BYTES in each."""
    by_type: dict[str, list[Unsent]] = defaultdict(list)
    for row in rows:
        by_type[row.type].append(row)
    for kind, same in by_type.items():
        current = Pack(kind, [], [])
        size = 0
        for row in same:
            if current.seqs and (len(current.seqs) == PACK or size + len(row.envelope) > PACK_BYTES):
                yield current
                current, size = Pack(kind, [], []), 0
            current.seqs.append(row.seq)
            current.texts.append(row.envelope)
            size += len(row.envelope)
        yield current


def _unroutable(result: BaseException | None) -> bool:
    return isinstance(result, PublishError)
