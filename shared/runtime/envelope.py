"""The CloudEvents 1.0 envelope: what every event and request travels in, and what a handler is given of it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Generic, Literal, NamedTuple, TypeVar
from uuid import UUID

import uuid_utils
from asyncpg.pgproto.pgproto import UUID as QuickUUID  # noqa: N811 - a class
from pydantic import AwareDatetime, StringConstraints

from shared.contracts.message import Event, Message, Part

BATCH = "application/cloudevents-batch+json"
SINGLE = "application/cloudevents+json"
KARYA = UUID("6f9b5c1e-8a57-5d0e-9d4a-4f1f6a2c7b10")
"""The namespace of every id that is made from a name. The driver's kind of UUID is written ten times as fast."""

_KARYA = uuid_utils.UUID(str(KARYA))
_json = json.encoder.encode_basestring_ascii
M = TypeVar("M", bound=Message)
E = TypeVar("E", bound=Event)
Clock = Callable[[], datetime]


def now() -> datetime:
    """The one clock. Handlers are given its time; they never ask."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A UUIDv7: ids of one moment lie side by side in an index."""
    return QuickUUID(uuid_utils.uuid7().bytes)


def named_id(*parts: object) -> UUID:
    """The UUIDv5 of a name: whoever makes it, whenever, gets the same id."""
    return QuickUUID(uuid_utils.uuid5(_KARYA, "\n".join([str(part) for part in parts])).bytes)


def following_id(cause: UUID, *parts: object) -> UUID:
    """The UUIDv8 of what follows from `cause`: whoever makes it, whenever, gets the same id.

    It keeps the moment of a UUIDv7, so that these ids too lie side by side in an index. Names' hashes lie anywhere.
    """
    name = named_id(cause, *parts).bytes
    return QuickUUID(cause.bytes[:6] + bytes((0x80 | name[6] & 0x0F,)) + name[7:])


class Envelope(Part, Generic[M]):
    """CloudEvents context attributes and our extensions around `data`."""

    specversion: Literal["1.0"]
    id: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    type: Annotated[str, StringConstraints(max_length=128)]
    subject: Annotated[str, StringConstraints(max_length=512)] | None = None
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    correlationid: Annotated[str, StringConstraints(max_length=128)] | None = None
    causationid: Annotated[str, StringConstraints(max_length=128)] | None = None
    traceparent: Annotated[str, StringConstraints(max_length=64)] | None = None
    sequence: int | None = None
    actor: Annotated[str, StringConstraints(max_length=200)] | None = None
    data: M


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message of the broker: `key` is made from its content; `again`: the broker has brought it before.

    `traceparent` is the sender's, for events that have none of their own.
    """

    key: int = 0
    again: bool = False
    traceparent: str | None = None


AT_HOME = Arrival()


@dataclass(frozen=True, slots=True)
class Received(Generic[M]):
    """A message in a handler's hand. `id` is unique in this house; `now` is the time to use; `actor` who asked.

    `overrules`: a person has said that this one is right, and that what is recorded against it must give way.
    """

    id: UUID
    data: M
    now: datetime
    envelope: Envelope[M]
    arrival: Arrival = AT_HOME
    overrules: bool = False

    @property
    def day(self) -> date:
        """The UTC day that the message names itself, whenever it arrives: its partition of the inbox."""
        return self.envelope.time.astimezone(UTC).date()

    @property
    def actor(self) -> str:
        return self.envelope.actor or ""

    @property
    def story(self) -> str:
        """The correlation id: the first message of the story that this one belongs to."""
        return self.envelope.correlationid or str(self.id)

    @property
    def traceparent(self) -> str | None:
        """The trace that this message belongs to."""
        return self.envelope.traceparent or self.arrival.traceparent

    def digest(self) -> bytes:
        """Eight bytes that differ when the content differs, however it was written."""
        content = f"{self.data.wire}\n{self.data.model_dump_json()}"
        return hashlib.blake2b(content.encode(), digest_size=8).digest()


def receive(envelope: Envelope[M], at: datetime, arrival: Arrival = AT_HOME) -> Received[M]:
    """Gives a message its id in this house: our own are UUIDs already, a foreign (source, id) becomes a UUIDv5.

    With its outlet: a source is what a sender calls itself, and nobody may use up another's ids.
    """
    foreign = envelope.data.owner() == "outlet"
    outlet = getattr(envelope.data, "outlet", "")
    key = named_id(outlet, envelope.source, envelope.id) if foreign else QuickUUID(envelope.id)
    return Received(key, envelope.data, at, envelope, arrival)


class Sealed(NamedTuple):
    """An envelope ready to be stored and sent, as a row of the log: `envelope` is its JSON."""

    day: date
    id: UUID
    type: str
    subject: str
    envelope: str


class Sealer:
    """Wraps the events of one service at one moment: what they have in common is written once."""

    def __init__(self, source: str, at: datetime) -> None:
        self._day = at.astimezone(UTC).date()
        common = {
            "specversion": "1.0",
            "source": f"/services/{source}",
            "time": at.isoformat(),
            "datacontenttype": "application/json",
        }
        self._common = json.dumps(common)[:-1]

    def seal(self, event: Event, cause: Received[Message] | None = None) -> Sealed:
        """What caused it gives the correlation, the causation and the trace."""
        key, subject = new_id(), event.subject
        name = str(key)
        story = cause.story if cause else name
        own = f'"id": "{name}", "type": "{event.wire}", "subject": {_json(subject)}, "correlationid": {_json(story)}'
        if cause:
            own += f', "causationid": "{cause.id}"'
            if cause.traceparent:
                own += f', "traceparent": {_json(cause.traceparent)}'
        # Building an Envelope object only to dump it costs several times as much.
        text = f'{self._common}, {own}, "data": {event.model_dump_json(exclude_defaults=True)}}}'
        return Sealed(self._day, key, event.wire, subject, text)


def seal(event: Event, source: str, at: datetime, cause: Received[Message] | None = None) -> Sealed:
    """Wraps one event."""
    return Sealer(source, at).seal(event, cause)


def join(texts: list[str]) -> bytes:
    """Envelopes as the body of one message."""
    return f"[{','.join(texts)}]".encode()
