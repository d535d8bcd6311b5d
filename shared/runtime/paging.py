"""Opaque cursors for lists: where the next page begins."""

import base64
import json
from typing import Any

from shared.errors import Invalid


def encode_cursor(*values: Any) -> str:
    """The values of the last item's sort key, as one word."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, length: int) -> list[str] | None:
    """The `length` values again; None for the first page. Raises Invalid for what was never a cursor of ours."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(values) == length and all(isinstance(value, str) for value in values):
            return list(values)
    except (ValueError, TypeError):
        pass
    fault = {"field": "cursor", "reason": "not a cursor of this list"}
    raise Invalid("invalid", "cursor: not a cursor of this list", errors=[fault])
