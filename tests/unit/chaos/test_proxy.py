"""A proxy that cuts connections, leaves them half-open, and goes on afterwards."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy.local.chaos.house.proxy import Proxy


@pytest.fixture
async def proxy(unused_tcp_port: int) -> AsyncIterator[Proxy]:
    """Before a server that sends back what it gets."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    between = Proxy(lambda: [("127.0.0.1", 1), server.sockets[0].getsockname()[:2]])
    await between.start(unused_tcp_port)
    yield between
    await between.stop()
    server.close()


async def said(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which something was said already."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"one")
    assert await reader.readexactly(3) == b"one"
    return reader, writer


async def test_it_goes_to_the_target_that_takes_it(proxy: Proxy) -> None:
    for _ in range(3):
        _, writer = await said(proxy)
        writer.close()


async def test_a_cut_connection_ends_at_once(proxy: Proxy) -> None:
    reader, _ = await said(proxy)

    assert proxy.cut() == 1
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await reader.readexactly(3)


async def test_nobody_hears_anything_while_it_is_half_open_and_afterwards_it_is_gone(proxy: Proxy) -> None:
    reader, writer = await said(proxy)
    silence = asyncio.create_task(proxy.half_open(0.3))
    await asyncio.sleep(0.05)
    writer.write(b"two")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await reader.read(1)
    assert await silence == 1
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await reader.readexactly(3)


async def test_what_was_said_while_the_network_stalled_comes_late(proxy: Proxy) -> None:
    reader, writer = await said(proxy)
    stalling = asyncio.create_task(proxy.stall(0.1))
    await asyncio.sleep(0.02)
    writer.write(b"two")

    assert await reader.readexactly(3) == b"two"
    await stalling
