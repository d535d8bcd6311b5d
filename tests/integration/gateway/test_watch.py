"""Watching events pass by: every one is seen, the watch finds its way back, and it ends whenever it is told to."""

import asyncio

import aio_pika
import pytest

from shared.runtime import edge
from shared.runtime.edge import Watch
from shared.runtime.loops import Loops
from tests.conftest import Urls


@pytest.mark.parametrize("milliseconds", range(0, 60, 2))
async def test_a_watch_ends_whatever_it_is_doing(servers: Urls, milliseconds: int) -> None:
    watch = Watch(servers.amqp, "gateway.live")
    await watch.want(True)
    loops = Loops(lambda: None)
    loops.start(watch.run(lambda _: None))
    await asyncio.sleep(milliseconds / 1000)
    await loops.end()
    await watch.close()
    assert "Watch.run" not in {task.get_name() for task in asyncio.all_tasks()}
    assert not watch.open


async def test_a_watch_that_lost_its_connection_sees_what_comes_afterwards(
    servers: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "PAUSE_SECONDS", 0.05)
    watch, seen = Watch(servers.amqp, "gateway.live"), list[bytes]()
    await watch.want(True)
    loops = Loops(lambda: None)
    loops.start(watch.run(seen.append))
    connection = await aio_pika.connect(servers.amqp)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("feed", ensure=False)
        await _until_seen(exchange, seen, b"[1]")
        await _cut(watch)
        await _until_seen(exchange, seen, b"[2]")
    await loops.end()
    await watch.close()


async def test_a_watch_that_is_wanted_while_its_connection_is_lost_sees_what_comes_afterwards(
    servers: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "PAUSE_SECONDS", 0.05)
    watch, seen = Watch(servers.amqp, "gateway.live"), list[bytes]()
    loops = Loops(lambda: None)
    loops.start(watch.run(seen.append))
    connection = await aio_pika.connect(servers.amqp)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("feed", ensure=False)
        async with asyncio.timeout(10):
            while watch._queue is None:  # noqa: ASYNC110 - a loop of the watch's own
                await asyncio.sleep(0.01)
        await watch._queue.channel.close()
        await watch.want(True)
        await _until_seen(exchange, seen, b"[1]")
    await loops.end()
    await watch.close()


async def _cut(watch: Watch) -> None:
    """As when the broker restarts: the connection ends without the watch's doing."""
    await watch.line.close()


async def _until_seen(exchange: aio_pika.abc.AbstractExchange, seen: list[bytes], body: bytes) -> None:
    """The watch's queue takes a moment to be there; what passed before is not seen, by design."""
    async with asyncio.timeout(10):
        while body not in seen:
            await exchange.publish(aio_pika.Message(body), "probe.Passed.v1", mandatory=False)
            await asyncio.sleep(0.05)
