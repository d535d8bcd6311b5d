"""The tills of all outlets at once, each outlet's reports in the order in which its tills send them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiormq.exceptions import AMQPError

from deploy.local.demo.api import Advance, Api, Unanswered
from deploy.local.demo.closings import Closing
from deploy.local.demo.deliveries import Delivery
from deploy.local.demo.desk import Desk
from deploy.local.demo.lines import OverAmqp, OverHttp, Way
from deploy.local.demo.places import OUTLETS, Place
from deploy.local.demo.reports import Report, in_batches
from deploy.local.demo.seed import receive
from deploy.local.demo.target import Target

PATIENCE = 120.0
PAUSE = 0.5
UNSURE = (AMQPError, OSError, TimeoutError, Unanswered)


@dataclass
class Sent:
    """How many reports have been taken; `unsure`: sent, perhaps taken, and sent again."""

    taken: int = 0
    unsure: int = 0


@dataclass(frozen=True)
class Outlet:
    """One outlet during the feed: how it reports, what, and the deliveries that reach it in the middle."""

    way: Way
    batches: Sequence[Sequence[Report]]
    late: Sequence[str]


async def send(
    target: Target, desk: Desk, arrivals: Sequence[Report], on_the_road: Mapping[Delivery, str], done: Advance
) -> Sent:
    """All reports. Late deliveries are received when half of an outlet's reports are in."""
    sent = Sent()
    async with asyncio.TaskGroup() as feeds:
        for place in OUTLETS:
            reports = [report for report in arrivals if report.outlet == place.code]
            late = [delivery_id for note, delivery_id in on_the_road.items() if note.outlet == place.code]
            outlet = Outlet(await _way(target, desk, place), list(in_batches(reports)), late)
            feeds.create_task(_feed(outlet, desk.coordinator, sent, done))
    return sent


async def close(target: Target, desk: Desk, closings: Sequence[Closing]) -> None:
    """Each till says what it counted."""
    for place in OUTLETS:
        way = await _way(target, desk, place)
        try:
            for closing in closings:
                if closing.outlet == place.code:
                    await _insist(way, [closing.report()])
        finally:
            await way.close()


async def _feed(outlet: Outlet, api: Api, sent: Sent, done: Advance) -> None:
    half = len(outlet.batches) // 2
    try:
        for number, batch in enumerate(outlet.batches):
            if number == half:
                for delivery_id in outlet.late:
                    await receive(api, delivery_id)
            sent.unsure += await _insist(outlet.way, batch)
            sent.taken += len(batch)
            done(len(batch))
    finally:
        await outlet.way.close()


async def _insist(way: Way, batch: Sequence[Report]) -> int:
    """A till that is not sure says it again: the same ids, so it counts once. How many reports were unsure."""
    unsure = 0
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await way.hand(batch)
            except UNSURE:
                unsure += len(batch)
                await asyncio.sleep(PAUSE)
            else:
                return unsure


async def _way(target: Target, desk: Desk, place: Place) -> Way:
    if place.way == "http":
        return OverHttp(desk.tills[place.code])
    return OverAmqp(await target.amqp_url(f"outlet-{place.code}"))
