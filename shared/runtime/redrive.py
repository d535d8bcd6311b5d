"""Tries parked messages again: by itself when they are due, or because an operator says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from shared.db import Pool, Row, Tx
from shared.errors import KaryaError, NotFound, Rejected
from shared.runtime import outbox, parked
from shared.runtime.envelope import Arrival, Received
from shared.runtime.handler import Applied
from shared.runtime.store import Store

ROUND = 200
log = structlog.get_logger(__name__)


class Redriver:
    """The parked messages of one service."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self._stores = {t.wire: store for store in stores for t in store.handlers}

    async def round(self, pool: Pool, at: datetime) -> int:
        """Tries up to ROUND messages that are due. Returns how many were tried."""
        async with pool.acquire() as tx, tx.transaction():
            rows = await parked.claim_due(tx, list(self._stores), at, ROUND)
            await self._try(tx, rows, "the runtime", at)
        return len(rows)

    async def one(self, tx: Tx, parked_id: UUID, by: str, at: datetime) -> None:
        """Tries one now, whoever it waits for. Raises NotFound, and Rejected when it is settled already."""
        row = await parked.lock_parked(tx, parked_id)
        if row is None:
            raise NotFound("parked_unknown", f"no parked message {parked_id}")
        if row["state"] not in ("waiting", "person"):
            raise Rejected("parked_settled", f"this message is {row['state']} already")
        await self._try(tx, [row], by, at)

    async def _try(self, tx: Tx, rows: Sequence[Row], by: str, at: datetime) -> None:
        readable = [(row, message) for row in rows if (message := await self._read(tx, row, at)) is not None]
        by_store: dict[Store, list[tuple[Row, Received[Any]]]] = {}
        for row, message in readable:
            by_store.setdefault(self._stores[message.data.wire], []).append((row, message))
        for store, pairs in by_store.items():
            await self._apply(tx, store, pairs, by)

    async def _read(self, tx: Tx, row: Row, at: datetime) -> Received[Any] | None:
        """The message, or None when it (still) cannot be read: then it stays for a person."""
        store = self._stores.get(row["type"]) or next(iter(self._stores.values()))
        try:
            # A key of its own: a duplicate that is found only now is counted once, for this message.
            return store.decoder.check(row["envelope"], at, Arrival(row["id"].int & 0x7FFF_FFFF_FFFF_FFFF))
        except KaryaError as error:
            await parked.mark_failed(tx, [(row, error)], at)
            return None

    async def _apply(self, tx: Tx, store: Store, pairs: list[tuple[Row, Received[Any]]], by: str) -> None:
        at = store.clock()
        applied: Applied = await store.handle(tx, [message for _, message in pairs])
        failed = {id(refused.message): refused.error for refused in applied.refused}
        await parked.mark_failed(tx, [(row, failed[id(m)]) for row, m in pairs if id(m) in failed], at)
        passed = [row["id"] for row, message in pairs if id(message) not in failed]
        await parked.mark_passed(tx, passed, by, at)
        await outbox.put(tx, store.service, applied.caused, at)
        await store.tally(tx, [outcome.message for outcome in applied.ignored])
        if passed:
            log.info("parked_redriven", passed=len(passed), by=by)
