"""A broker that hangs up before it greets is away like any other; its library says something else, under uvloop."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from threading import Thread

import pytest
import uvloop
from aio_pika.abc import AbstractIncomingMessage

from shared.contracts.operations import ListComparisons
from shared.errors import Unavailable
from shared.runtime.consumer import Consumer, listening
from shared.runtime.edge import LOST, Reports
from shared.runtime.requests import Requests

TRIES = 5
"""In some of them the end is seen a moment later, and is another error."""


@pytest.fixture
def rude() -> Iterator[str]:
    """The address of a broker that hangs up on everybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=hang_up, args=(server,), daemon=True).start()
        yield f"amqp://guest:guest@127.0.0.1:{server.getsockname()[1]}/"


def hang_up(server: socket.socket) -> None:
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return


async def hand_in(url: str) -> None:
    await Reports(url, "tests").hand_in("citos.till-1", b"[]")


async def ask(url: str) -> None:
    await Requests(url, "tests", "/tests").ask(ListComparisons(), actor="tests", to="sales", timeout=5)


@pytest.mark.parametrize("work", [hand_in, ask])
def test_whoever_needs_it_hears_that_it_is_away(rude: str, work: Callable[[str], Awaitable[None]]) -> None:
    async def try_often() -> None:
        for _ in range(TRIES):
            with pytest.raises(Unavailable):
                await work(rude)

    uvloop.run(try_often())


async def take(message: AbstractIncomingMessage) -> None:
    await message.ack()


def test_so_does_whoever_wants_to_consume(rude: str) -> None:
    async def try_often() -> None:
        consumer = Consumer(rude, "tests")
        consumer.subscribers["tests.queue"] = listening("tests.queue", take, 1)
        for _ in range(TRIES):
            with pytest.raises(LOST):
                await consumer.start()
            assert consumer.is_idle

    uvloop.run(try_often())
