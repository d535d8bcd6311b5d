"""What holds for every HTTP request: its id, its trace, its limits, its log line and its time."""

import asyncio
import re
import time
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanKind
from prometheus_client import Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.problems import HttpProblem, respond
from services.gateway.shedding import Place, Room
from shared import telemetry
from shared.errors import Unavailable
from shared.runtime.envelope import new_id
from shared.runtime.metrics import SECONDS

BODY_SECONDS, SEND_SECONDS = 20.0, 30.0
GIVEN_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
QUIET = ("/health/live", "/health/ready", "/metrics")
LIVE = "/v1/events"
"""Streams that last, with a limit of their own."""


REQUESTS = Histogram(
    "karya_http_request_seconds", "Time until the answer begins", ["method", "route", "status"], buckets=SECONDS
)
log = structlog.get_logger(__name__)


class Stuck(Exception):
    """The client does not take what it asked for."""


class Desk:
    """Where every request is received and signed out."""

    def __init__(self, app: ASGIApp, room: Room) -> None:
        self._app, self._room = app, room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        visit = Visit(scope, receive, send, self._room)
        with telemetry.span(scope["method"], SpanKind.SERVER, [visit.headers.get("traceparent")]):
            try:
                await visit.answer(self._app)
            finally:
                trace.get_current_span().update_name(f"{scope['method']} {visit.route}")
                visit.sign_out()
        return None


class Visit:
    """One request, from its first byte to the last of its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, room: Room) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._room, self._place = room, Place(room)
        self._most_bytes = room.largest(scope["path"])
        self._started = time.perf_counter()
        self._received, self._whole = 0, False
        self.headers = Headers(scope=scope)
        self.status = 0
        self.state: dict[str, Any] = scope.setdefault("state", {})
        given = self.headers.get("x-request-id", "")
        self.request_id = given if GIVEN_ID.fullmatch(given) else str(new_id())

    @property
    def route(self) -> str:
        """The path's template: one name for all makers, so that logs and metrics can be counted by it."""
        return getattr(self._scope.get("route"), "path", "unknown")

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._started

    async def answer(self, app: ASGIApp) -> None:
        """Every error becomes a problem, unless the answer has begun: then all that is left is to hang up."""
        try:
            self._refuse_large()
            await self._in_its_place(app)
        except ClientDisconnect:
            pass
        except Stuck:
            log.warning("client_too_slow", route=self.route, request_id=self.request_id)
        except Exception as error:
            if not isinstance(error, HttpProblem | Unavailable):
                log.exception("request_failed", route=self.route, request_id=self.request_id)
            if not self.status:
                await respond(error)(self._scope, self.receive, self.send)

    async def _in_its_place(self, app: ASGIApp) -> None:
        """Raises Unavailable when there is none."""
        if self._scope["path"] in (*QUIET, LIVE):
            return await app(self._scope, self.receive, self.send)
        with self._room.place() as self._place:
            await app(self._scope, self.receive, self.send)
        return None

    def _refuse_large(self) -> None:
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._most_bytes:
            raise _too_large(self._most_bytes)

    async def receive(self) -> Message:
        """The body, up to its limits of size and of time; afterwards only the news that the client is gone."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(BODY_SECONDS - self.seconds):
                message = await self._receive()
        except TimeoutError:
            headers = {"Connection": "close"}
            raise HttpProblem(408, "body_too_slow", f"the body took over {BODY_SECONDS:.0f} s", headers) from None
        size = len(message.get("body", b""))
        self._received += size
        self._whole = not message.get("more_body", False)
        if self._received > self._most_bytes:
            raise _too_large(self._most_bytes)
        self._place.add(size)
        return message

    async def send(self, message: Message) -> None:
        """Raises Stuck."""
        if message["type"] == "http.response.start":
            self._begin(message)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send(message)
        except TimeoutError:
            raise Stuck from None

    def _begin(self, message: Message) -> None:
        self.status = message["status"]
        headers = MutableHeaders(scope=message)
        headers["X-Request-Id"] = self.request_id
        headers["X-Content-Type-Options"] = "nosniff"
        if "correlation_id" in self.state:
            headers["X-Correlation-Id"] = self.state["correlation_id"]
        if self._scope["path"].startswith("/v1/"):
            headers.setdefault("Cache-Control", "no-store")
        REQUESTS.labels(self._scope["method"], self.route, str(self.status)).observe(self.seconds)

    def sign_out(self) -> None:
        """One line for each request: no body, no query, no path with somebody's id in it."""
        if self.route in QUIET:
            return
        log.info(
            "http_request",
            method=self._scope["method"],
            route=self.route,
            status=self.status or None,
            ms=round(self.seconds * 1000, 1),
            account=self.state.get("account"),
            request_id=self.request_id,
            correlation_id=self.state.get("correlation_id"),
        )


def _too_large(most_bytes: int) -> HttpProblem:
    return HttpProblem(413, "body_too_large", f"a body has at most {most_bytes} bytes here")
