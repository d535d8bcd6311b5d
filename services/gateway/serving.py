"""The gateway as a process: what it holds open, and its life from start to graceful stop."""

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
import uvicorn
import uvloop

from services.gateway import keys
from services.gateway.answers import Answers
from services.gateway.app import Parts, build
from services.gateway.attention import Attention
from services.gateway.auth import Account, Accounts
from services.gateway.feed import Feed
from services.gateway.shedding import Asks, Room
from services.gateway.uploads import largest
from services.gateway.wire import LimitedProtocol
from shared import db
from shared.db import Pool, away
from shared.errors import Unavailable
from shared.runtime import pulse
from shared.runtime.edge import Reports, Watch
from shared.runtime.envelope import now
from shared.runtime.loops import Loops
from shared.runtime.pulse import Pulse
from shared.runtime.requests import Requests
from shared.settings import Settings

NAME = "gateway"
START_TRIES, START_PAUSE = 60, 1.0
STOP_SECONDS = 20
CLOSE_SECONDS = 5.0
T = TypeVar("T")
log = structlog.get_logger(__name__)


def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Raises what keeps it from starting after a minute of trying."""
    # uvicorn raises the signal that ended it once more, for the handlers that were there before: the end is no crash.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    gateway = Gateway(settings)
    await gateway.open()
    try:
        log.info("started", port=settings.http_port)
        await gateway.server().serve()
    finally:
        await gateway.close()
        log.info("stopped")
    if gateway.loops.broken:
        sys.exit(1)


class Gateway:
    """One process: its own database, its lines to the broker, its endpoints."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._requests = Requests(settings.amqp_url, NAME, f"/services/{NAME}")
        self._reports = Reports(settings.amqp_url, f"{NAME}-reports")
        self.watch = Watch(settings.amqp_url, f"{NAME}.live")
        self.broker = Pulse("broker", pulse.Broker(settings.amqp_url, f"{NAME}-pulse"))
        self.database = Pulse("database", pulse.Database(settings.database_url, f"{NAME}-pulse"))
        self.loops = Loops(self._stop)
        self._server: Server | None = None
        self.pool: Pool
        self.feed, self.attention = Feed(), Attention(self.watch.want)
        self.room = Room(largest=largest)
        self.asks = Asks(self._requests, self.broker)

    async def open(self) -> None:
        """Waits for its servers, a minute at most."""
        self.pool = await _patiently(lambda: db.open_pool(self.settings.database_url, NAME, 5))
        await _patiently(self._requests.open)
        await _patiently(self._reports.open)
        self.loops.start(self.watch.run(self.feed.take), self.attention.run(lambda: self.feed.listened))
        self.loops.start(self.broker.run(), self.database.run())

    async def close(self) -> None:
        """In seconds, whatever state the servers are in."""
        await self.loops.end()
        closing = [self.watch.close(), self._reports.close(), self._requests.close(), self.pool.close()]
        closing += [self.broker.close(), self.database.close()]
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await asyncio.gather(*closing, return_exceptions=True)
        except TimeoutError:
            log.warning("closed_in_haste")

    def server(self) -> "Server":
        """HTTP, not yet listening."""
        parts = Parts(
            accounts=Accounts(self._find),
            asks=self.asks,
            hand_in=self._hand_in,
            answers=Answers(self.pool, self.database),
            feed=self.feed,
            attention=self.attention,
            faults=self._faults,
            clock=now,
            room=self.room,
        )
        self._server = Server(self.feed, _config(parts, self.settings))
        self._server.should_exit = self.loops.broken
        return self._server

    def _stop(self) -> None:
        if self._server:
            self._server.should_exit = True

    async def _find(self, hashed: bytes) -> Account | None:
        return await self.database.guard(keys.find(self.pool, hashed))

    async def _hand_in(self, routing_key: str, body: bytes) -> None:
        await self.broker.guard(self._reports.hand_in(routing_key, body))

    def _faults(self) -> dict[str, str]:
        broker = self.broker.away or ("" if self.watch.open else "away")
        return {what: why for what, why in (("broker", broker), ("database", self.database.away)) if why}


class Server(uvicorn.Server):
    """Ends the live streams first: uvicorn would wait for them."""

    def __init__(self, feed: Feed, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._feed = feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        log.info("stopping")
        self._feed.close()
        await super().shutdown(sockets)


def _config(parts: Parts, settings: Settings) -> uvicorn.Config:
    http: Any = LimitedProtocol
    return uvicorn.Config(
        build(parts),
        host=settings.bind,
        port=settings.http_port,
        http=http,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


async def _patiently(connect: Callable[[], Awaitable[T]]) -> T:
    """Tries for a minute: servers and services start together."""
    for attempt in range(1, START_TRIES):
        try:
            return await connect()
        except Exception as error:
            if not isinstance(error, Unavailable) and not away(error):
                raise
            log.warning("waits_for_a_server", attempt=attempt, reason=type(error).__name__)
        await asyncio.sleep(START_PAUSE)
    return await connect()
