"""The write road: one transaction for a batch. Inbox, handler, parked, outbox; committed together or not at all."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from asyncpg import UniqueViolationError

from shared.contracts.message import Event
from shared.db import Pool, Tx
from shared.errors import Conflict
from shared.runtime import inbox, metrics, outbox
from shared.runtime.decode import Batch, Decoder, Unreadable
from shared.runtime.envelope import Clock, Received
from shared.runtime.handler import (
    Applied,
    Apply,
    BatchHandler,
    Caused,
    Doubted,
    Ignored,
    Refused,
    apply,
    apply_at_once,
    doubting,
)
from shared.runtime.parked import ParkedMessage, of_refused, of_unreadable
from shared.runtime.parked.storage import add_parked, get_arrivals
from shared.runtime.tally import UNREADABLE, add_duplicates

Handlers: TypeAlias = Mapping[type[Event], BatchHandler]
Announce: TypeAlias = Callable[[ParkedMessage], Event | None]

SAME_ID = "event_id"
"""Why a message is a duplicate that the inbox knows; a handler gives reasons of its own."""

log = structlog.get_logger(__name__)


Prepare: TypeAlias = Callable[[Sequence[Received[Any]], Tx], Awaitable[None]]


def silent(_: ParkedMessage) -> None:
    """Announces nothing."""


async def unprepared(_: Sequence[Received[Any]], __: Tx) -> None:
    """Does nothing first."""


class Store:
    """Applies batches of the events that one queue brings."""

    def __init__(
        self, service: str, handlers: Handlers, announce: Announce, clock: Clock, prepare: Prepare = unprepared
    ) -> None:
        self.service, self.handlers, self._announce, self.clock = service, handlers, announce, clock
        self.prepare = prepare
        self.decoder = Decoder(tuple(handlers))
        self.foreign = any(event_type.owner() == "outlet" for event_type in handlers)

    def knows(self, kind: object) -> bool:
        """Whether this is the wire name of an event that is handled here."""
        return any(kind == event_type.wire for event_type in self.handlers)

    async def store(self, pool: Pool, batch: Batch) -> bool:
        """One transaction. Whether there may be something to send now."""
        if _is_plain(batch):
            try:
                return await self._transact(pool, batch, with_care=False)
            except (Doubted, UniqueViolationError):
                pass  # all of it is undone
        return await self._transact(pool, batch, with_care=True)

    async def _transact(self, pool: Pool, batch: Batch, with_care: bool) -> bool:
        async with pool.acquire() as tx, tx.transaction():
            return await self.keep(tx, batch, with_care)

    async def keep(self, tx: Tx, batch: Batch, with_care: bool = True) -> bool:
        """Without care it believes that all is new and nothing fails, and raises what says otherwise."""
        at, how = self.clock(), apply if with_care else apply_at_once
        seen = await (inbox.keep_new if with_care else inbox.keep_all)(tx, batch.readable)
        await self.prepare(seen.new, tx)
        applied = Applied()
        for event_type in self.handlers:
            some = await self._handle_type(tx, event_type, seen.new, how)
            # Before the next type, whose facts may be what these wait for: it can only wake what is parked.
            some.caused += await self._park(tx, some.refused, (), at)
            applied.merge(some)
        applied.caused += await self._park(tx, [Refused(m, reused(m)) for m in seen.changed], batch.unreadable, at)
        await outbox.put(tx, self.service, applied.caused, at)
        with doubting():
            await outbox.put(tx, self.service, await applied.finish(tx), at)
        await self.count_duplicates(tx, seen.resent, applied.ignored)
        for message in seen.repeated:
            metrics.DUPLICATES.labels(self.service, message.data.wire, SAME_ID).inc()
        return bool(applied.caused or seen.changed or applied.refused or batch.unreadable)

    async def handle(self, tx: Tx, messages: Sequence[Received[Any]]) -> Applied:
        """Each type's handler with its messages, types in the order of the service's table.

        What has to be done before any of it, `prepare`, is the caller's business: once, with all that is tried.
        """
        applied = Applied()
        for event_type in self.handlers:
            applied.merge(await self._handle_type(tx, event_type, messages))
        return applied

    async def _handle_type(
        self, tx: Tx, event_type: type[Event], messages: Sequence[Received[Any]], how: Apply = apply
    ) -> Applied:
        same = [m for m in messages if m.data.wire == event_type.wire]
        return await how(self.handlers[event_type], same, tx)

    async def _park(
        self, tx: Tx, refused: Sequence[Refused], unreadable: Sequence[Unreadable], at: datetime
    ) -> list[Caused]:
        """Parks, and says which events announce it."""
        messages = [of_refused(r.message, r.error) for r in refused] + [of_unreadable(u) for u in unreadable]
        new = await add_parked(tx, messages, at)
        await self._tally_parked(tx, messages, new)
        first = {message.id: message for message in messages if message.id in new}
        return await self.announce(tx, first.values(), at)

    async def announce(self, tx: Tx, messages: Iterable[ParkedMessage], at: datetime) -> list[Caused]:
        """Notes what is parked, or needs a person now, and says which events tell of it."""
        announced: list[Caused] = []
        own: list[Event] = []
        for message in messages:
            self._note(message)
            event = self._announce(message)
            if event and message.cause:
                announced.append(Caused(message.cause, event))
            elif event:
                own.append(event)
        await outbox.put_own(tx, self.service, own, at)
        return announced

    def _note(self, message: ParkedMessage) -> None:
        error, known = message.error, message.cause is not None or self.knows(message.type)
        kind = message.type if known else "unknown"
        metrics.PARKED.labels(self.service, kind, error.kind, error.code, message.state).inc()
        log.warning(
            "message_parked",
            parked_id=str(message.id),
            event_id=str(message.event_id),
            type=kind,
            kind=error.kind,
            code=error.code,
            state=message.state,
            correlation_id=message.cause.story if message.cause else None,
            causation_id=message.cause.envelope.causationid if message.cause else None,
        )

    async def count_duplicates(self, tx: Tx, resent: Sequence[Received[Any]], ignored: Sequence[Ignored]) -> None:
        """Counts what a sender has sent again, if it is one from outside: known by its id, or by a handler."""
        if self.foreign:
            again = [*resent, *[outcome.message for outcome in ignored]]
            await add_duplicates(tx, [(m.data.wire, m.arrival) for m in again])
        for outcome in ignored:
            metrics.DUPLICATES.labels(self.service, outcome.message.data.wire, outcome.reason).inc()

    async def _tally_parked(self, tx: Tx, messages: Sequence[ParkedMessage], new: set[UUID]) -> None:
        """What was parked before, or twice in this batch, is a duplicate; it stays parked once."""
        first, again = set[UUID](), list[ParkedMessage]()
        for message in messages:
            if message.id in new and message.id not in first:
                first.add(message.id)
            else:
                again.append(message)
        known = await get_arrivals(tx, [m.id for m in again])
        resent = [m for m in again if m.id in first or inbox.is_resent(m.arrival, known[m.id])]
        if self.foreign:
            await add_duplicates(tx, [(m.cause.data.wire if m.cause else UNREADABLE, m.arrival) for m in resent])


def _is_plain(batch: Batch) -> bool:
    """Of one type, and nothing of it was brought before."""
    return len({m.data.wire for m in batch.readable}) == 1 and not any(m.arrival.again for m in batch.readable)


def reused(message: Received[Any]) -> Conflict:
    return Conflict("event_id_reused", "this id was used before, for something else; the first one stands")
