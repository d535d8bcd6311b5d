"""Whether the books agree with what tills counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.sales.domain import watch as domain
from services.sales.domain.closings import Check, TillDay, Verdict, compare
from services.sales.storage import checks as storage
from services.sales.watch import telling
from shared.contracts.message import Event
from shared.contracts.sales.tills import TillTiedOut
from shared.db import Tx

TIED = "the totals agree now"
REPLACED = "the till's closing was replaced"
CHANGED = "the figures have changed and still differ; that is found anew"


async def look(tx: Tx, touched: Sequence[TillDay], at: datetime, grace: timedelta) -> list[Event]:
    """Compares the closings of these days, and those whose time is up."""
    verdicts = [compare(check, at, grace) for check in await storage.list_checks(tx, touched, at)]
    if not verdicts:
        return []
    differing = [_day(one.check) for one in verdicts if one.differs]
    parked = await storage.count_parked(tx, differing) if differing else {}
    events: list[Event] = []
    checked: list[tuple[Verdict, UUID | None]] = []
    for verdict in verdicts:
        finding, told = await _tell(tx, verdict, parked.get(_day(verdict.check), 0), at)
        checked.append((verdict, finding))
        events += told
    await storage.mark_checked(tx, checked)
    return events


async def _tell(tx: Tx, verdict: Verdict, parked: int, at: datetime) -> tuple[UUID | None, list[Event]]:
    """The finding that says how the closing stands, and what there is to tell."""
    check = verdict.check
    before = check.before.finding if check.before else None
    events: list[Event] = [_tied_out(check, at)] if verdict.ties else []
    finding = before if check.known else None
    if verdict.differs:
        found = domain.difference(check, parked, at)
        finding = found.finding_id
        events += await telling.open_all(tx, [found])
    if before and verdict.state == "tied":
        events += await telling.cure(tx, [before], TIED, at)
    elif before and before != finding:
        events += await telling.cure(tx, [before], CHANGED if check.known else REPLACED, at)
    return finding, events


def _tied_out(check: Check, at: datetime) -> TillTiedOut:
    return TillTiedOut(
        outlet=check.outlet,
        till=check.till,
        business_date=check.day,
        version=check.version,
        events=check.counted.events,
        total=check.counted.total,
        tied_at=at,
    )


def _day(check: Check) -> TillDay:
    return check.outlet, check.till, check.day
