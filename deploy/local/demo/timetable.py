"""When each course meets: on weekdays that recur, as a coordinator would say it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from deploy.local.demo.till_data import JAKARTA

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOLIDAYS = (date(2026, 8, 17), date(2026, 8, 25))
"""Independence Day, and the Prophet's birthday."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Sessions on these weekdays at nine, from a day on, but on no holiday."""

    weekdays: tuple[str, ...]
    since: date
    start: time = time(9)
    left_out: tuple[date, ...] = HOLIDAYS

    def starts(self, count: int) -> list[datetime]:
        """The first `count` sessions."""
        found: list[datetime] = []
        day = self.since
        while len(found) < count:
            if WEEKDAYS[day.weekday()] in self.weekdays and day not in self.left_out:
                found.append(datetime.combine(day, self.start, JAKARTA))
            day += timedelta(days=1)
        return found


_TUESDAYS = Timetable(("tuesday", "thursday"), date(2026, 8, 4))
_MONDAYS = Timetable(("monday", "wednesday"), date(2026, 8, 10))
_SATURDAYS = Timetable(("saturday",), date(2026, 8, 8))

TIMETABLES = {
    "batik": _TUESDAYS, "embroidery": _TUESDAYS, "knitting": _TUESDAYS, "sewing": _MONDAYS, "weaving": _MONDAYS,
    "newspaper-miniatures": _MONDAYS, "business": _SATURDAYS,
}  # fmt: skip
