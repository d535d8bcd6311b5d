"""Where the next page of a list begins that is sorted by a day and an id."""

from datetime import date
from uuid import UUID

from services.training.domain.faults import invalid
from shared.runtime.paging import decode_cursor, decode_day


def day_and_id(cursor: str | None) -> tuple[date, UUID] | tuple[None, None]:
    """None, None for the first page. Raises Invalid for what was never a cursor of such a list."""
    day, text = decode_day(cursor)
    if day is None or text is None:
        return None, None
    return day, _id(text)


def rank_and_id(cursor: str | None) -> tuple[int, date, UUID] | tuple[None, None, None]:
    """Of the ranking: the place, the day and the id; otherwise as `day_and_id`."""
    values = decode_cursor(cursor, 3)
    if values is None:
        return None, None, None
    try:
        return int(values[0]), date.fromisoformat(values[1]), _id(values[2])
    except ValueError:
        raise _foreign() from None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _foreign() from None


def _foreign() -> Exception:
    return invalid(("cursor", "not a cursor of this list"))
