"""What the services' databases say: who is done, how many were booked, and when a notice was committed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.local.state import SetupError
from deploy.local.system import Endpoints
from shared import db

PATIENCE, LOOK = 120.0, 0.05
Connection = Any


@dataclass(frozen=True)
class Books:
    """One connection to each of the two databases that a sale goes through."""

    sales: Connection
    notify: Connection

    async def sales_knows(self, table: str, rows: int) -> None:
        """Waits until sales has heard of so many makers or products."""
        await _until(lambda: self._has(table, rows), f"sales has {rows} rows of {table}")

    async def settle(self) -> None:
        """Waits until nothing is under way: all sent, all told."""
        await _until(self._is_quiet, "everything is sent and told")

    async def noticed(self) -> int:
        """A number that grows by one with each notice, committed or about to be. Costs nothing to ask."""
        return int(await self.notify.fetchval("SELECT last_value FROM notice_seq_seq"))

    async def wait_for_notices(self, mark: int, events: int) -> None:
        """Waits until so many more have been written since `mark`; commits may still be a moment away."""

        async def written() -> bool:
            return await self.noticed() >= mark + events

        await _until(written, f"{events} notices are written")

    async def last_notice(self, began: datetime, events: int) -> datetime:
        """When the last of these was committed. Raises SetupError unless every sale was booked and told once."""
        deadline = time.monotonic() + PATIENCE
        while True:
            told = await self.notify.fetchval("SELECT count(*) FROM notice WHERE created_at >= $1", began)
            if told >= events or time.monotonic() > deadline:
                break
            await asyncio.sleep(LOOK)
        booked = await self.sales.fetchval("SELECT count(*) FROM sale WHERE recorded_at >= $1", began)
        parked = await self.sales.fetchval("SELECT count(*) FROM parked")
        if (booked, told, parked) != (events, events, 0):
            raise SetupError(f"of {events} events {booked} were booked and {told} told; {parked} are parked")
        at: datetime = await self.notify.fetchval(
            "SELECT max(pg_xact_commit_timestamp(xmin)) FROM inbox WHERE seen_at >= $1", began
        )
        return at

    async def delays(self, began: datetime) -> list[float]:
        """Seconds from each report's `sold_at` to the commit of the maker's notice, in the order they were sold."""
        sold = await self.sales.fetch(
            """
            SELECT id, (envelope::jsonb #>> '{data,sold_at}')::timestamptz AS at
            FROM event_log
            WHERE type = 'sales.ItemSold.v1' AND recorded_at >= $1
            """,
            began,
        )
        # A notice changes when it is sent; the inbox's row of the same transaction never does.
        heard = await self.notify.fetch(
            "SELECT id, pg_xact_commit_timestamp(xmin) AS at FROM inbox WHERE seen_at >= $1", began
        )
        told = {row["id"]: row["at"] for row in heard}
        return [(told[row["id"]] - row["at"]).total_seconds() for row in sorted(sold, key=lambda row: row["at"])]

    async def _has(self, table: str, rows: int) -> bool:
        return int(await self.sales.fetchval(f"SELECT count(*) FROM {table}")) >= rows  # noqa: S608 - our own word

    async def _is_quiet(self) -> bool:
        unsent = [await one.fetchval("SELECT count(*) FROM outbox") for one in (self.sales, self.notify)]
        queued = await self.notify.fetchval("SELECT count(*) FROM notice WHERE state = 'queued'")
        return not any(unsent) and not queued


@asynccontextmanager
async def open_books(endpoints: Endpoints) -> AsyncIterator[Books]:
    sales = await db.connect(endpoints.database_url("sales"), "bench")
    notify = await db.connect(endpoints.database_url("notify"), "bench")
    try:
        yield Books(sales, notify)
    finally:
        await sales.close()
        await notify.close()


async def _until(done: Any, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await done():
        if time.monotonic() > deadline:
            raise SetupError(f"waited {PATIENCE:.0f} s in vain until {what}")
        await asyncio.sleep(LOOK)
