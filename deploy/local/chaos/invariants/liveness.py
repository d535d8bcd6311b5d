"""After the faults: everything moves again, soon, and nobody holds anything."""

import asyncio
import math

from deploy.local import processes
from deploy.local.chaos.house.copies import queue_names
from deploy.local.chaos.inside import notes
from deploy.local.chaos.invariants.evidence import Evidence, some
from shared.contracts.outlets import SaleReported

LOOK, LOOKS = 0.7, 3
FAULTS = MISSING, UNCONSUMED, HELD, WAITING = (
    "no such queue",
    "nobody consumes",
    "unacknowledged messages in",
    "messages waiting in",
)
DRAINED_IN = 60.0
READY_LOOKS = 50
"""A second apart: services look at the topology every 20, and a look may have to be repeated."""
LAG_P99 = 60.0
"""Seconds from a till's confirmation to the books, of all but one in a hundred reports, in the midst of faults."""


async def it_drains(found: Evidence) -> list[str]:
    """I9: within a minute after the last fault nothing is under way any more."""
    if found.drained_in is None:
        return [f"still under way: {found.busy}"]
    late = found.drained_in > DRAINED_IN
    return [f"drained only {found.drained_in:.0f} s after the last fault"] if late else []


async def every_queue_is_consumed(found: Evidence) -> list[str]:
    """I9: by somebody who holds nothing back."""
    faults = await _look_at_queues(found)
    for _ in range(LOOKS):  # services ask each other now and then: what is under way at one look is not at the next
        await asyncio.sleep(LOOK)
        faults &= await _look_at_queues(found)
    return [line for what in FAULTS for line in some([name for name, fault in faults if fault == what], what)]


async def _look_at_queues(found: Evidence) -> set[tuple[str, str]]:
    """Name and fault."""
    queues = {row["name"]: row for row in await asyncio.to_thread(found.house.nodes.queues)}
    work = [name for name in queue_names() if not name.endswith(".dead")]
    there = [queues[name] for name in work if name in queues]
    return {
        *[(name, MISSING) for name in work if name not in queues],
        *[(queue["name"], UNCONSUMED) for queue in there if not queue["consumers"]],
        *[(queue["name"], HELD) for queue in there if queue["messages_unacknowledged"]],
        *[(queue["name"], WAITING) for queue in there if queue["messages_ready"]],
    }


async def no_session_idles_in_a_transaction(found: Evidence) -> list[str]:
    """I9."""
    rows = await found.rows(
        "sales",
        """
        SELECT datname || ' ' || application_name AS session FROM pg_stat_activity
        WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds'
        """,
    )
    return some([row["session"] for row in rows], "idle in a transaction")


async def every_replica_is_ready(found: Evidence) -> list[str]:
    """I9: and says so itself, at its next look at the topology at the latest."""
    for _ in range(READY_LOOKS):
        if not await _not_ready(found):
            return []
        await asyncio.sleep(1)
    return some(await _not_ready(found), "not ready")


async def _not_ready(found: Evidence) -> list[str]:
    running = found.house.crew.running()
    told = {one.name: await asyncio.to_thread(processes.why_not_ready, one) for one in running}
    idle = [f"{name} ({why})" for name, why in told.items() if why]
    return [*idle, *(set(found.house.crew.names()) - {one.name for one in running})]


async def no_loop_has_ended(found: Evidence) -> list[str]:
    """I9: a process that lacks one of its background loops stops, and nothing in a run may make it lack one."""
    times = notes.count(notes.read_all(found.house.folder))[notes.LOOP_ENDED]
    return [f"{notes.LOOP_ENDED}, {times} times; see loop_ended in the logs"] if times else []


async def lag_stays_within_its_budget(found: Evidence) -> list[str]:
    """I11."""
    lags = await lags_of(found)
    p99 = lags[math.ceil(len(lags) * 0.99) - 1] if lags else 0.0
    return [f"p99 from confirmation to the books: {p99:.1f} s"] if p99 > LAG_P99 else []


async def lags_of(found: Evidence) -> list[float]:
    """Seconds from the first confirmation of a batch to the commit of each of its sales, in order."""
    rows = await found.rows("sales", "SELECT outlet, till, receipt, line, recorded_at FROM sale")
    booked = {tuple(row.values())[:4]: row["recorded_at"].timestamp() for row in rows}
    recorded = {key: at for key, at in booked.items() if at < found.sent_again_at}
    first: dict[tuple[object, ...], float] = {}
    for batch in found.feed.batches:
        at = found.record.confirmed.get(batch.number, math.inf)
        for item in batch.items or ():
            if item["type"] == SaleReported.wire and item["id"] not in found.feed.late:
                key = tuple([item["data"].get(name) for name in ("outlet", "till", "receipt", "line")])
                first[key] = min(first.get(key, math.inf), at)
    return sorted([max(recorded[key] - at, 0) for key, at in first.items() if key in recorded])
