"""`GET /v1/events`: all that happens, as it happens, to any number of listeners (server-sent events)."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import Request as Http
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.gateway import inputs
from services.gateway.asking import Endpoint, identify
from services.gateway.attention import Attention
from services.gateway.auth import Accounts, Role, require
from services.gateway.problems import invalid
from shared.errors import Unavailable

PATH = "/v1/events"
ROLES = frozenset({Role.COORDINATOR, Role.FINANCE, Role.OPERATOR})
KEPT_EVENTS, KEPT_BYTES = 1_000, 4 * 1024 * 1024
MOST_LISTENERS, MOST_WAITING = 100, 2_000
KEEP_ALIVE_SECONDS = 15.0
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """One event, ready to be sent to whoever wants its type."""

    id: str
    type: str
    text: bytes


class Listener:
    """One connection. What waits for it is bounded: a slow one loses its connection and costs nobody else anything."""

    def __init__(self, prefix: str, missed: list[Frame]) -> None:
        self._prefix = prefix
        self._waiting: deque[bytes] = deque(frame.text for frame in missed if frame.type.startswith(prefix))
        self._stirred = asyncio.Event()
        self.closed = False

    def offer(self, frames: list[Frame]) -> None:
        self._waiting.extend(frame.text for frame in frames if frame.type.startswith(self._prefix))
        if len(self._waiting) > MOST_WAITING:
            log.warning("listener_too_slow", waiting=len(self._waiting))
            self._waiting.clear()
            self.close()
        self._stirred.set()

    def close(self) -> None:
        self.closed = True
        self._stirred.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """What waits, all at once each time; a comment when nothing happens, so that nobody thinks the line is dead."""
        yield b"retry: 2000\n\n"
        while not (self.closed and not self._waiting):
            self._stirred.clear()
            if not self._waiting and not await self._stirs():
                yield b": still here\n\n"
                continue
            chunk = b"".join(self._waiting)
            self._waiting.clear()
            if chunk:
                yield chunk

    async def _stirs(self) -> bool:
        try:
            async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                await self._stirred.wait()
        except TimeoutError:
            return False
        return True


class Feed:
    """The last messages, and who listens. While nobody does, messages are kept unread, and after a while none come."""

    def __init__(self) -> None:
        self._bodies: deque[bytes] = deque()
        self._size = 0
        self._listeners: set[Listener] = set()
        self._closed = False

    @property
    def listened(self) -> bool:
        """Whether anybody does."""
        return bool(self._listeners)

    def take(self, body: bytes) -> None:
        """A message from the broker: a batch of events."""
        self._bodies.append(body)
        self._size += len(body)
        while len(self._bodies) > KEPT_EVENTS or self._size > KEPT_BYTES:
            self._size -= len(self._bodies.popleft())
        if self._listeners:
            frames = list(read_frames(body))
            for listener in self._listeners:
                listener.offer(frames)

    def join(self, prefix: str, last_id: str | None) -> Listener:
        """A new listener; one that was here before first gets what it missed. Raises Unavailable."""
        if self._closed or len(self._listeners) >= MOST_LISTENERS:
            raise Unavailable("feed_full", "no room for one more listener now")
        listener = Listener(prefix, self._since(last_id) if last_id else [])
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def close(self) -> None:
        """Ends every stream: an open one would hold up the end of the process."""
        self._closed = True
        for listener in self._listeners:
            listener.close()

    def _since(self, last_id: str) -> list[Frame]:
        """What came after that event; all that is kept when it is too long ago to be known."""
        kept = [frame for body in self._bodies for frame in read_frames(body)][-KEPT_EVENTS:]
        known = next((place for place, frame in enumerate(kept) if frame.id == last_id), -1)
        return kept[known + 1 :]


def read_frames(body: bytes) -> list[Frame]:
    """The events of a message. One that cannot be read is nothing to show."""
    try:
        return [_frame(envelope) for envelope in json.loads(body)]
    except (ValueError, TypeError, KeyError):
        log.warning("feed_unreadable", size=len(body))
        return []


def endpoint(accounts: Accounts, feed: Feed, attention: Attention) -> Endpoint:
    """`?type=` is the beginning of the types wanted; `Last-Event-ID` the event after which to go on."""

    async def listen(http: Http) -> Response:
        account = await identify(http, accounts)
        require(account, ROLES)
        query = inputs.read_query(http)
        prefix = query.pop("type", "")
        if query:
            raise invalid(next(iter(query)), "no query parameter of this path")
        await attention.pay()
        return Stream(feed, feed.join(prefix, http.headers.get("last-event-id")))

    return listen


class Stream(StreamingResponse):
    """Runs until the listener goes, is too slow, or the process ends."""

    def __init__(self, feed: Feed, listener: Listener) -> None:
        super().__init__(listener.chunks(), 200, HEADERS, "text/event-stream")
        self._feed, self._listener = feed, listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._feed.leave(self._listener)


def _frame(envelope: dict[str, Any]) -> Frame:
    name, kind = str(envelope["id"]), str(envelope["type"])
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    return Frame(name, kind, f"id: {name}\nevent: {kind}\ndata: {text}\n\n".encode())
