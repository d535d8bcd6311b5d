"""A year of months that are closed: what is told of late belongs to the first open one, and nothing behind it moves."""

from datetime import date, timedelta
from typing import Any

from hypothesis.stateful import invariant, precondition, rule

from shared.contracts.sales.books import ClosePeriod
from tests.integration.properties.lab import Lab
from tests.integration.properties.year.paying import Paying
from tests.integration.properties.year.shop import BUDI, RINI

BOOKED = """
    SELECT debit, credit, kind, sum(amount)::bigint AS amount FROM transfer WHERE booked < $1
    GROUP BY debit, credit, kind ORDER BY debit, credit, kind
"""


class Closing(Paying):
    """`open_from`: the first month that is not closed; `sealed`: what is booked before it."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.open_from: date | None = None
        self.sealed: list[Any] = []

    @precondition(lambda self: not self.open_from or self.open_from < self.today.replace(day=1))
    @rule()
    def a_month_is_closed(self) -> None:
        """The last that is over; or the one after those that are closed."""
        over = (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        month = self.open_from or over
        for person in (RINI, BUDI):
            done = self.ask(ClosePeriod(month=f"{month:%Y-%m}"), person)
        if done and done.state == "closed":
            self.open_from = (month + timedelta(days=31)).replace(day=1)
            self.sealed = self.booked_before(self.open_from)

    def booked_before(self, day: date) -> list[Any]:
        return [tuple(row) for row in self.lab.run(self.house.fetch(BOOKED, day))]

    @invariant()
    def what_is_closed_does_not_move(self) -> None:
        if self.open_from:
            assert self.booked_before(self.open_from) == self.sealed
