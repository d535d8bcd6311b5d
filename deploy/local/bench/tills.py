"""The outlets' tills: reports of sales, one in a message or a hundred, each outlet as its own broker user."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from deploy.broker.definitions import OUTLETS
from deploy.local.bench.shop import PRICE, SKUS
from deploy.local.system import Endpoints
from shared.contracts.outlets import SaleReported
from shared.runtime.edge import Reports
from shared.runtime.envelope import new_id, now

TILLS = 20
"""Of each outlet."""

GAP = timedelta(seconds=1)
"""Between two sales of an outlet: sales that are alike in all but the receipt would be findings for a person."""

AT_ONCE = 200
_receipts = count(1)


@dataclass(frozen=True)
class Tills:
    """A line for each outlet."""

    lines: dict[str, Reports]

    async def send(self, events: int, pack: int) -> None:
        """All of them, `pack` in each message, confirmed by the broker."""
        messages = list(bodies(events, pack, now()))
        for first in range(0, len(messages), AT_ONCE):
            await asyncio.gather(*[self._hand_in(*one) for one in messages[first : first + AT_ONCE]])

    async def send_one(self, random: Random) -> None:
        """A sale of this very moment."""
        outlet = random.choice(OUTLETS)
        await self._hand_in(outlet, json.dumps([a_report(outlet, random.choice(SKUS), now())]).encode())

    async def _hand_in(self, outlet: str, body: bytes) -> None:
        await self.lines[outlet].hand_in(f"{outlet}.till-1", body)


@asynccontextmanager
async def open_tills(endpoints: Endpoints) -> AsyncIterator[Tills]:
    lines = {outlet: Reports(endpoints.amqp_url(f"outlet-{outlet}"), f"bench-{outlet}") for outlet in OUTLETS}
    try:
        yield Tills(lines)
    finally:
        for line in lines.values():
            await line.close()


def bodies(events: int, pack: int, at: datetime) -> Iterator[tuple[str, bytes]]:
    """Outlet and body of each message: any outlet, any product, the same choice in every run; sold until `at`."""
    random = Random(7)  # noqa: S311 - repeatable on purpose
    for first in range(0, events, pack):
        outlet = random.choice(OUTLETS)
        numbers = range(first, min(first + pack, events))
        reports = [a_report(outlet, random.choice(SKUS), at - GAP * (events - number)) for number in numbers]
        yield outlet, json.dumps(reports).encode()


def a_report(outlet: str, sku: str, sold_at: datetime) -> dict[str, Any]:
    """The CloudEvent of one piece sold, on a receipt of its own."""
    number = next(_receipts)
    receipt, till = str(number), f"till-{number % TILLS + 1}"
    return {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/outlets/{outlet}/{till}",
        "type": SaleReported.wire,
        "subject": f"{outlet}/{till}/{receipt}/1",
        "time": sold_at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "outlet": outlet,
            "till": till,
            "receipt": receipt,
            "line": 1,
            "sku": sku,
            "quantity": 1,
            "unit_price": PRICE,
            "sold_at": sold_at.isoformat(),
        },
    }
