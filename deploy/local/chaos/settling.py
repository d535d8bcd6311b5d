"""Waits until nothing is under way any more: nothing queued, unsent, unseen, or parked that need not be."""

import asyncio
from collections.abc import Collection
from typing import Any

import aio_pika
from aiormq.exceptions import AMQPError

from deploy.broker.definitions import ADMIN
from deploy.local.chaos.house.copies import queue_names
from deploy.local.chaos.invariants.events import events_are_heard
from deploy.local.chaos.invariants.evidence import Evidence
from shared.contracts.subscriptions import PUBLISHED

LOOK, LOOKS = 0.4, 3
"""Seconds between two looks, and how many in a row must see nothing: what is in hand is in no queue."""

OPEN = "SELECT envelope ->> 'id' AS id, code FROM parked WHERE state IN ('waiting', 'person')"

UNREAD = "SELECT count(*) FROM transfer WHERE id > (SELECT position FROM ledger_reading WHERE reader = 'earned')"


class Settling:
    """`expected`: ids of what will stay parked. `whole`: nothing is settled before everybody has heard everything."""

    def __init__(self, found: Evidence, expected: Collection[str], whole: bool) -> None:
        self._found, self._expected, self._whole = found, set(expected), whole
        self._house, self._databases = found.house, found.databases
        self.busy = ""

    async def settle(self, patience: float) -> float | None:
        """Seconds that it took; None: something is still under way when patience ends."""
        clock = asyncio.get_running_loop().time
        began, calm = clock(), 0
        while calm < LOOKS:
            what = self.busy = await self._busy()
            calm = 0 if what else calm + 1
            if what and clock() - began > patience:
                return None
            await asyncio.sleep(LOOK)
        return clock() - began

    async def parked(self) -> list[tuple[str, str]]:
        """Id and code of what is open now, in any service."""
        found = [row for service in PUBLISHED for row in await self._databases[service].fetch(OPEN)]
        return [(str(row["id"]), row["code"]) for row in found]

    async def _busy(self) -> str:
        """What is under way; empty when nothing is."""
        for service in PUBLISHED:
            unsent = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM unroutable)"
            if left := await self._databases[service].fetchval(unsent):
                return f"{left} events of {service} to be sent"
        if left := await self._databases["sales"].fetchval("SELECT count(*) FROM heard"):
            return f"{left} bookings that the watch has not seen"
        if left := await self._databases["sales"].fetchval(UNREAD):
            return f"{left} transfers of which it is not told who earned"
        if left := await self._databases["notify"].fetchval("SELECT count(*) FROM due"):
            return f"{left} notices to be sent"
        if waiting := [one for one, _ in await self.parked() if one not in self._expected]:
            return f"{len(waiting)} parked that need not be"
        return await self._queued() or (await self._unheard() if self._whole else "")

    async def _unheard(self) -> str:
        return "; ".join(await events_are_heard(self._found))

    async def _queued(self) -> str:
        try:
            connection: Any = await aio_pika.connect(self._house.amqp_url(ADMIN), timeout=5)
        except (AMQPError, OSError, TimeoutError):
            return "the broker does not answer"
        async with connection:
            channel = await connection.channel()
            for name in queue_names():
                if name.endswith(".dead"):
                    continue
                try:
                    queue = await channel.declare_queue(name, passive=True)
                except AMQPError as error:
                    return f"{name}: {type(error).__name__}"
                if left := queue.declaration_result.message_count:
                    return f"{left} messages in {name}"
        return ""
