"""A listener outside of the house: a queue of its own, bound to the events it needs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from tests.system.conftest import until
from tests.system.scenarios.people import Json


class Ear:
    """What was heard, in the order in which it came."""

    def __init__(self) -> None:
        self.heard: list[Json] = []

    def of(self, kind: str, **facts: object) -> list[Json]:
        """The data of events of one type (`ItemSold`) that say this."""
        found = [one["data"] for one in self.heard if one["type"].split(".")[1] == kind]
        return [data for data in found if all(data.get(name) == value for name, value in facts.items())]

    async def hears(self, kind: str, times: int = 1, **facts: object) -> list[Json]:
        """Waits until it was told so often, and a moment more: it must not be told more often."""

        async def so_often() -> bool:
            return len(self.of(kind, **facts)) >= times

        await until(so_often, f"{times} {kind} {facts}")
        await asyncio.sleep(0.2)
        assert len(self.of(kind, **facts)) == times
        return self.of(kind, **facts)


@asynccontextmanager
async def listening(amqp_url: str, what: str = "sales.#") -> AsyncIterator[Ear]:
    """To all that sales tells, or to what is named."""
    ear = Ear()

    async def take(message: AbstractIncomingMessage) -> None:
        ear.heard += json.loads(message.body)
        await message.ack()

    connection = await aio_pika.connect(amqp_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("events", what)
        await queue.consume(take)
        yield ear
