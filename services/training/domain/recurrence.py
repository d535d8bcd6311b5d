"""Sessions that recur: every Tuesday and Thursday at nine, on the wall clock in Jakarta."""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import islice

from dateutil import rrule

from services.training.domain.calendar import JAKARTA
from services.training.domain.faults import invalid
from shared.contracts.training import PlannedSession
from shared.contracts.training.planning import Recurrence, Weekday

MOST = 60
"""Sessions of one cohort."""

LENGTH = 180
WEEKDAYS = dict(zip(Weekday, (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU), strict=True))


def occurrences(recurrence: Recurrence, curriculum: Sequence[int]) -> list[PlannedSession]:
    """`curriculum`: the minutes of each of its sessions; empty without one. Raises Invalid."""
    starts = _starts(recurrence, _count(recurrence, len(curriculum)))
    if not starts:
        raise invalid(("recurrence", "no session is on these days"))
    if len(starts) > MOST:
        raise invalid(("recurrence", f"more than {MOST} sessions"))
    return [
        PlannedSession(planned_start=start, planned_minutes=recurrence.minutes or _minutes(curriculum, n))
        for n, start in enumerate(starts)
    ]


def _count(recurrence: Recurrence, curriculum: int) -> int | None:
    """None: as many as there are up to `until`."""
    if recurrence.count and recurrence.until:
        raise invalid(("recurrence.count", "either this or until, one of the two"))
    if recurrence.until:
        return None
    if not recurrence.count and not curriculum:
        raise invalid(("recurrence.count", "this or until is needed where there is no curriculum"))
    return recurrence.count or curriculum


def _starts(recurrence: Recurrence, count: int | None) -> list[datetime]:
    first = datetime.combine(recurrence.since, time.fromisoformat(recurrence.start))
    last = datetime.combine(recurrence.until, time.max) if recurrence.until else None
    days = [WEEKDAYS[weekday] for weekday in dict.fromkeys(recurrence.weekdays)]
    left_out = frozenset(recurrence.left_out)
    every = rrule.rrule(rrule.WEEKLY, dtstart=first, until=last, byweekday=days)
    held = (start for start in every if start.date() not in left_out)
    return [start.replace(tzinfo=JAKARTA) for start in islice(held, count or MOST + 1)]


def _minutes(curriculum: Sequence[int], n: int) -> int:
    return curriculum[n] if n < len(curriculum) else LENGTH
