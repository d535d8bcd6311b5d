"""Whether a server answers, asked every second: what is known to be away is not waited for."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

import structlog

from shared import db
from shared.errors import Unavailable
from shared.runtime.edge import Line
from shared.runtime.patience import lost_if_dropped

EVERY, PATIENCE = 1.0, 1.5
"""Seconds from one beat to the next, and until a server that says nothing counts as away."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Server(Protocol):
    """A connection of its own to a server: those in use may all be busy."""

    async def beat(self) -> None:
        """One round trip. Raises whatever it meets when the server is away."""

    async def close(self) -> None: ...


class Pulse:
    """`away` says in one word why `what` cannot be used now, or nothing."""

    def __init__(self, what: str, server: Server, tell: Callable[[str, str | None], None] = lambda *_: None) -> None:
        self.what, self.away, self._server, self._tell = what, "", server, tell
        self._lost = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            beat = asyncio.ensure_future(lost_if_dropped(self._server.beat()))
            try:
                done, _ = await asyncio.wait({beat}, timeout=PATIENCE)
                if not done:
                    self._note("silent")
                    await asyncio.wait({beat})
            finally:
                beat.cancel()
            error = None if beat.cancelled() else beat.exception()
            self._note(type(error).__name__ if error else "")
            await asyncio.sleep(EVERY)

    async def close(self) -> None:
        await self._server.close()

    async def guard(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns or raises. Raises Unavailable when the server is away or is lost meanwhile.

        Work that was begun goes on without its caller: whether it has happened is not known, as after a timeout.
        """
        if self.away:
            work.close()
            raise self._unavailable()
        task, lost = asyncio.ensure_future(work), asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait({task, lost}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            lost.cancel()
        if not task.done():
            task.add_done_callback(_forget)
            raise self._unavailable()
        return task.result()

    def _note(self, away: str) -> None:
        if bool(away) != bool(self.away):
            log.warning("server_lost" if away else "server_found", server=self.what, reason=away or None)
        self.away = away
        self._tell(self.what, away or None)
        if away:
            self._lost.set()
        else:
            self._lost.clear()

    def _unavailable(self) -> Unavailable:
        return Unavailable(f"{self.what}_away", f"the {self.what} is away; try again")


class Broker:
    """RabbitMQ. A channel's prefetch is set again: that needs an answer, and no right to anything."""

    def __init__(self, url: str, name: str) -> None:
        self._line = Line(url, name)

    async def beat(self) -> None:
        await (await self._line.channel()).set_qos(1)

    async def close(self) -> None:
        await self._line.close()


class Database:
    """PostgreSQL."""

    def __init__(self, dsn: str, name: str) -> None:
        self._dsn, self._name = dsn, name
        self._connection: db.Connection | None = None

    async def beat(self) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await db.connect(self._dsn, self._name)
        await self._connection.execute("SELECT 1")

    async def close(self) -> None:
        if self._connection:
            self._connection.terminate()


def _forget(task: "asyncio.Future[Any]") -> None:
    """Nobody waits for it any more; what it raises is no news."""
    if not task.cancelled():
        task.exception()
