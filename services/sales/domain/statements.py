"""Statements: of which month one may be made, and how long its page can be read."""

from datetime import date, datetime, timedelta

from shared.errors import Rejected

READABLE = timedelta(days=90)
"""So long a link opens its page."""

MOST = 1_000
"""Statements that are made in one go."""


def first_day(month: str) -> date:
    """Of `2026-11`."""
    return date.fromisoformat(f"{month}-01")


def next_month(first: date) -> date:
    """The first day after it."""
    return (first + timedelta(days=31)).replace(day=1)


def month_of(first: date) -> str:
    """`2026-11`"""
    return first.isoformat()[:7]


def check_begun(first: date, today: date) -> None:
    """Raises Rejected for a month that has not begun."""
    if first > today:
        raise Rejected("month_ahead", f"{month_of(first)} has not begun")


def expires(published_at: datetime) -> datetime:
    """When its page is closed."""
    return published_at + READABLE
