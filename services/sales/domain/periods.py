"""Months of the books: when one may be closed."""

from datetime import date, timedelta

from shared.errors import Rejected


def first_of(month: str) -> date:
    """The first day of `2026-11`."""
    return date.fromisoformat(f"{month}-01")


def spell(first: date) -> str:
    return f"{first:%Y-%m}"


def following(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def check_closing(first: date, today: date, open_since: date) -> None:
    """Raises Rejected when the month is not over, is closed, or another has to be closed before it.

    `open_since`: the first day that is open; `date.min` when no month was ever closed, and any may be the first.
    """
    if following(first) > today:
        raise Rejected("month_not_over", f"{spell(first)} is not over")
    if first < open_since:
        raise Rejected("month_closed", f"{spell(first)} is closed already")
    if date.min < open_since < first:
        raise Rejected("month_before_open", f"{spell(open_since)} has to be closed first")
