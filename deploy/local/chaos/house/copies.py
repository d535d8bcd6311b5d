"""Databases set back to what they were after the set-up, and copies of them."""

from collections.abc import Iterable
from contextlib import AsyncExitStack

import aio_pika
import asyncpg

from deploy.broker.definitions import ADMIN, SERVICES
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.house.nodes import QUIET
from shared.contracts.subscriptions import SUBSCRIPTIONS

SEED = "_as_set_up"


async def keep(installation: Installation) -> None:
    """Remembers the databases as they are now. No service may run."""
    for service in SERVICES:
        await _copy(installation, service, f"{service}{SEED}", service)


async def set_back(installation: Installation) -> None:
    """The databases as they were, and no message in any queue. No service may run."""
    for service in SERVICES:
        await _copy(installation, f"{service}{SEED}", service, service)
    for vhost in ("/", QUIET):
        await _empty_queues(installation, vhost)


async def copy_of_sales(installation: Installation) -> str:
    """The name of a fresh copy of sales' database as it was after the set-up."""
    await _copy(installation, f"sales{SEED}", "sales_quiet", "sales")
    return "sales_quiet"


async def _copy(installation: Installation, of: str, name: str, owner: str) -> None:
    """Replaces the database of that name."""
    admin = await asyncpg.connect(installation.admin_url)
    try:
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", of)
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}" OWNER "{owner}"')
        await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    finally:
        await admin.close()


async def _empty_queues(installation: Installation, vhost: str) -> None:
    """Deletes them: their services declare them anew."""
    async with AsyncExitStack() as stack:
        connection = await aio_pika.connect(installation.amqp_url(ADMIN, vhost))
        stack.push_async_callback(connection.close)
        channel = await connection.channel()
        for name in queue_names():
            await channel.queue_delete(name)


def queue_names() -> Iterable[str]:
    """Every queue of the services."""
    for service, events in SUBSCRIPTIONS.items():
        yield from (f"{service}.dead", f"{service}.requests")
        yield from dict.fromkeys([work_queue(service, event.wire) for event in events])


def work_queue(service: str, wire: str) -> str:
    """The queue that brings a service an event."""
    return f"{service}.outlets" if wire.startswith("outlet.") else f"{service}.{wire}"
