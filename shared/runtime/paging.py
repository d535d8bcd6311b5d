"""Opaque cursors for lists: where the next page begins."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.errors import Invalid

LARGEST = 2**63 - 1


def encode_cursor(*values: Any) -> str:
    """The values of the last item's sort key, as one word."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, length: int) -> list[str] | None:
    """The `length` values again; None for the first page. Raises Invalid for what was never a cursor of ours."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(values) == length and all(isinstance(value, str) and value.isprintable() for value in values):
            return list(values)
    except (ValueError, TypeError):
        pass
    raise foreign()


def decode_number(cursor: str | None) -> int | None:
    """The one whole number (a bigint) that a list is sorted by; otherwise as `decode_cursor`."""
    values = decode_cursor(cursor, 1)
    if values is None:
        return None
    if values[0].isascii() and values[0].isdecimal() and len(values[0]) < 20 and int(values[0]) <= LARGEST:
        return int(values[0])
    raise foreign()


def decode_place(cursor: str | None) -> tuple[datetime, UUID] | tuple[None, None]:
    """The moment and the id that a list is sorted by; otherwise as `decode_cursor`."""
    values = decode_cursor(cursor, 2)
    if values is None:
        return None, None
    try:
        moment = datetime.fromisoformat(values[0])
        if moment.tzinfo:
            return moment.astimezone(UTC), UUID(values[1])
    except (ValueError, OverflowError):
        pass
    raise foreign()


def decode_day(cursor: str | None) -> tuple[date, str] | tuple[None, None]:
    """The day and the name that a list is sorted by; otherwise as `decode_cursor`."""
    values = decode_cursor(cursor, 2)
    if values is None:
        return None, None
    try:
        return date.fromisoformat(values[0]), values[1]
    except ValueError:
        raise foreign() from None


def foreign() -> Invalid:
    """For a cursor that another list gave, or nobody."""
    fault = {"field": "cursor", "reason": "not a cursor of this list"}
    return Invalid("invalid", "cursor: not a cursor of this list", errors=[fault])
