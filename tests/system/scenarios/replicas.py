"""More processes of one service, as `docker compose up --scale` would run them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deploy.local import pids, processes
from deploy.local.state import REPOSITORY
from deploy.local.system import System
from tests.system.conftest import until


def start(system: System, service: str, number: int) -> pids.Record:
    """The `number`th process of a service; it is not ready yet."""
    name, addresses = f"{service}-{number}", system.addresses(service)
    port = system.state.port(name)
    told = {
        "KARYA_DATABASE_URL": addresses.database_url,
        "KARYA_AMQP_URL": addresses.amqp_url,
        "KARYA_METRICS_PORT": str(port),
        "PYTHONPATH": str(REPOSITORY),
    }
    launch = pids.Launch(
        name=name,
        command=[sys.executable, "-P", "-m", f"services.{service}"],
        environment=os.environ | told,
        log=system.state.folder("log") / f"{name}.log",
        folder=REPOSITORY,
        facts={"port": port},
    )
    return pids.start(system.state, launch)


@asynccontextmanager
async def scaled(system: System, service: str, replicas: int) -> AsyncIterator[None]:
    """So many processes of a service, all of them ready; afterwards it is one again."""
    records = [start(system, service, number) for number in range(2, replicas + 1)]

    async def all_ready() -> bool:
        return all([await asyncio.to_thread(processes.is_ready, record) for record in records])

    try:
        await until(all_ready, f"{replicas} processes of {service}", 60)
        yield
    finally:
        for record in records:
            await asyncio.to_thread(pids.stop, system.state, record.name, signal.SIGTERM)
