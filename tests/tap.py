"""A line to a server that can fall silent: bytes wait and nobody is told, as with a frozen server or a lost network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class Tap:
    """`url` leads to the server through here."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server

    @property
    def url(self) -> str:
        port = self._server.sockets[0].getsockname()[1]
        login, at, _ = self._parts.netloc.rpartition("@")
        return urlunsplit(self._parts._replace(netloc=f"{login}{at}127.0.0.1:{port}"))

    def stop(self) -> None:
        self._flows.clear()

    def flow(self) -> None:
        self._flows.set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)

    async def close(self) -> None:
        self._flows.set()
        self._server.close()
        for writer in self._writers:
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(self._parts.hostname, self._parts.port)
        self._writers |= {writer, there[1]}
        await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer), return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(65536):
                await self._flows.wait()
                writer.write(some)
                await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def tapped(url: str) -> AsyncIterator[Tap]:
    tap = Tap(url)
    await tap.open()
    try:
        yield tap
    finally:
        await tap.close()
