"""Numbers that tills passed over, and numbers that they gave twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.sales.domain import watch as domain
from services.sales.domain.findings import Finding
from services.sales.domain.numbers import Numbers, continues, from_ranges, join
from services.sales.storage import gaps as storage
from services.sales.storage import watch
from services.sales.storage.gaps import Gaps, TillKey
from services.sales.watch import telling
from shared.contracts.message import Event
from shared.db import Row, Tx

AGAIN = timedelta(minutes=5)
"""What is missing may be parked later, which nobody tells the watch: open findings are looked at again."""

MOST, KEPT = 1000, 500
"""Gaps of a till that are looked for. More has only one whose numbers do not count up by one (the time of day, say)."""

RANGES = 1000
"""Of numbers that came again the highest ranges are remembered: a till counts up."""

ARRIVED = "the missing numbers have arrived"
GIVEN_UP = "no longer looked for: the till leaves more gaps than numbers that count up by one would"
PARKED = "what was missing has come and is parked"
CHANGED = "some of it has come; what is still missing is found anew"


async def look(tx: Tx, tills: Sequence[TillKey], at: datetime, grace: timedelta) -> list[Event]:
    """`tills`: those whose numbers have changed. A gap is told when it is older than `grace`."""
    events: list[Event] = []
    if tills:
        changed = await storage.mark_filled(tx, tills, at + grace)
        left = await storage.mark_changed(tx, changed, at + grace)
        events += await telling.cure(tx, changed - left, ARRIVED, at)
        dropped = await storage.drop_oldest(tx, tills, MOST, KEPT)
        left = await storage.mark_changed(tx, dropped, at + grace)
        events += await telling.cure(tx, dropped - left, GIVEN_UP, at)
    return events + await _look_at_due(tx, at)


async def _look_at_due(tx: Tx, at: datetime) -> list[Event]:
    due = await storage.list_due(tx, at)
    if not due:
        return []
    over = [gaps for gaps in due if _is_over(gaps)]
    found = [(gaps, domain.gap(gaps.outlet, gaps.till, gaps.missing, at)) for gaps in due if not _is_over(gaps)]
    looked: list[tuple[Gaps, UUID | None, datetime | None]] = [(gaps, gaps.finding, None) for gaps in over]
    looked += [(gaps, one.finding_id, at + AGAIN) for gaps, one in found]
    events = await telling.cure(tx, [gaps.finding for gaps in over if gaps.finding], PARKED, at)
    events += await telling.open_all(tx, [one for _, one in found])
    changed = [gaps.finding for gaps, one in found if gaps.finding and gaps.finding != one.finding_id]
    events += await telling.cure(tx, changed, CHANGED, at)
    await storage.mark_looked_at(tx, looked, at)
    return events


def _is_over(gaps: Gaps) -> bool:
    """Somebody has said so, or all that was missing waits as parked."""
    return gaps.accepted or not gaps.missing


async def look_at_reused(tx: Tx, reused: Sequence[Row], at: datetime) -> list[Event]:
    """A till that counts anew gives all its old numbers again: that is found once, where it begins.

    What was given twice is in `seen` already, so it makes no gap and hides none that a later number shows.
    """
    found: list[Finding] = []
    known: list[tuple[str, str, Numbers]] = []
    for row in reused:
        numbers, before = from_ranges(row["numbers"]), from_ranges(row["again"])
        if continues(before, numbers):
            known.append((row["outlet"], row["till"], join([*before, *numbers])[-RANGES:]))
        else:
            known.append((row["outlet"], row["till"], numbers))
            found.append(domain.restart(row["outlet"], row["till"], numbers, row["no"], at))
    await watch.mark_again(tx, known)
    return await telling.open_all(tx, found)
