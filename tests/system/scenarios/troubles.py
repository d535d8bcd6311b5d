"""What goes wrong with the servers of an installation of ours: they are stopped and started by their recorded pids."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from deploy.broker.definitions import SERVICES
from deploy.local import pids, postgres, processes, rabbitmq
from deploy.local.chaos import inside
from deploy.local.chaos.inside.points import trigger
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


@asynccontextmanager
async def dies_after_commit(system: System, service: str, folder: Path) -> AsyncIterator[None]:
    """The service's process kills itself when it has next committed something; then another one is started."""
    with system.state.locked():
        launch = processes.launch(system.state, service, system.addresses(service))
        told = {inside.FOLDER: str(folder), inside.NAME: launch.name}
        command = [sys.executable, "-P", "-m", "deploy.local.chaos.service", service]
        await asyncio.to_thread(pids.stop, system.state, service)
        pids.start(system.state, replace(launch, command=command, environment={**launch.environment, **told}))
        await asyncio.to_thread(processes.wait_ready, system.state, [service])
    named = trigger(folder, service, "committed")
    named.touch()

    async def mourn() -> None:
        await until(lambda: _gone(system, service), f"{service} killed when it had committed")
        await asyncio.to_thread(system.restart, service)

    async with asyncio.TaskGroup() as group:
        group.create_task(mourn())
        yield
    assert not named.exists()


async def _gone(system: System, service: str) -> bool:
    return pids.find(system.state, service) is None


async def all_ready(system: System) -> None:
    """Every service has found its servers again, by itself."""

    async def are_ready() -> bool:
        records = [pids.find(system.state, name) for name in SERVICES]
        return all([record and await asyncio.to_thread(processes.is_ready, record) for record in records])

    await until(are_ready, "all services ready again", 60)
