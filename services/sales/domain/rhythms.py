"""The periods for which outlets remit, and by when."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from shared.contracts.sales.events import Remits

DAY = timedelta(days=1)
MIDDLE = 15
"""The last day of the first half of a month."""


class Rhythm(NamedTuple):
    """What is agreed about the periods from a day on."""

    since: date
    remits: Remits
    grace_days: int


UNAGREED = Rhythm(date.min, "monthly", 7)
"""Of an outlet that gives a buyer his money back before anything is agreed with it."""


class Period(NamedTuple):
    """From `since` to the end of `through`; the money has to be there by `due_by`."""

    since: date
    through: date
    due_by: date
    remits: Remits


def period_of(day: date, agreed: Sequence[Rhythm]) -> Period:
    """The one that the day is in. `agreed`: the oldest first.

    Terms that change without another rhythm do not end a period; another rhythm does. The days of grace are those
    that are agreed on the period's last day.
    """
    agreed = agreed or (UNAGREED,)
    at = max(bisect_right(agreed, day, key=lambda one: one.since) - 1, 0)
    remits = agreed[at].remits
    since, through = _calendar(day, remits)
    begun = at
    while begun and agreed[begun].since > since and agreed[begun - 1].remits == remits:
        begun -= 1
    if begun:
        since = max(since, agreed[begun].since)
    while at + 1 < len(agreed) and agreed[at + 1].since <= through:
        if agreed[at + 1].remits != remits:
            through = agreed[at + 1].since - DAY
            break
        at += 1
    return Period(since, through, through + agreed[at].grace_days * DAY, remits)


def last_over(day: date, agreed: Sequence[Rhythm]) -> date:
    """The last day of the last period that is over."""
    return period_of(day, agreed).since - DAY


def _calendar(day: date, remits: Remits) -> tuple[date, date]:
    if remits == "weekly":
        monday = day - day.weekday() * DAY
        return monday, monday + 6 * DAY
    first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if remits == "monthly":
        return first, last
    middle = day.replace(day=MIDDLE)
    return (first, middle) if day <= middle else (middle + DAY, last)
