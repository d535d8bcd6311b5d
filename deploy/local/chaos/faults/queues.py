"""Faults of an operator's hand: a queue deleted with all that is in it, a binding removed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import AMQPError

from deploy.broker.definitions import ADMIN
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.timeline import Planned

TOLD = ("sales.ItemSold.v1", "sales.ItemReturned.v1", "sales.SaleVoided.v1")
TILLS = "sales.outlets"


async def delete_queue(house: Installation, planned: Planned) -> str:
    """Between two services: what was missed is still in the sender's event log."""
    name = f"notify.{planned.choose(TOLD)}"
    async with _channel(house) as channel:
        await channel.queue_delete(name)
    return name


async def delete_tills_queue(house: Installation, _: Planned) -> str:
    """What was confirmed and lay in it is gone: only the tills still have it."""
    async with _channel(house) as channel:
        await channel.queue_delete(TILLS)
    return TILLS


async def remove_binding(house: Installation, planned: Planned) -> str:
    """The queue is there, and nothing comes in any more."""
    wire = planned.choose(TOLD)
    async with _channel(house) as channel:
        queue = await channel.get_queue(f"notify.{wire}", ensure=False)
        await queue.unbind("events", wire)
    return f"notify.{wire}"


@asynccontextmanager
async def _channel(house: Installation) -> AsyncIterator[AbstractChannel]:
    """An operator waits for a broker that is away."""
    while True:
        try:
            connection = await aio_pika.connect(house.amqp_url(ADMIN), timeout=5)
            break
        except (AMQPError, OSError, TimeoutError):
            await asyncio.sleep(0.5)
    async with connection:
        yield await connection.channel()
