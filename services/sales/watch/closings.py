"""Whether the books agree with what tills counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.sales.domain import watch as domain
from services.sales.domain.closings import Check, TillDay, Verdict, compare
from services.sales.domain.findings import Finding
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
    differing = [one.check for one in verdicts if one.differs]
    parked = await storage.count_parked(tx, [_day(check) for check in differing]) if differing else {}
    found = {_day(check): domain.difference(check, parked.get(_day(check), 0), at) for check in differing}
    events: list[Event] = [_tied_out(one.check, at) for one in verdicts if one.ties]
    events += await telling.open_all(tx, list(found.values()))
    checked = [(verdict, _named(verdict, found.get(_day(verdict.check)))) for verdict in verdicts]
    for note in (TIED, CHANGED, REPLACED):
        cured = [before for verdict, named in checked if (before := _cured(verdict, named, note))]
        events += await telling.cure(tx, cured, note, at)
    await storage.mark_checked(tx, checked)
    return events


def _named(verdict: Verdict, found: Finding | None) -> UUID | None:
    """The finding that says how the closing stands."""
    if found:
        return found.finding_id
    known = verdict.check.known
    return known.finding if known else None


def _cured(verdict: Verdict, named: UUID | None, note: str) -> UUID | None:
    """The finding before, if it is no longer so for this reason."""
    before = verdict.check.before.finding if verdict.check.before else None
    if verdict.state == "tied":
        return before if note == TIED else None
    return before if before != named and note == (CHANGED if verdict.check.known else REPLACED) else None


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
