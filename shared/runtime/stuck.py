"""Queues that are there and cannot be read any more: the broker has their name, and nothing behind it.

Seen on RabbitMQ 3.10: a broker that is killed soon after it has made a quorum queue may come back without what the
queue keeps on disk, and then nobody can publish to it or consume it, for ever. It can be deleted, and made anew.
"""

import time
from collections.abc import Collection
from contextlib import suppress

from aiormq.exceptions import AMQPError

from shared.runtime.connecting import plainly
from shared.runtime.edge import Line
from shared.runtime.patience import at_most

STUCK_SECONDS = 60.0
"""So long nobody consumes a queue, in spite of all tries, before it is looked into."""

REST_SECONDS = 600.0
"""So long it is left alone afterwards, whatever was found."""

PROBE_SECONDS = 5.0
NOTHING_THERE = "noproc"
"""In the broker's answer: no process keeps the queue, on no node."""


class Stuck:
    """Of one service. `find` is asked again and again with the queues that nobody consumes at that moment."""

    def __init__(self, url: str, name: str) -> None:
        self._line = Line(
            url, f"{name}-probe"
        )  # of its own: the broker closes the connection that touches such a queue
        self._since: dict[str, float] = {}
        self._resting: dict[str, float] = {}

    async def find(self, unconsumed: Collection[str]) -> list[str]:
        """Those that nobody consumes for STUCK_SECONDS now, and behind which there is nothing."""
        at = time.monotonic()
        self._since = {name: self._since.get(name, at) for name in unconsumed}
        late = [name for name, since in self._since.items() if at - since >= STUCK_SECONDS]
        asked = [name for name in late if self._resting.get(name, at) <= at]
        self._resting |= dict.fromkeys(asked, at + REST_SECONDS)
        return [name for name in asked if await self._is_lost(name)]

    async def _is_lost(self, name: str) -> bool:
        """Whether the broker says so. A queue that waits for its leader does not answer, and may come back.

        A message that is read goes back when the connection is closed.
        """
        try:
            await at_most(PROBE_SECONDS, plainly(self._read_one(name)))
        except AMQPError as error:
            return NOTHING_THERE in str(error)
        except (OSError, TimeoutError):
            return False
        finally:
            await self._hang_up()
        return False

    async def _read_one(self, name: str) -> None:
        channel = await self._line.channel()
        await (await channel.get_queue(name, ensure=False)).get(fail=False, timeout=PROBE_SECONDS)

    async def _hang_up(self) -> None:
        with suppress(AMQPError, OSError, TimeoutError):
            await self._line.close()
