"""The whole way in without a broker: what tills deliver, what waits, what is tried again as time goes by."""

from collections.abc import Sequence
from datetime import timedelta

from services.sales.app import service
from shared.contracts.outlets import TillReport
from shared.db import Pool, Tx
from shared.runtime.decode import Batch
from shared.runtime.envelope import Arrival, Envelope, Received, receive
from shared.runtime.parked import Act
from shared.runtime.parked.storage import lock_parked
from shared.runtime.redrive import Redriver
from shared.runtime.store import Store
from tests.integration.sales.builders import NOON

PERSON = "coordinator"


class Road:
    """Sales with its inbox, its parked reports and a clock that only moves when it is told to."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.now, self._arrivals = pool, NOON, 0
        handlers = {kind: handle for kind, handle in service.events.items() if kind.owner() == "outlet"}
        self.store = Store("sales", handlers, service.announce, lambda: self.now, service.prepare)
        self.redriver = Redriver("sales", [self.store])

    async def bring(self, *reports: TillReport, ids: Sequence[str] = ()) -> None:
        """One delivery, in this order. Without ids each has one of its own."""
        async with self.pool.acquire() as tx, tx.transaction():
            await self.bring_within(tx, *reports, ids=ids)

    async def bring_within(self, tx: Tx, *reports: TillReport, ids: Sequence[str] = ()) -> None:
        """One that is not committed yet."""
        self._arrivals += 1
        arrival = Arrival(self._arrivals)
        names = ids or [f"{self._arrivals}-{position}" for position, _ in enumerate(reports)]
        batch = [self._receive(name, one, arrival) for name, one in zip(names, reports, strict=True)]
        await self.store.keep(tx, Batch(batch, []))

    def _receive(self, name: str, data: TillReport, arrival: Arrival) -> Received[TillReport]:
        envelope: Envelope[TillReport] = Envelope(
            specversion="1.0", id=name, source="/outlets/citos", type=data.wire, time=self.now, data=data
        )
        return receive(envelope, self.now, arrival)

    async def wait(self, time: timedelta = timedelta(minutes=2)) -> None:
        """Lets time go by, in steps; whatever becomes due is tried, also what a try has woken."""
        for _ in range(3):
            self.now += time / 3
            while await self.redriver.round(self.pool, self.now):
                pass

    async def choose(self, subject: str, code: str) -> int:
        """A person says that the parked report is right. 1 when it is booked now."""
        parked_id = await self.pool.fetchval(
            "SELECT id FROM parked WHERE subject = $1 AND code = $2 AND state IN ('waiting', 'person') ORDER BY id",
            subject,
            code,
        )
        async with self.pool.acquire() as tx, tx.transaction():
            row = await lock_parked(tx, parked_id)
            assert row is not None
            return await self.redriver.attempt(tx, [row], Act("chosen", PERSON, chosen="parked"), self.now)

    async def parked(self) -> list[tuple[str, str, str]]:
        """Subject, code and state of what is open, by subject."""
        rows = await self.pool.fetch(
            "SELECT subject, code, state FROM parked WHERE state IN ('waiting', 'person') ORDER BY subject, code"
        )
        return [tuple(row) for row in rows]

    async def duplicates(self) -> int:
        counted = await self.pool.fetchval("SELECT coalesce(sum(n), 0)::int FROM tally WHERE outcome = 'duplicate'")
        return int(counted)

    async def findings(self) -> list[tuple[str, str, str]]:
        """Kind, subject and state of what a person should look at."""
        rows = await self.pool.fetch(
            """
            SELECT kind, subject, CASE WHEN settled_at IS NULL THEN 'open' ELSE 'settled' END AS state
            FROM finding ORDER BY kind, subject, detail ->> 'receipt'
            """
        )
        return [tuple(row) for row in rows]


async def unit_place(pool: Pool, serial: str) -> tuple[str, str | None] | None:
    """State and outlet of a piece, and that what put it there is what it says."""
    row = await pool.fetchrow("SELECT state, outlet, cause FROM unit WHERE serial = $1", serial)
    if row is None:
        return None
    if row["state"] == "sold":
        assert await pool.fetchval("SELECT serial FROM sale WHERE no = $1", row["cause"]) == serial
    return row["state"], row["outlet"]
