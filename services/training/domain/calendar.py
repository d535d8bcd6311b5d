"""The programme's day: a date here is a date in Jakarta."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")


def jakarta_day(at: datetime) -> date:
    """The date on a Jakarta wall calendar at this (aware) moment."""
    return at.astimezone(JAKARTA).date()
