"""More processes of one service, as `docker compose up --scale` would run them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deploy.local.system import System


@asynccontextmanager
async def scaled(system: System, service: str, replicas: int) -> AsyncIterator[None]:
    """So many processes of a service, all of them ready; afterwards it is one again."""
    await asyncio.to_thread(system.scale, service, replicas)
    try:
        yield
    finally:
        await asyncio.to_thread(system.scale, service, 1)
