"""Requests, reports and events are consumed apart from each other, and what is lost of it is made anew."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage

from deploy.local.chaos.house.proxy import Proxy
from shared.contracts.outlets import SaleReported
from shared.runtime import consumer, topology
from shared.runtime.broker import Broker
from shared.runtime.consumer import Consumer, listening
from shared.runtime.envelope import new_id
from tests.system.conftest import until
from tests.system.probe.service import Added

REPORTS, EVENTS, REQUESTS = "probe.outlets", "probe.probe.Added.v1", "probe.requests"


@dataclass
class Listener:
    """A service's broker that takes what comes from a till's and an event's queue; and the test's own channel."""

    broker: Broker
    channel: Any
    taken: list[str]

    async def hears(self, queue: str) -> None:
        """Raises TimeoutError unless a message put into the queue is taken."""
        mark = str(new_id())
        await self.channel.default_exchange.publish(aio_pika.Message(b"x", message_id=mark), queue)

        async def taken() -> bool:
            return mark in self.taken

        await until(taken, f"a message in {queue} is taken", 10)


@pytest.fixture
async def listener(broker_url: str) -> AsyncIterator[Listener]:
    taken: list[str] = []

    async def take(message: AbstractIncomingMessage) -> None:
        taken.append(message.message_id or "")
        await message.ack()

    async def answer(_: Any) -> None:
        """Nobody asks."""

    broker = Broker(broker_url, "probe", topology.feeds("probe", (SaleReported, Added)))
    broker.answer(answer, prefetch=1)
    for feed in broker.feeds:
        broker.listen(feed, take, prefetch=10)
    connection = await aio_pika.connect(broker_url)
    yield Listener(broker, await connection.channel(), taken)
    await broker.cancel()
    await broker.close()
    for queue in (REPORTS, EVENTS, REQUESTS, "probe.dead"):
        await (await connection.channel()).queue_delete(queue)
    await connection.close()


async def test_a_queue_that_is_missing_at_the_start_keeps_nobody_from_the_others(listener: Listener) -> None:
    await listener.broker.connect()
    await listener.channel.queue_delete(REPORTS)

    await listener.broker.start()

    await listener.hears(EVENTS)
    assert await listener.broker.faults() == [f"{REPORTS}: missing"]
    await listener.hears(REPORTS)
    assert await listener.broker.faults() == []


async def test_a_start_that_can_consume_nothing_fails_and_can_be_tried_again(listener: Listener) -> None:
    await listener.broker.connect()
    for queue in (REPORTS, EVENTS, REQUESTS):
        await listener.channel.queue_delete(queue)
    with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
        await listener.broker.start()

    await listener.broker.declare()
    await listener.broker.start()
    await listener.broker.start()

    for queue in (REPORTS, EVENTS):
        await listener.hears(queue)
        assert (await listener.channel.declare_queue(queue, passive=True)).declaration_result.consumer_count == 1


async def test_a_consumer_that_was_lost_is_made_anew(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "SILENT_SECONDS", 0.2)
    await listener.broker.connect()
    await listener.broker.start()
    await listener.broker._consumers["reports"].cancel()

    assert await listener.broker.faults() == [f"{REPORTS}: nobody consumes"]
    await asyncio.sleep(0.3)
    await listener.broker.faults()

    assert await listener.broker.faults() == []
    await listener.hears(REPORTS)


async def test_a_broker_that_never_answers_is_given_up_and_tried_again(
    listener: Listener, broker_url: str, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "OPEN_SECONDS", 0.5)
    await listener.broker.connect()
    server = urlsplit(broker_url)
    proxy = Proxy(lambda: [(str(server.hostname), server.port or 5672)])
    await proxy.start(unused_tcp_port)
    behind = server._replace(netloc=f"{server.netloc.rpartition(':')[0]}:{unused_tcp_port}").geturl()
    taken = asyncio.Event()

    async def take(message: AbstractIncomingMessage) -> None:
        await message.ack()
        taken.set()

    one = Consumer(behind, "probe-sub")
    one.subscribers[REPORTS] = listening(REPORTS, take, 1)
    try:
        deaf = asyncio.create_task(proxy.stall(2.0))
        await asyncio.sleep(0.05)
        with pytest.raises(TimeoutError):
            await one.start()
        assert one.is_idle
        await deaf

        await one.start()
        await listener.channel.default_exchange.publish(aio_pika.Message(b"x"), REPORTS)
        async with asyncio.timeout(10):
            await taken.wait()
    finally:
        await one.close()
        await proxy.stop()
