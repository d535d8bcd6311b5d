"""How much waits for this service: in its queues, and in this replica's hand."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

import structlog

from shared.runtime import metrics
from shared.runtime.patience import lost_if_dropped

EVERY = 5.0
POLL = 0.5
log = structlog.get_logger(__name__)


class Backlog:
    """`depths` tells how many messages wait in each queue; `feeds` names the queues of events."""

    def __init__(self, service: str, depths: Callable[[], Awaitable[dict[str, int]]], feeds: Sequence[str]) -> None:
        self._service, self._depths, self._feeds = service, depths, feeds
        self._numbers = count()
        self._hand: dict[int, None] = {}
        self._empty_at = dict.fromkeys(feeds, time.monotonic())

    @contextmanager
    def in_hand(self) -> Iterator[None]:
        """A delivery is being dealt with."""
        number = next(self._numbers)
        self._hand[number] = None
        try:
            yield
        finally:
            del self._hand[number]

    async def run(self) -> None:
        """Measures until cancelled."""
        while True:
            try:
                await lost_if_dropped(self.look())
            except Exception as error:
                log.warning("background_work_waits", what="backlog", reason=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def look(self) -> bool:
        """Whether every queue of events is there and empty now. Raises AMQPError, OSError, TimeoutError."""
        depths, at = await self._depths(), time.monotonic()
        for name, waiting in depths.items():
            metrics.QUEUE_DEPTH.labels(self._service, name).set(waiting)
        for name in self._feeds:
            if depths.get(name) == 0:
                self._empty_at[name] = at
            metrics.QUEUE_BEHIND.labels(self._service, name).set(at - self._empty_at[name])
        return all(depths.get(name) == 0 for name in self._feeds)

    async def worked_off(self) -> None:
        """Returns when all that waits at this moment has been dealt with here, or taken by another replica."""
        while not await self.look():  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(POLL)
        await asyncio.sleep(POLL)  # what the broker has just handed out is still on its way
        mark = next(self._numbers)
        while min(self._hand, default=mark) < mark:  # noqa: ASYNC110 - as rare as it is short
            await asyncio.sleep(POLL / 10)
