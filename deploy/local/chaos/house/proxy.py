"""A TCP proxy between the services and a server: connections can be cut, refused and left half-open."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

CHUNK = 65_536
Target = tuple[str, int]


class Proxy:
    """Listens on a port of 127.0.0.1; each new connection goes to the next target that takes it."""

    def __init__(self, targets: Callable[[], Sequence[Target]]) -> None:
        self._targets, self._turn = targets, 0
        self._open: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, port: int) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = port

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        self.cut()

    def cut(self) -> int:
        """Resets every connection, in mid-frame; how many."""
        cut = len(self._open) // 2
        for writer in list(self._open):
            writer.transport.abort()
        return cut

    async def half_open(self, seconds: float) -> int:
        """Nobody hears anything and nobody is told; new connections hang. Afterwards what hung is reset."""
        self._flows.clear()
        silent = set(self._open)
        try:
            await asyncio.sleep(seconds)
        finally:
            for writer in silent & self._open:
                writer.transport.abort()
            self._flows.set()
        return len(silent) // 2

    async def stall(self, seconds: float) -> None:
        """As a network that drops packets for a while: everything comes in the end, late."""
        self._flows.clear()
        try:
            await asyncio.sleep(seconds)
        finally:
            self._flows.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flows.wait()
        found = await self._connect()
        if found is None:
            writer.transport.abort()
            return
        beyond, further = found
        ends = {writer, further}
        self._open |= ends
        try:
            await asyncio.gather(self._carry(reader, further), self._carry(beyond, writer))
        finally:
            self._open -= ends

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        targets = self._targets()
        self._turn += 1
        for number in range(len(targets)):
            with suppress(OSError):
                return await asyncio.open_connection(*targets[(self._turn + number) % len(targets)])
        return None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until either end is gone; then the other end is told."""
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._flows.wait()
                if writer.is_closing():
                    break
                writer.write(data)
                await writer.drain()
        writer.transport.abort() if reader.exception() else writer.close()
