"""Answers requests: queries read, commands change once. Every error becomes a problem; none escapes."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind
from pydantic import TypeAdapter, ValidationError

from shared import telemetry
from shared.contracts.message import Command, Event, Part, Query, Request
from shared.db import Pool, Tx, away
from shared.errors import Bug, Conflict, Invalid, KaryaError, NotYet, Unavailable
from shared.runtime import outbox
from shared.runtime.decode import faults, refuse_nul
from shared.runtime.envelope import Clock, Envelope, Received
from shared.runtime.handler import Caused
from shared.runtime.requests import PROBLEM, answer, refusal

CommandHandler: TypeAlias = Callable[[Received[Any], Tx], Awaitable[tuple[Part, list[Event]]]]
QueryHandler: TypeAlias = Callable[[Received[Any], Tx], Awaitable[Part]]
Answer: TypeAlias = tuple[bytes, str, bool]
"""(reply body, its content type, whether something was committed)."""

JSON = "application/json"
log = structlog.get_logger(__name__)


class Responder:
    """The requests of one service."""

    def __init__(
        self,
        service: str,
        commands: Mapping[type[Command[Any]], CommandHandler],
        queries: Mapping[type[Query[Any]], QueryHandler],
        clock: Clock,
    ) -> None:
        self._service, self._clock = service, clock
        self._commands = {kind.wire: handler for kind, handler in commands.items()}
        self._queries = {kind.wire: handler for kind, handler in queries.items()}
        kinds: list[type[Request[Any]]] = [*commands, *queries]
        self._envelopes: dict[str, TypeAdapter[Any]] = {kind.wire: TypeAdapter(_envelope(kind)) for kind in kinds}

    async def respond(self, pool: Pool, body: bytes) -> Answer:
        """Never raises."""
        try:
            message = self._read(body)
            with telemetry.span(message.data.wire, SpanKind.SERVER, [message.envelope.traceparent]):
                return await self._handle(pool, message)
        except KaryaError as error:
            return unable(error)
        except Exception as error:
            return unable(Unavailable("unavailable", "the database is away") if away(error) else _bug(error))

    def _read(self, body: bytes) -> Received[Any]:
        try:
            item = json.loads(body)
            refuse_nul(item.get("data"))
            kind = item["type"]
            envelope = self._envelopes[kind].validate_json(body)
            return Received(UUID(envelope.id), envelope.data, self._clock(), envelope)
        except ValidationError as error:
            found = [fault | {"field": fault["field"].removeprefix("data.")} for fault in faults(error)]
            raise Invalid("invalid", "the request is not valid", errors=found) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Invalid("unknown_request", f"{self._service} does not know this request") from None

    async def _handle(self, pool: Pool, message: Received[Any]) -> Answer:
        query = self._queries.get(message.data.wire)
        if query:
            async with pool.acquire() as tx, tx.transaction(readonly=True):
                return answer(await query(message, tx)), JSON, False
        async with pool.acquire() as tx, tx.transaction():
            kept = await self._once(tx, message)
        problem = kept.get("problem")
        self._note(message, problem["code"] if problem else "")
        body = json.dumps(problem or kept["reply"]).encode()
        return body, PROBLEM if problem else JSON, problem is None

    async def _once(self, tx: Tx, message: Received[Any]) -> dict[str, Any]:
        """Does a command the first time; afterwards gives the first answer: `{"reply"}` or `{"problem"}`."""
        digest = message.digest()
        if not await _claim(tx, message.id, digest):
            return await _first_answer(tx, message.id, digest)
        try:
            async with tx.transaction():
                reply, events = await self._commands[message.data.wire](message, tx)
                await outbox.put(tx, self._service, [Caused(message, event) for event in events], message.now)
            kept: dict[str, Any] = {"reply": reply.model_dump(mode="json")}
        except (NotYet, Unavailable):
            raise  # asking again may help: no answer is kept
        except KaryaError as error:
            kept = {"problem": refusal(error)}
        await tx.execute("UPDATE answered SET reply = $2 WHERE id = $1", message.id, kept)
        return kept

    def _note(self, message: Received[Any], code: str) -> None:
        log.info(
            "command_answered",
            type=message.data.wire,
            event_id=str(message.id),
            correlation_id=message.story,
            actor=message.actor,
            code=code or None,
        )


def unable(error: KaryaError) -> Answer:
    """The answer that says why there is no other."""
    return json.dumps(refusal(error)).encode(), PROBLEM, False


async def _claim(tx: Tx, key: UUID, digest: bytes) -> bool:
    """True for the first one with this id. A second one waits here until the first has committed."""
    claimed = await tx.fetchval(
        "INSERT INTO answered (id, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true", key, digest
    )
    return bool(claimed)


async def _first_answer(tx: Tx, key: UUID, digest: bytes) -> dict[str, Any]:
    row = await tx.fetchrow("SELECT digest, reply FROM answered WHERE id = $1", key)
    if row is None or row["digest"] != digest:
        raise Conflict("idempotency_key_reused", "this key was used before, for another request")
    reply: dict[str, Any] = row["reply"]
    return reply


def _bug(error: Exception) -> KaryaError:
    log.error("request_failed", exc_info=error)
    return Bug("bug", "an unexpected error; it has been logged")


def _envelope(kind: Any) -> Any:
    return Envelope[kind]
