"""Whether anybody listens to the live feed: services make copies of what happens only while somebody does (ADR 34)."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from shared.runtime.copies import LOOK_SECONDS

NOTICED_SECONDS = LOOK_SECONDS + 0.1
LINGER_SECONDS, LOOK_AGAIN_SECONDS = 600.0, 5.0
"""So long after the last listener has gone everything is still kept, for one who comes back."""

Want = Callable[[bool], Awaitable[None]]


class Attention:
    """Of one gateway. `want` says whether it is to see what passes."""

    def __init__(self, want: Want) -> None:
        self._want = want
        self._turn = asyncio.Lock()
        self._paid = False
        self._since = 0.0

    async def pay(self) -> None:
        """Returns when all that happens from now on is seen: at once, but for the first listener after a long time."""
        async with self._turn:
            self._since = time.monotonic()
            if not self._paid:
                await self._want(True)
                self._paid = True
                await asyncio.sleep(NOTICED_SECONDS)

    async def run(self, listened: Callable[[], bool]) -> None:
        """Until cancelled: ends it when nobody has listened for long enough."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            await self._ease(listened())

    async def _ease(self, listened: bool) -> None:
        async with self._turn:
            now = time.monotonic()
            if listened:
                self._since = now
            elif self._paid and now - self._since > LINGER_SECONDS:
                await self._want(False)
                self._paid = False
