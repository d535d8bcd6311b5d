"""The outlets' tills: reports of sales, one in a message or many, each outlet as its own broker user."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeAlias

from deploy.broker.definitions import OUTLETS
from deploy.local.bench.shop import PRICE, PRODUCTS, SKUS
from deploy.local.system import Endpoints
from shared.contracts.outlets import SaleReported
from shared.runtime.edge import Reports
from shared.runtime.envelope import new_id, now

TILLS = 20
"""Of each outlet."""

PLACES = tuple([(outlet, f"till-{number}") for number in range(1, TILLS + 1) for outlet in OUTLETS])
GAP, PAUSE = timedelta(milliseconds=20), timedelta(minutes=1)
"""Between two sales handed in late, and between two times of selling. No till sells the like again within ten seconds:
that would be a finding.
"""

AT_ONCE = 200
_messages = count()
_receipts = count(time.time_ns() // 1000)
"""Of this process. No process counts as quickly as microseconds pass, so no other one gives the same."""


Place: TypeAlias = tuple[str, str]
"""Outlet and till."""


@dataclass
class Past:
    """The time before `free` in which nothing was sold yet: who hands in late in turn must not sell at the same time.

    Two floods that did made a till sell the like twice in ten seconds, thousands of times: half as much work again.
    """

    free: datetime

    def take(self, events: int) -> datetime:
        """When the last of so many sales was made. The next ones are earlier than all of them."""
        last = self.free - PAUSE
        self.free = last - events * GAP
        return last


PAST = Past(now())


@dataclass(frozen=True)
class Tills:
    """A line for each outlet."""

    lines: dict[str, Reports]

    async def send(self, events: int, pack: int) -> None:
        """All of them, `pack` in each message, confirmed by the broker."""
        messages = list(bodies(events, pack, PAST.take(events)))
        for first in range(0, len(messages), AT_ONCE):
            await asyncio.gather(*[self._hand_in(*one) for one in messages[first : first + AT_ONCE]])

    async def feed(self, rate: int, events: int) -> None:
        """So many single reports a second, each of its very moment, whatever becomes of them."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as sending:
            for number in range(events):
                await asyncio.sleep(began + number / rate - loop.time())
                sending.create_task(self._hand_in(*next(bodies(1, 1, now()))))

    async def _hand_in(self, place: Place, body: bytes) -> None:
        await self.lines[place[0]].hand_in(".".join(place), body)


@asynccontextmanager
async def open_tills(urls: dict[str, str]) -> AsyncIterator[Tills]:
    """`urls`: the broker's, by outlet."""
    lines = {outlet: Reports(url, f"bench-{outlet}") for outlet, url in urls.items()}
    try:
        yield Tills(lines)
    finally:
        for line in lines.values():
            await line.close()


def urls_of(endpoints: Endpoints) -> dict[str, str]:
    return {outlet: endpoints.amqp_url(f"outlet-{outlet}") for outlet in OUTLETS}


def bodies(events: int, pack: int, at: datetime) -> Iterator[tuple[Place, bytes]]:
    """Place and body of each message; the last sale is of that moment."""
    for first in range(0, events, pack):
        message = next(_messages)
        place = PLACES[(message + message // PRODUCTS) % len(PLACES)]
        lines = range(first, min(first + pack, events))
        yield place, json.dumps([a_report(place, at - (events - 1 - line) * GAP) for line in lines]).encode()


def a_report(place: Place, sold_at: datetime) -> dict[str, Any]:
    """The CloudEvent of one piece sold, on a receipt of its own; of each product in turn."""
    outlet, till = place
    number = next(_receipts)
    return {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/outlets/{outlet}/{till}",
        "type": SaleReported.wire,
        "subject": f"{outlet}/{till}/{number}/1",
        "time": sold_at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "outlet": outlet,
            "till": till,
            "receipt": str(number),
            "line": 1,
            "sku": SKUS[number % PRODUCTS],
            "quantity": 1,
            "unit_price": PRICE,
            "sold_at": sold_at.isoformat(),
        },
    }
