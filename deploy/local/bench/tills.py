"""The outlets' tills: reports of sales, one in a message or many, each outlet as its own broker user."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

from deploy.broker.definitions import OUTLETS
from deploy.local.bench.shop import PRICE, SKUS
from deploy.local.system import Endpoints
from shared.contracts.outlets import SaleReported
from shared.runtime.edge import Reports
from shared.runtime.envelope import new_id, now

TILL = "till-1"
AT_ONCE = 200
_receipts = count(time.time_ns() // 1000)
"""Of this process. No process counts as quickly as microseconds pass, so no other one gives the same."""


@dataclass(frozen=True)
class Tills:
    """A line for each outlet."""

    lines: dict[str, Reports]

    async def send(self, events: int, pack: int) -> None:
        """All of them, `pack` in each message, confirmed by the broker."""
        messages = list(bodies(events, pack, now()))
        for first in range(0, len(messages), AT_ONCE):
            await asyncio.gather(*[self._hand_in(*one) for one in messages[first : first + AT_ONCE]])

    async def feed(self, rate: int, events: int) -> None:
        """So many single reports a second, whatever becomes of them."""
        random, loop = Random(7), asyncio.get_running_loop()  # noqa: S311 - repeatable on purpose
        began = loop.time()
        async with asyncio.TaskGroup() as sending:
            for number in range(events):
                await asyncio.sleep(began + number / rate - loop.time())
                sending.create_task(self._send_one(random))

    async def _send_one(self, random: Random) -> None:
        """A sale of this very moment."""
        outlet = random.choice(OUTLETS)
        await self._hand_in(outlet, json.dumps([a_report(outlet, random.choice(SKUS), now())]).encode())

    async def _hand_in(self, outlet: str, body: bytes) -> None:
        await self.lines[outlet].hand_in(f"{outlet}.{TILL}", body)


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


def bodies(events: int, pack: int, at: datetime) -> Iterator[tuple[str, bytes]]:
    """Outlet and body of each message: any outlet, any product, the same choice in every run."""
    random = Random(7)  # noqa: S311 - repeatable on purpose
    for first in range(0, events, pack):
        outlet = random.choice(OUTLETS)
        reports = [a_report(outlet, random.choice(SKUS), at) for _ in range(min(pack, events - first))]
        yield outlet, json.dumps(reports).encode()


def a_report(outlet: str, sku: str, sold_at: datetime) -> dict[str, Any]:
    """The CloudEvent of one piece sold, on a receipt of its own."""
    receipt = str(next(_receipts))
    return {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/outlets/{outlet}/{TILL}",
        "type": SaleReported.wire,
        "subject": f"{outlet}/{TILL}/{receipt}/1",
        "time": sold_at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "outlet": outlet,
            "till": TILL,
            "receipt": receipt,
            "line": 1,
            "sku": sku,
            "quantity": 1,
            "unit_price": PRICE,
            "sold_at": sold_at.isoformat(),
        },
    }
