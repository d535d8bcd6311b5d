"""How much past there is to make: so many rows of the ledger, and what belongs to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.runtime.migrate import DAYS_AHEAD, INBOX_DAYS

TRANSFERS = 3
"""Of a sale: the outlet's, the programme's and the maker's."""

SPAN = timedelta(days=360)


@dataclass(frozen=True, slots=True)
class Plan:
    """So many sales, one after the other at the same distance, from `since` to `until`."""

    sales: int
    since: datetime
    until: datetime

    @property
    def step(self) -> timedelta:
        return (self.until - self.since) / max(self.sales, 1)

    @property
    def inbox_since(self) -> datetime:
        """What came before is forgotten by the inbox."""
        return max(self.since, self.until - timedelta(days=INBOX_DAYS - 1))

    def partition_days(self) -> Iterator[date]:
        """Days on which partitions were made ahead, so that every day of the past has its own."""
        day = self.since.date()
        while day < self.until.date():
            yield day
            day += timedelta(days=DAYS_AHEAD)


def plan_of(rows: int, there: int, now: datetime) -> Plan:
    """What makes `there` rows of the ledger into at least `rows`; the past ends an hour ago."""
    until = now - timedelta(hours=1)
    return Plan(max(-(-(rows - there) // TRANSFERS), 0), until - SPAN, until)
