"""The coordinators' work in the midst of it all: makers are registered and prices set, each once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count

from deploy.local.chaos.feed.goods import LABELLED
from deploy.local.chaos.people import Person
from deploy.local.chaos.shop import maker

EVERY = 1.0
SINCE = datetime(2090, 1, 1, tzinfo=UTC)
"""Prices that are set here hold from then on."""

FIRST = 1000
"""Numbers of the makers that are registered here begin with this one."""


class Desk:
    """`done` counts what was answered with success."""

    def __init__(self, coordinator: Person) -> None:
        self._coordinator, self.done = coordinator, Counter[str]()

    async def work(self, seconds: float) -> None:
        """For so long, a little at a time."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        for number in count():
            if clock() > until:
                return
            await asyncio.gather(self._register(number), self._set_price(number), asyncio.sleep(EVERY))

    async def _register(self, number: int) -> None:
        await self._coordinator.post("/v1/makers", maker(FIRST + number))
        self.done["makers"] += 1

    async def _set_price(self, number: int) -> None:
        """No sale of the feed is touched by it."""
        since = SINCE + timedelta(days=number)
        body = {"price": 600_000 + number, "valid_from": since.isoformat()}
        await self._coordinator.post(f"/v1/products/{LABELLED}/prices", body)
        self.done["prices"] += 1
