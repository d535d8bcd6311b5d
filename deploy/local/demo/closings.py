"""What each till prints when it closes for the day: how many events, what they came to, and the numbers it gave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from deploy.local.demo.reports import Report
from deploy.local.demo.till_data import JAKARTA

TillDay = tuple[str, str, date]
"""(outlet, till, business day in Jakarta)."""

CLOSES = time(22, 0)


@dataclass(frozen=True, slots=True)
class Closing:
    """A till's control totals of one day; `total` in rupiah."""

    outlet: str
    till: str
    day: date
    events: int
    total: int
    numbers: tuple[int, int]

    @property
    def till_day(self) -> TillDay:
        """What it closes."""
        return (self.outlet, self.till, self.day)

    def report(self) -> Report:
        """As its till sends it."""
        at = datetime.combine(self.day, CLOSES, JAKARTA)
        first, last = self.numbers
        data = {
            "outlet": self.outlet,
            "till": self.till,
            "business_date": self.day.isoformat(),
            "events": self.events,
            "total": self.total,
            "first_seq": first,
            "last_seq": last,
        }
        return Report(self.outlet, self.till, "outlet.TillClosed.v1", f"closed/{self.day}", at, data)


def closings(reports: Sequence[Report], reported: int) -> list[Closing]:
    """Of the days that are whole within the first `reported` of all reports: nobody closes a day that goes on."""
    days = _by_day(reports)
    going_on = set(_by_day(reports[reported:]))
    return [_closing(till_day, told) for till_day, told in sorted(days.items()) if till_day not in going_on]


def _by_day(reports: Iterable[Report]) -> Mapping[TillDay, list[Report]]:
    days: dict[TillDay, list[Report]] = defaultdict(list)
    for report in reports:
        days[report.outlet, report.till, report.at.astimezone(JAKARTA).date()].append(report)
    return days


def _closing(till_day: TillDay, told: Sequence[Report]) -> Closing:
    numbers = [report.data["till_seq"] for report in told]
    total = sum([report.amount for report in told])
    return Closing(*till_day, len(told), total, (min(numbers), max(numbers)))
