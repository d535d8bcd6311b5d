"""Records what a till counted at the end of its day. Whether the books agree is looked at elsewhere."""

from collections.abc import Mapping, Sequence

from services.sales.domain import closings
from services.sales.domain.closings import Facts, TillDay, facts_of
from services.sales.storage import closings as storage
from services.sales.storage import outlets
from services.sales.storage.closings import Closing
from services.sales.storage.heard import Heard, add_heard
from shared.contracts.outlets import TillClosed
from shared.contracts.sales.tills import TillClosingRecorded
from shared.db import Tx
from shared.errors import KaryaError, Unavailable
from shared.runtime.envelope import Received
from shared.runtime.handler import Caused, Ignored, Outcome, Refused

Report = Received[TillClosed]


async def record_closings(reports: Sequence[Report], tx: Tx) -> list[Outcome]:
    """One for each till and day. Another one gives way, or replaces it when a person said that it is right."""
    known = await outlets.get_outlets(tx, {report.data.outlet for report in reports})
    judged = [(report, closings.judge(report.data, known, report.now)) for report in reports]
    days = {report.id: (report.data.outlet, report.data.till, day) for report, day in judged
            if not isinstance(day, KaryaError)}  # fmt: skip
    recorded = await storage.get_closings(tx, list(days.values())) if days else {}
    outcomes: list[Outcome] = []
    new: list[Closing] = []
    for report, verdict in judged:
        if isinstance(verdict, KaryaError):
            outcomes.append(Refused(report, verdict))
            continue
        versions = recorded.setdefault(days[report.id], [])
        outcome = _against(report, versions)
        if outcome:
            outcomes.append(outcome)
        else:
            new.append((report, days[report.id], len(versions)))
            versions.append(facts_of(report.data))
    return outcomes + await _record(tx, new)


def _against(report: Report, versions: Sequence[Facts]) -> Outcome | None:
    """What becomes of a closing beside those that are recorded; None: it is recorded too."""
    facts = facts_of(report.data)
    if not versions or (report.overrules and versions[-1] != facts):
        return None
    if facts in versions:
        return Ignored(report, "duplicate_line")
    return Refused(report, closings.closed_otherwise(report.data, versions[-1]))


async def _record(tx: Tx, new: Sequence[Closing]) -> list[Outcome]:
    if not new:
        return []
    numbers = await storage.add_closings(tx, new)
    if len(numbers) < len(new):
        # Another replica has just recorded a closing of that day. Judged again, this is a duplicate or a conflict.
        raise Unavailable("closings_raced", "a closing of the same till and day is being recorded elsewhere")
    await add_heard(tx, [_heard(closing, numbers) for closing in new])
    return [Caused(closing[0], _told(closing)) for closing in new]


def _heard(closing: Closing, numbers: Mapping[tuple[TillDay, int], int]) -> Heard:
    """A closing has a number of the till's, but is none of the events that it counts."""
    report, (outlet, till, day), version = closing
    return Heard(outlet, till, day, 0, 0, report.data.till_seq, numbers[(outlet, till, day), version])


def _told(closing: Closing) -> TillClosingRecorded:
    report, (outlet, till, day), version = closing
    return TillClosingRecorded(
        outlet=outlet,
        till=till,
        business_date=day,
        version=version,
        events=report.data.events,
        total=report.data.total,
        first_seq=report.data.first_seq,
        last_seq=report.data.last_seq,
        till_seq=report.data.till_seq,
    )
