"""A running probe, and ways to speak to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aio_pika
import pytest

from shared.db import Row
from shared.runtime.process import Process
from shared.runtime.requests import Requests
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.system.probe.service import PROBE


@dataclass
class Probe:
    """A probe that runs in this process; `publish` brings it bodies, `ask` requests."""

    process: Process
    requests: Requests
    channel: Any
    settings: Settings

    async def publish(self, body: bytes, kind: str = "probe.Counted.v1") -> None:
        exchange = await self.channel.get_exchange("events", ensure=False)
        await exchange.publish(aio_pika.Message(body, delivery_mode=2), kind, mandatory=True)

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self.process.pool.fetch(sql, *args)

    async def count(self, table: str) -> int:
        return int(await self.process.pool.fetchval(f"SELECT count(*) FROM {table}"))

    async def entries(self, n: int, seconds: float = 15) -> None:
        await until(lambda: self._has("entry", n), f"{n} entries", seconds)

    async def parked(self, n: int, seconds: float = 15) -> list[Row]:
        await until(lambda: self._has("parked", n), f"{n} parked", seconds)
        return await self.fetch("SELECT * FROM parked ORDER BY parked_at, id")

    async def dead(self) -> int:
        queue = await self.channel.declare_queue("probe.dead", passive=True)
        return int(queue.declaration_result.message_count)

    async def _has(self, table: str, n: int) -> bool:
        return await self.count(table) == n


async def until(holds: Callable[[], Awaitable[bool]], what: str, seconds: float = 15) -> None:
    """Waits for a fact; fails, naming it, when it does not come about in time."""
    end = time.monotonic() + seconds
    while not await holds():
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} s: {what}")
        await asyncio.sleep(0.05)


@pytest.fixture
async def probe(make_database: MakeDatabase, broker_url: str) -> AsyncIterator[Probe]:
    # Nobody but the test looks at the topology: a fault is told once, to whoever sees it first.
    settings = Settings(database_url=await make_database("probe"), amqp_url=broker_url, topology_seconds=3600)
    process = Process(PROBE, settings)
    await process.start()
    connection = await aio_pika.connect(broker_url)
    requests = Requests(broker_url, "tests", "/tests")
    channel = await connection.channel(on_return_raises=True)
    running = Probe(process, requests, channel, settings)
    yield running
    await requests.close()
    await connection.close()
    await running.process.stop()  # a test may have put another in its place
