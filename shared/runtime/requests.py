"""Asks other services over the broker: one reply consumer, one future for each question, any number at once."""

import asyncio
import json
import time
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aiormq.exceptions import AMQPError
from pydantic import BaseModel

from shared import telemetry
from shared.contracts.message import Part, Request
from shared.errors import KINDS, Bug, Invalid, KaryaError, Rejected, Unavailable
from shared.runtime import metrics, topology
from shared.runtime.connecting import connect, plainly
from shared.runtime.envelope import SINGLE, new_id

R = TypeVar("R", bound=Part)
REPLY_TO = "amq.rabbitmq.reply-to"
PROBLEM = "application/problem+json"
TIMEOUT = 10.0
log = structlog.get_logger(__name__)


class Requests:
    """A client. `open` before the first `ask`; it finds its way back by itself when the broker was away."""

    def __init__(self, url: str, name: str, source: str) -> None:
        mark = "&" if "?" in url else "?"
        self._url, self._service, self._source = f"{url}{mark}name={name}&heartbeat=15", name, source
        self._waiting: dict[str, asyncio.Future[AbstractIncomingMessage]] = {}
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Connects. Raises Unavailable."""
        await self._ready_channel()

    async def close(self) -> None:
        if self._connection:
            await self._connection.close()

    async def ask(
        self,
        request: Request[R],
        *,
        actor: str,
        to: str = "",
        id: UUID | None = None,  # noqa: A002 - CloudEvents' own name
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - it travels with the message, as its expiration
    ) -> R:
        """The reply as an object. Raises the KaryaError that was answered, Unavailable when nobody answers in time."""
        body = await self.ask_raw(request, actor=actor, to=to, id=id, timeout=timeout)
        return cast(R, request.reply().model_validate_json(body))

    async def ask_raw(
        self,
        request: Request[Any],
        *,
        actor: str,
        to: str = "",
        id: UUID | None = None,  # noqa: A002
        timeout: float = TIMEOUT,  # noqa: ASYNC109
    ) -> bytes:
        """As `ask`, with the reply's JSON as it came."""
        key, service, started, outcome = id or new_id(), to or request.owner(), time.perf_counter(), "unavailable"
        try:
            async with asyncio.timeout(timeout):
                reply = await plainly(self._exchange(self._message(request, key, actor, timeout), service))
            outcome = "ok" if reply.content_type != PROBLEM else "problem"
        except (AMQPError, OSError, TimeoutError) as error:
            raise Unavailable("unavailable", f"{service} does not answer now") from error
        finally:
            seconds = time.perf_counter() - started
            metrics.REQUEST.labels(self._service, request.wire, outcome).observe(seconds)
        if outcome == "problem":
            raise _problem(json.loads(reply.body))
        return reply.body

    def _message(self, request: Request[Any], key: UUID, actor: str, timeout: float) -> aio_pika.Message:
        envelope = {
            "specversion": "1.0",
            "id": str(key),
            "source": self._source,
            "type": request.wire,
            "time": datetime.now().astimezone().isoformat(),
            "datacontenttype": "application/json",
            "actor": actor,
            "traceparent": telemetry.current() or None,
        }
        body = f'{json.dumps(envelope)[:-1]}, "data": {request.model_dump_json()}}}'
        return aio_pika.Message(
            body.encode(),
            content_type=SINGLE,
            type=request.wire,
            message_id=str(new_id()),
            correlation_id=str(new_id()),
            reply_to=REPLY_TO,
            expiration=timeout,
        )

    async def _exchange(self, message: aio_pika.Message, service: str) -> AbstractIncomingMessage:
        """Sends, and waits for the answer to just this message."""
        channel = await self._ready_channel()
        correlation = str(message.correlation_id)
        future = self._waiting[correlation] = asyncio.get_running_loop().create_future()
        try:
            await channel.default_exchange.publish(message, topology.requests(service).name, mandatory=True)
            reply: AbstractIncomingMessage = await future
            return reply
        finally:
            del self._waiting[correlation]

    async def _ready_channel(self) -> AbstractChannel:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                await self._connect()
        assert self._channel is not None
        return self._channel

    async def _connect(self) -> None:
        """A plain connection, not a robust one: direct reply-to cannot be restored, only begun anew."""
        if self._connection:
            await self._connection.close()
        try:
            self._connection = await connect(self._url, 5.0)
            self._channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            self._channel.close_callbacks.add(self._lost)
            replies = await self._channel.get_queue(REPLY_TO, ensure=False)
            await replies.consume(self._answered, no_ack=True)
        except (AMQPError, OSError, TimeoutError) as error:
            self._channel = None
            raise Unavailable("unavailable", "the broker is away") from error

    async def _answered(self, reply: AbstractIncomingMessage) -> None:
        future = self._waiting.get(str(reply.correlation_id))
        if future and not future.done():
            future.set_result(reply)

    def _lost(self, *_: Any) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the broker is away"))


def answer(reply: BaseModel) -> bytes:
    """A reply's body."""
    return reply.model_dump_json().encode()


def refusal(error: KaryaError) -> dict[str, Any]:
    """A problem's body: RFC 9457 and, for us, the kind."""
    extra = {"candidates": error.candidates} if isinstance(error, Rejected) and error.candidates else {}
    return error.problem() | {"kind": error.kind} | extra


def _problem(body: dict[str, Any]) -> KaryaError:
    kind = KINDS.get(body.get("kind", ""), Bug)
    code, detail = body.get("code", "bug"), body.get("detail", "")
    if kind is Invalid:
        return Invalid(code, detail, errors=body.get("errors"))
    if issubclass(kind, Rejected):
        return kind(code, detail, candidates=body.get("candidates"))
    return kind(code, detail)
