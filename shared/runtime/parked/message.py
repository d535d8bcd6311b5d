"""A message about to be parked, and how long it waits before it is tried again."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.errors import KaryaError
from shared.runtime.decode import Unreadable
from shared.runtime.envelope import Arrival, Received, named_id

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 1800, 3600))
"""How long a message waits after its first, second, ... failed try; the last one goes on until its patience ends."""

WAITING, PERSON = "waiting", "person"
OPEN = (WAITING, PERSON)


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """A message that is parked, or that needs a person from now on. `state`: "waiting" or "person"."""

    id: UUID
    event_id: UUID
    type: str
    subject: str
    envelope: dict[str, Any]
    error: KaryaError
    arrival: Arrival
    cause: Received[Any] | None = None
    state: str = PERSON


def of_refused(message: Received[Any], error: KaryaError) -> ParkedMessage:
    """A message that was read and cannot be handled. Its id holds the content: one event id may be used for two."""
    return ParkedMessage(
        named_id("parked", message.id, message.digest().hex()),
        message.id,
        message.data.wire,
        storable(message.data.subject),
        message.envelope.model_dump(mode="json"),
        error,
        message.arrival,
        message,
        WAITING if next_try(error, 1, message.now, message.now) else PERSON,
    )


def of_unreadable(item: Unreadable) -> ParkedMessage:
    """A message that cannot be read."""
    kind, subject = storable(str(item.item.get("type", ""))[:128]), storable(str(item.item.get("subject") or "")[:512])
    return ParkedMessage(item.id, item.id, kind, subject, item.item, item.error, item.arrival)


def next_try(error: KaryaError, attempts: int, at: datetime, since: datetime) -> datetime | None:
    """When to try again by itself, after `attempts` tries of what is parked since then; None: a person must look.

    When patience ends there is one last try, however long the pauses have become.
    """
    if error.tries is not None and attempts > error.tries:
        return None
    again = at + DELAYS[min(attempts, len(DELAYS)) - 1]
    if error.patience is None:
        return again
    end = since + error.patience
    return min(again, end) if at < end else None


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot keep (NUL, halves of characters): nothing is too odd to park."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def storable_json(value: Any) -> str:
    """A JSON value as such a text."""
    return storable(json.dumps(value, ensure_ascii=False).replace("\\u0000", "\\ufffd"))
