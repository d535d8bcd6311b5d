"""The programme's calendar: the day that counts is Jakarta's, whatever the zone a till writes in."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")
CLOCKS_DIFFER = timedelta(minutes=5)


def business_day(at: datetime) -> date:
    """The day in Jakarta; it begins at 00:00, half-open."""
    return at.astimezone(JAKARTA).date()


def in_jakarta(at: datetime) -> str:
    """As a till would write it: whoever compares the two has not to reckon."""
    return at.astimezone(JAKARTA).isoformat()


def is_ahead(at: datetime, now: datetime) -> bool:
    """Whether `at` lies further ahead of `now` than two clocks may differ."""
    return at - now > CLOCKS_DIFFER
