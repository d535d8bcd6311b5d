"""Whether a maker may be written down as living somewhere from a day on."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.training.domain.faults import invalid
from shared.errors import Rejected

AHEAD = timedelta(days=90)
"""A move that is arranged is written down when it is known; what lies further ahead is a typing error."""


def check_move(since: date, today: date, homes: Sequence[date]) -> None:
    """`homes`: the first days of those that count. Raises Invalid, and Rejected for a day before all of them."""
    if since > today + AHEAD:
        raise invalid(("since", f"more than {AHEAD.days} days ahead"))
    if since < min(homes):
        raise Rejected("before_first_home", f"Her first home here is from {min(homes)} on")
