"""One round of the watch: claims what was heard of tills, folds it, and looks at what it touched."""

from datetime import datetime, timedelta

from services.sales.domain import watch as domain
from services.sales.domain.numbers import each, join
from services.sales.handlers.counts import reexplain
from services.sales.handlers.twins import settle as settle_twins
from services.sales.handlers.voids import void_late_lines
from services.sales.storage import looks
from services.sales.storage import watch as storage
from services.sales.storage.twins import list_voided
from services.sales.storage.watch import Claimed
from services.sales.watch import closings, gaps, telling, waiting
from shared.contracts.message import Event
from shared.contracts.sales import SaleVoided
from shared.db import Tx
from shared.runtime.service import Tools

ROUND, EVENTS = 200, 10_000
"""Rows of `heard`, each of one transaction and till, that a round claims; and how many events end it earlier."""


async def look(tools: Tools) -> bool:
    """True when there is more to do at once. One round at a time, whichever replica has the turn."""
    at, grace = tools.now(), timedelta(seconds=tools.settings.till_grace_seconds)

    async def work(tx: Tx) -> tuple[bool, list[Event]]:
        return await look_once(tx, at, grace)

    return await tools.transact(work)


async def look_once(tx: Tx, at: datetime, grace: timedelta) -> tuple[bool, list[Event]]:
    """Whether there is more to do, and what was found."""
    if not await storage.has_work(tx, at) or not await storage.lock_round(tx):
        return False, []
    # A statement of its own, younger than the lock: it sees what the round before has left.
    claimed = await storage.claim_heard(tx, ROUND, EVENTS)
    events: list[Event] = []
    if claimed:
        events += await _look_at_facts(tx, claimed, at)
    tills = sorted({(one.outlet, one.till) for one in claimed if one.seqs != "{}"})
    days = sorted({(one.outlet, one.till, one.day) for one in claimed})
    events += await gaps.look(tx, tills, at, grace)
    events += await closings.look(tx, days, at, grace)
    # A line that was taken back late is heard of in the next round.
    late = any(isinstance(event, SaleVoided) for event in events)
    return late or len(claimed) == ROUND or sum([one.events for one in claimed]) >= EVENTS, events


async def _look_at_facts(tx: Tx, claimed: list[Claimed], at: datetime) -> list[Event]:
    spans = join([(one.first_no, one.last_no) for one in claimed])
    facts = each(spans)
    await storage.prefer_indexes(tx)
    # First: who tries a return holds it, and then waits for shelves, which what follows here may hold.
    await waiting.wake(tx, facts, at)
    events = await _look_at_numbers(tx, claimed, facts, at)
    await storage.add_to_days(tx, claimed)
    await storage.add_numbers(tx, claimed)
    twins = domain.twins([dict(row) for row in await looks.list_twins(tx, facts, domain.MANY)], at)
    events += await telling.open_all(tx, twins)
    # A void that was on its way while the suspicion arose did not see it.
    events += await settle_twins(tx, await list_voided(tx, facts), at)
    events += await void_late_lines(tx, spans, at)
    return events + await reexplain(tx, await looks.list_late_shelves(tx, facts), at)


async def _look_at_numbers(tx: Tx, claimed: list[Claimed], facts: list[int], at: datetime) -> list[Event]:
    if all(one.seqs == "{}" for one in claimed):
        return []
    return await gaps.look_at_reused(tx, await looks.list_reused(tx, claimed, facts), at)
