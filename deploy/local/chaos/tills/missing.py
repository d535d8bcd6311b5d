"""What tills do when the house tells of numbers that it misses: they send their day again."""

import asyncio

from deploy.local.chaos.feed.goods import TILLS
from deploy.local.chaos.feed.telling import Where
from deploy.local.chaos.invariants.evidence import Evidence
from deploy.local.chaos.people import Person
from deploy.local.chaos.tills.till import Tills

TILLS_QUEUE = "delete the tills' queue"
FOUND_IN = 8.0
"""Seconds until what is missing has become a finding: the grace, and the watch's round."""


async def send_again(found: Evidence, tills: Tills, coordinator: Person) -> None:
    """What was confirmed and lay in a deleted queue is gone from the house, and only its gaps tell of it."""
    await asyncio.sleep(FOUND_IN)
    lacking = await _named(coordinator) | await _not_closed(found)
    before = frozenset(found.record.confirmed)
    for where in sorted(lacking):
        await tills.insist(found.feed.of(where))
        tills.record.outcomes["day again"] += 1
    sent = {batch.number for where in lacking for batch in found.feed.of(where)}
    found.excused = before - sent


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
