"""Waits until nothing is under way any more: every report has its place, every maker has been told."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from deploy.local.demo.api import Advance, Json
from deploy.local.demo.closings import TillDay
from deploy.local.demo.desk import Desk
from deploy.local.state import SetupError

PAUSE = 0.25
PATIENCE = 300.0
"""Longer than a parked report's fourth wait."""

PLACES = ("sales_accepted", "returns_accepted", "parked", "duplicates_ignored")
"""Every report is in exactly one of these."""

Look = Callable[[], Awaitable[tuple[int, str]]]
"""How much is settled, and what is still missing (empty when nothing is)."""


def accounted(feed: Json) -> int:
    """How many reports have been given a place."""
    return sum(feed[place] for place in PLACES)


async def settle_backlog(desk: Desk) -> int:
    """Until what earlier runs sent has its place; how many reports that is."""
    before, now = -1, accounted(await desk.feed())
    while now and now != before:
        await asyncio.sleep(2 * PAUSE)
        before, now = now, accounted(await desk.feed())
    return now


async def settle_reports(desk: Desk, reports: int, done: Advance) -> Json:
    """Until so many reports are accounted for, and no parked one is about to be tried again by itself."""

    async def look() -> tuple[int, str]:
        count, waiting = accounted(await desk.feed()), await desk.waiting()
        if count < reports:
            return count, f"{reports - count:,} reports are nowhere"
        return min(count, reports), f"{waiting} parked reports wait for what they need" if waiting else ""

    await _until_settled(look, done)
    return await desk.feed()  # what waited when they were counted may have passed before it was asked who waits


async def settle_closings(desk: Desk, tied: set[TillDay], closed: set[TillDay], done: Advance) -> dict[TillDay, str]:
    """Until all these days are closed and those that must tie out do. What became of each."""
    states: dict[TillDay, str] = {}

    async def look() -> tuple[int, str]:
        nonlocal states
        states = await desk.closings()
        loose = [day for day in tied if states.get(day) != "tied"]
        missing = closed - states.keys()
        return len(
            states
        ), f"{len(missing)} closings are nowhere, {len(loose)} do not tie out" if missing or loose else ""

    await _until_settled(look, done)
    return states


async def settle_income(desk: Desk, earners: int, done: Advance) -> None:
    """Until training has heard of so many makers that they have earned something."""

    async def look() -> tuple[int, str]:
        count = await desk.earners()
        return min(count, earners), f"{earners - count} makers are not known to earn" if count < earners else ""

    await _until_settled(look, done)


async def settle_notices(desk: Desk, notices: int, done: Advance) -> Json:
    """Until so many notices have been written and none is still to be sent."""
    counts: Json = {}

    async def look() -> tuple[int, str]:
        nonlocal counts
        counts = await desk.notices()
        ended = counts["total"] - counts["by_state"].get("queued", 0)
        missing = max(notices - counts["total"], 0)
        queued = counts["total"] - ended
        problem = f"{missing:,} notices are not written yet, {queued:,} are not sent" if missing + queued else ""
        return min(ended, notices), problem

    await _until_settled(look, done)
    return counts


async def _until_settled(look: Look, done: Advance) -> None:
    """The time limit counts from the last change: slow is no fault, standing still is."""
    before, problem, since = 0, "", time.monotonic()
    while True:
        count, problem = await look()
        if count != before:
            done(count - before)
            before, since = count, time.monotonic()
        if not problem:
            return
        if time.monotonic() - since > PATIENCE:
            raise SetupError(
                f"nothing has moved for {PATIENCE:.0f} s: {problem}. See: ./karya logs, ./karya parked list"
            )
        await asyncio.sleep(PAUSE)
