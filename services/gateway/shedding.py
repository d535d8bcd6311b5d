"""How much the gateway takes on: what is more is refused at once, and piles up nowhere."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import Counter as Counted
from prometheus_client import Gauge

from shared.contracts.message import Request
from shared.contracts.subscriptions import PUBLISHED
from shared.errors import Unavailable
from shared.runtime.pulse import Pulse
from shared.runtime.requests import Requests

MOST_REQUESTS = 256
MOST_BYTES = 64 * 1024 * 1024
"""Of bodies that are being read or dealt with."""

USUAL_BYTES = 1024 * 1024
"""Of one body that is no file."""

Largest = Callable[[str], int]
"""How many bytes the body of a request to this path may have."""

MOST_TO_A_SERVICE = 128
"""So that one slow service does not take the places of all the others."""

IN_HAND = Gauge("karya_http_in_hand", "Requests that are being answered")
SHED = Counted("karya_http_shed_total", "Requests refused because too much was in hand", ["of"])
for whose in ("gateway", "bodies", *PUBLISHED):
    SHED.labels(whose)  # from zero on, or the first increase would be seen by no alert


class Room:
    """Places for requests, and for the bytes of their bodies."""

    def __init__(
        self, requests: int = MOST_REQUESTS, size: int = MOST_BYTES, largest: Largest = lambda _: USUAL_BYTES
    ) -> None:
        self.most_requests, self.most_bytes, self.largest = requests, size, largest
        self._requests = self.bytes = 0

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """For one request, from its head to the end of its answer. Raises Unavailable."""
        if self._requests >= self.most_requests:
            raise _full("gateway")
        self._requests += 1
        IN_HAND.set(self._requests)
        place = Place(self)
        try:
            yield place
        finally:
            self._requests -= 1
            self.bytes -= place.size
            IN_HAND.set(self._requests)


class Place:
    """What one request takes up."""

    def __init__(self, room: Room) -> None:
        self._room, self.size = room, 0

    def add(self, more: int) -> None:
        """More of its body has come. Raises Unavailable."""
        if self._room.bytes + more > self._room.most_bytes:
            raise _full("bodies")
        self._room.bytes += more
        self.size += more


class Asks:
    """The requests client, as long as the broker is there and the service that is asked keeps up."""

    def __init__(self, requests: Requests, broker: Pulse, most: int = MOST_TO_A_SERVICE) -> None:
        self._requests, self._broker, self.most = requests, broker, most
        self._open: Counter[str] = Counter()

    async def ask_raw(self, request: Request[Any], *, to: str, **options: Any) -> bytes:
        """Raises Unavailable, and what the service answers."""
        if self._open[to] >= self.most:
            raise _full(to)
        self._open[to] += 1
        try:
            return await self._broker.guard(self._requests.ask_raw(request, to=to, **options))
        finally:
            self._open[to] -= 1


def _full(of: str) -> Unavailable:
    SHED.labels(of).inc()
    return Unavailable("busy", "too much is in hand now; try again")
