"""What goes wrong with the servers of an installation of ours: they are stopped and started by their recorded pids."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deploy.broker.definitions import SERVICES
from deploy.local import pids, postgres, processes, rabbitmq
from deploy.local.system import System
from tests.system.conftest import until


@asynccontextmanager
async def broker_away(system: System) -> AsyncIterator[None]:
    """RabbitMQ stops, and is started again afterwards."""
    assert await asyncio.to_thread(rabbitmq.stop, system.state), "there was no broker to stop"
    try:
        yield
    finally:
        await asyncio.to_thread(rabbitmq.start, system.state)


async def crash_database(system: System) -> None:
    """PostgreSQL ends at once, as it would with its machine, and is started again."""
    ended = await asyncio.to_thread(pids.stop, system.state, postgres.NAME, signal.SIGQUIT)
    assert ended, "there was no database to crash"
    await asyncio.to_thread(postgres.start, system.state)


async def all_ready(system: System) -> None:
    """Every service has found its servers again, by itself."""

    async def are_ready() -> bool:
        records = [pids.find(system.state, name) for name in SERVICES]
        return all([record and await asyncio.to_thread(processes.is_ready, record) for record in records])

    await until(are_ready, "all services ready again", 60)
