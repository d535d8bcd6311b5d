"""uvicorn's HTTP protocol with the two limits that it lacks: how large and how slow a request's head may be."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 32 * 1024
HEAD_SECONDS = 10.0
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class LimitedProtocol(HttpToolsProtocol):
    """Hangs up on who sends endless headers, or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heads, self._head, self._head_bytes = 0, 0, 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._head
        super().data_received(data)
        if not before or before != self._head or self.transport.is_closing():
            return
        # Nothing but a part of one head: the parser keeps it until it is whole.
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES:
            self.send_400_response("")

    def send_400_response(self, msg: str) -> None:
        """What uvicorn answers when the parser or one of our callbacks stops it."""
        if self._head_bytes <= HEAD_BYTES:
            return super().send_400_response(msg)
        self.transport.write(TOO_LARGE)
        self.transport.close()
        return None

    def on_message_begin(self) -> None:
        """The first byte of a request, maybe not the first one on this connection."""
        super().on_message_begin()
        if not self._head:
            self._await_head()

    def on_headers_complete(self) -> None:
        self._head_bytes = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._head_bytes > HEAD_BYTES:
            raise ValueError("a head this large is not read")
        self._head, self._head_bytes = 0, 0
        self._stop_waiting()
        super().on_headers_complete()

    def _await_head(self) -> None:
        """Each head has a number, so that one can be told from the next; 0: none is being read."""
        self._heads += 1
        self._head = self._heads
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
