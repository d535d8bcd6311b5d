"""What the services' databases say: who is done, how many were booked, and when a notice was committed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.local.state import SetupError
from deploy.local.system import Endpoints
from services.notify.domain import Template
from shared import db
from shared.runtime.envelope import now

PATIENCE, LOOK = 120.0, 0.05
"""Seconds without any progress, and between two looks."""

Connection = Any


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the books stood when a measurement began."""

    notices: int
    at: datetime


@dataclass(frozen=True)
class Books:
    """One connection to each of the two databases that a sale goes through."""

    sales: Connection
    notify: Connection

    async def sales_knows(self, table: str, rows: int) -> None:
        """Waits until sales has heard of so many makers or products."""

        async def lacking() -> int:
            return rows - int(await self.sales.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own word

        await until_none(lacking, f"sales has {rows} rows of {table}")

    async def settle(self) -> Mark:
        """Waits until nothing is under way, all sent and all told; what is written from then on is after the mark."""
        await until_none(self._under_way, "everything is sent and told")
        return Mark(await self.noticed(), now())

    async def noticed(self) -> int:
        """A number that grows by one with each notice, committed or about to be. Costs nothing to ask."""
        return int(await self.notify.fetchval("SELECT last_value FROM notice_seq_seq"))

    async def wait_for_notices(self, mark: Mark, events: int) -> None:
        """Waits until so many more have been written since; commits may still be a moment away."""

        async def lacking() -> int:
            return mark.notices + events - await self.noticed()

        await until_none(lacking, f"{events} notices are written")

    async def last_notice(self, mark: Mark, events: int) -> datetime:
        """When the last of these was committed. Raises SetupError unless every sale was booked and told once."""

        async def lacking() -> int:
            return events - await self._told(mark)

        await until_none(lacking, f"{events} notices are committed")
        told = await self._told(mark)
        booked = await self.sales.fetchval("SELECT count(*) FROM sale WHERE recorded_at >= $1", mark.at)
        parked = await self.sales.fetchval("SELECT count(*) FROM parked")
        if (booked, told, parked) != (events, events, 0):
            raise SetupError(f"of {events} events {booked} were booked and {told} told; {parked} are parked")
        at: datetime = await self.notify.fetchval(
            "SELECT max(pg_xact_commit_timestamp(xmin)) FROM inbox WHERE seen_at >= $1", mark.at
        )
        return at

    async def told_at(self, mark: Mark) -> list[tuple[datetime, datetime]]:
        """Of each report since then `sold_at` and the commit of the maker's notice, in the order they were sold."""
        sold = await self.sales.fetch(
            """
            SELECT id, (envelope::jsonb #>> '{data,sold_at}')::timestamptz AS at
            FROM event_log
            WHERE type = 'sales.ItemSold.v1' AND recorded_at >= $1
            """,
            mark.at,
        )
        # The inbox's row of the transaction that wrote the notice, for it bears the event's id.
        heard = await self.notify.fetch(
            "SELECT id, pg_xact_commit_timestamp(xmin) AS at FROM inbox WHERE seen_at >= $1", mark.at
        )
        told = {row["id"]: row["at"] for row in heard}
        return sorted([(row["at"], told[row["id"]]) for row in sold])

    async def _told(self, mark: Mark) -> int:
        """Of sales. Makers who have earned enough are told of the tax's threshold too, all of them in one batch."""
        counted = await self.notify.fetchval(
            "SELECT count(*) FROM notice WHERE created_at >= $1 AND template = $2", mark.at, Template.ITEM_SOLD
        )
        return int(counted)

    async def _under_way(self) -> int:
        unsent = [await one.fetchval("SELECT count(*) FROM outbox") for one in (self.sales, self.notify)]
        queued = await self.notify.fetchval("SELECT count(*) FROM due")
        return int(sum(unsent) + queued)


@asynccontextmanager
async def open_books(endpoints: Endpoints) -> AsyncIterator[Books]:
    sales = await db.connect(endpoints.database_url("sales"), "bench")
    notify = await db.connect(endpoints.database_url("notify"), "bench")
    try:
        yield Books(sales, notify)
    finally:
        await sales.close()
        await notify.close()


async def until_none(lacking: Callable[[], Awaitable[int]], what: str) -> None:
    """Until nothing is lacking. Raises SetupError when it has not become less for too long."""
    least, deadline = await lacking(), time.monotonic() + PATIENCE
    while least > 0:
        await asyncio.sleep(LOOK)
        if (left := await lacking()) < least:
            least, deadline = left, time.monotonic() + PATIENCE
        elif time.monotonic() > deadline:
            raise SetupError(f"waited {PATIENCE:.0f} s in vain until {what}")
