"""Which entries of an account a statement is about."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from services.sales.domain.calendar import JAKARTA
from shared.errors import Invalid

BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
LAST = 2**63 - 1


class Span(NamedTuple):
    """Recorded from `since` to before `until`, and numbered above `after` up to `upto`."""

    since: datetime = BEGINNING
    until: datetime = END
    after: int = 0
    upto: int = LAST


def period(since: date | None, until: date | None) -> Span:
    """What was recorded on these days of Jakarta, both included. Raises Invalid.

    The day of recording never changes, and nothing is recorded on a day that is over: so no past period ever changes.
    """
    if since and until:
        check_days(since, until)
    return Span(
        datetime.combine(since, time.min, JAKARTA) if since else BEGINNING,
        datetime.combine(until + timedelta(days=1), time.min, JAKARTA) if until else END,
    )


def check_days(since: date, until: date) -> None:
    """Raises Invalid when they are the wrong way round."""
    if since > until:
        fault = {"field": "until", "reason": "before since"}
        raise Invalid("invalid", "until: before since", errors=[fault])
