"""From a message's body to what handlers take; what cannot be read is told apart, item by item."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from math import isfinite
from operator import or_
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError, create_model

from shared.contracts.message import Event, Message
from shared.errors import Invalid
from shared.runtime.envelope import AT_HOME, Arrival, Envelope, Received, named_id, receive

MOST_EVENTS = 500
NUL = b"\\u0000"
EARLIEST, AHEAD = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)


class Undecodable(Exception):
    """The body is no JSON object or array of 1 to 500 of them: nothing in it can be told apart. It goes to the dead."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One item that is not what it claims to be. `id` is made from its content, so that a resend is the same item."""

    id: UUID
    item: dict[str, Any]
    error: Invalid
    arrival: Arrival = AT_HOME


@dataclass(frozen=True, slots=True)
class Batch:
    """What a body held. Both lists keep the order of the body."""

    readable: list[Received[Any]]
    unreadable: list[Unreadable]


class Decoder:
    """Reads the event types of one queue."""

    def __init__(self, contracts: Sequence[type[Event]]) -> None:
        self._known = frozenset(contract.wire for contract in contracts)
        item: Any = _one_of(contracts)
        self._item: TypeAdapter[Any] = TypeAdapter(item)
        self._batch: TypeAdapter[Any] = TypeAdapter(list[item])

    def decode(self, body: bytes, at: datetime, arrival: Arrival = AT_HOME) -> Batch:
        """Raises Undecodable when nothing in the body can be told apart."""
        try:
            text = body.strip()
            if NUL in text:
                return self._one_by_one(_items(body), at, arrival)
            envelopes = self._batch.validate_json(text if text[:1] == b"[" else b"[" + text + b"]")
            if 0 < len(envelopes) <= MOST_EVENTS and all(_timely(e, at) for e in envelopes):
                return Batch([receive(envelope, at, arrival) for envelope in envelopes], [])
        except (ValidationError, ValueError):
            pass
        return self._one_by_one(_items(body), at, arrival)

    def check(self, item: Any, at: datetime, arrival: Arrival = AT_HOME) -> Received[Any]:
        """One item. Raises Invalid, naming each field and the reason."""
        refuse_nul(item)
        try:
            # Through JSON, so that one item is judged exactly as it is in a batch (a string is no number there).
            envelope: Envelope[Any] = self._item.validate_json(json.dumps(item))
            received = receive(envelope, at, arrival)
        except ValidationError as error:
            raise _invalid(item, error, self._known) from None
        except ValueError:
            raise _fault("id", "our own messages carry a UUID") from None
        if not _timely(envelope, at):
            raise _fault("time", "before the year 2000, or more than a day ahead of now")
        return received

    def _one_by_one(self, items: Iterable[Any], at: datetime, arrival: Arrival) -> Batch:
        batch = Batch([], [])
        for item in items:
            try:
                batch.readable.append(self.check(item, at, arrival))
            except Invalid as error:
                whole = item if isinstance(item, dict) else {"data": item}
                batch.unreadable.append(Unreadable(content_id(whole), whole, error, arrival))
        return batch


def refuse_nul(item: Any, path: tuple[str, ...] = ()) -> None:
    """Raises Invalid, naming the field, for a text with a NUL character: PostgreSQL keeps no such text."""
    if isinstance(item, str) and "\x00" in item:
        raise _fault(".".join(path) or "(all)", "holds a NUL character")
    parts = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
    for key, value in parts:
        refuse_nul(value, (*path, str(key)))


def content_id(item: dict[str, Any]) -> UUID:
    """The id of an item that may have none: made from all it holds."""
    content = json.dumps(item, sort_keys=True, default=str).encode()
    return named_id("unreadable", hashlib.blake2b(content, digest_size=16).hexdigest())


def faults(error: ValidationError, skip: int = 0) -> list[dict[str, str]]:
    """`{"field", "reason"}` for each fault, without the value that was sent: it may be somebody's."""
    return [
        {
            "field": ".".join([str(part) for part in fault["loc"][skip:]]) or "(all)",
            "reason": fault["msg"].removeprefix("Value error, "),
        }
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    ]


def _items(body: bytes) -> list[Any]:
    try:
        # Numbers that JSON does not have are kept as the words they are written with: they can be stored.
        found = json.loads(body, parse_constant=str, parse_float=_finite)
    except (ValueError, RecursionError):
        raise Undecodable("not JSON") from None
    items = found if isinstance(found, list) else [found]
    if not isinstance(found, list | dict) or not 0 < len(items) <= MOST_EVENTS:
        raise Undecodable("not an object or an array of 1 to 500")
    return items


def _timely(envelope: Envelope[Any], at: datetime) -> bool:
    return envelope.time >= EARLIEST and envelope.time - at < AHEAD


def _finite(text: str) -> float | str:
    return number if isfinite(number := float(text)) else text


def _one_of(contracts: Sequence[type[Message]]) -> Any:
    """The envelopes of several types as one: told apart by `type`."""
    kinds: list[Any] = [_envelope_of(contract) for contract in contracts]
    if len(kinds) == 1:
        return kinds[0]
    return Annotated[reduce(or_, kinds), Field(discriminator="type")]


def _envelope_of(contract: Any) -> Any:
    name = f"{contract.__name__}Envelope"
    kind: Any = Literal[contract.wire]
    return create_model(name, __base__=Envelope[contract], type=(kind, ...))


def _invalid(item: Any, error: ValidationError, known: frozenset[str]) -> Invalid:
    if not isinstance(item, dict):
        return _fault("(all)", "not an object")
    if str(item.get("type")) not in known:
        return _fault("type", f"not one of {', '.join(sorted(known))}", "unknown_type")
    found = faults(error)
    # A union's faults are prefixed with the type that was tried.
    found = [fault | {"field": fault["field"].removeprefix(f"{item['type']}.")} for fault in found]
    return Invalid("invalid", _sentence(found), errors=found)


def _fault(field: str, reason: str, code: str = "invalid") -> Invalid:
    found = [{"field": field, "reason": reason}]
    return Invalid(code, _sentence(found), errors=found)


def _sentence(found: list[dict[str, str]]) -> str:
    return "; ".join([f"{fault['field']}: {fault['reason']}" for fault in found])[:500]
