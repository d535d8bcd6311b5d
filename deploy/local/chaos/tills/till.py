"""A till: hands in its batches when they are due, and what is not certain again, unchanged, until it is confirmed."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local.chaos.feed.plan import Batch, Feed
from deploy.local.chaos.feed.telling import Where
from deploy.local.chaos.tills.record import Record
from deploy.local.chaos.tills.ways import Way

LINES = 2
"""Batches of a till that may be on their way at the same time: one that is stuck does not hold up the next."""

PAUSES = (0.1, 0.2, 0.5, 1.0)
"""Seconds before the second try, the third, ... ; the last one goes on."""


@dataclass(frozen=True)
class Tills:
    """All of them, each with its way."""

    ways: Mapping[Where, Way]
    record: Record

    async def report(self, feed: Feed) -> None:
        """Everything, as it is due from now on. Returns when all of it is confirmed."""
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for where, way in self.ways.items():
                waiting = deque(feed.of(where))
                for _ in range(LINES):
                    group.create_task(self._line(way, waiting, began))

    async def insist(self, batches: Sequence[Batch]) -> None:
        """Hands these in now, one after another."""
        for batch in batches:
            await self._insist(self.ways[batch.where], batch)

    async def close(self) -> None:
        for way in self.ways.values():
            await way.close()

    async def _line(self, way: Way, waiting: deque[Batch], began: float) -> None:
        while waiting:
            batch = waiting.popleft()
            await asyncio.sleep(began + batch.due - asyncio.get_running_loop().time())
            await self._insist(way, batch)

    async def _insist(self, way: Way, batch: Batch) -> None:
        attempt = 0
        while True:
            attempt += 1
            self.record.invoke(batch, attempt)
            outcome, told = await way.hand_in(batch)
            self.record.answer(batch, outcome, told)
            if outcome == "ok":
                return
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES)) - 1])
