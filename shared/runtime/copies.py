"""The second copy of what leaves a service, for those who only watch: made while somebody does."""

import time
from collections.abc import Awaitable, Callable

from aiormq.exceptions import DeliveryError

LOOK_SECONDS = 0.2
"""So long after a copy that nobody took none is made. Who begins to watch sees everything from then on."""

Publish = Callable[[], Awaitable[None]]
"""Raises DeliveryError when no queue took it."""


class Copies:
    """Of one publisher. The broker tells whether anybody watches: a copy that no queue takes comes back."""

    def __init__(self) -> None:
        self._watched = False
        self._next_look = 0.0

    async def send(self, publish: Publish) -> None:
        """Sends it if somebody watches, or if nobody has looked for a while. Raises what else `publish` raises."""
        now = time.monotonic()
        if not self._watched and now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS  # before the answer: of those that leave together only one is a look
        try:
            await publish()
            self._watched = True
        except DeliveryError:
            self._watched = False
