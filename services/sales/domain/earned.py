"""How it is told who has earned something on a day."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from shared.contracts.sales import MakersEarned

MOST = 500
"""Makers that one event names."""


def told(earned: Sequence[tuple[date, UUID]]) -> list[MakersEarned]:
    """One event for each day, more when there are many. `earned` is in the order of the days."""
    events: list[MakersEarned] = []
    for day, of_day in groupby(earned, key=lambda one: one[0]):
        makers = [maker_id for _, maker_id in of_day]
        events += [MakersEarned(day=day, maker_ids=makers[i : i + MOST]) for i in range(0, len(makers), MOST)]
    return events
