"""What tills do when the house tells of numbers that it misses: they send their day again."""

import asyncio
import math

from deploy.local.chaos.feed.goods import TILLS
from deploy.local.chaos.feed.telling import Where
from deploy.local.chaos.invariants.evidence import Evidence
from deploy.local.chaos.people import Person
from deploy.local.chaos.tills.till import Tills

TILLS_QUEUE = "delete the tills' queue"
FOUND_IN = 8.0
"""Seconds until what is missing has become a finding: the grace, and the watch's round."""

STUCK_IN = 60.0
REPORTS = "sales.outlets"


async def send_again(found: Evidence, tills: Tills, coordinator: Person) -> None:
    """What was confirmed and lay in a deleted queue is gone from the house, and only its gaps tell of it."""
    await _taken_in(found)
    await asyncio.sleep(FOUND_IN)
    lacking = await _named(coordinator) | await _not_closed(found)
    before, found.sent_again_at = frozenset(found.record.confirmed), found.record.clock()
    for where in sorted(lacking):
        await tills.insist(found.feed.of(where))
        tills.record.outcomes["day again"] += 1
    sent = {batch.number for where in lacking for batch in found.feed.of(where)}
    found.excused = before - sent
    await _taken_in(found)


async def _taken_in(found: Evidence) -> None:
    """Until the tills' queue is empty, or nothing of it is taken any more: a long day takes long to be read."""
    clock = asyncio.get_running_loop().time
    least, since = math.inf, clock()
    while (left := await _lying(found)) and clock() - since < STUCK_IN:
        if left < least:
            least, since = left, clock()
        await asyncio.sleep(2)


async def _lying(found: Evidence) -> int:
    rows = await asyncio.to_thread(found.house.nodes.queues)
    return sum([row["messages_ready"] + row["messages_unacknowledged"] for row in rows if row["name"] == REPORTS])


async def _named(coordinator: Person) -> set[Where]:
    """Tills of which a number is missing, or whose totals differ."""
    named: set[Where] = set()
    for kind in ("sequence-gap", "totals-differ"):
        page = await coordinator.get("/v1/findings", kind=kind, limit=500)
        named |= {(one["outlet"], one["till"]) for one in page["items"]}
    return named & set(TILLS)


async def _not_closed(found: Evidence) -> set[Where]:
    """Tills that closed a day of which the house knows nothing: at the desk somebody waits for that."""
    closed = {key for key in found.confirmed() if key[0] == "TillClosed"}
    rows = await found.rows("sales", "SELECT outlet, till, day::text AS day FROM till_closing")
    known = {("TillClosed", row["outlet"], row["till"], row["day"], 0) for row in rows}
    return {(outlet, till) for _, outlet, till, _, _ in closed - known}
