"""Events that this process has just written down, so that its relay need not read them back."""

from collections.abc import Iterable
from uuid import UUID

from shared.runtime.envelope import Sealed


class Recent:
    """By id, the oldest forgotten first. `most`: characters of all envelopes together.

    It may hold what was rolled back: nobody asks for that, for an id is only asked for when it lies in the outbox.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._events: dict[UUID, Sealed] = {}

    def keep(self, events: Iterable[Sealed]) -> None:
        for event in events:
            self._events[event.id] = event
            self._size += len(event.envelope)
        while self._size > self._most:
            self.take(next(iter(self._events)))

    def take(self, key: UUID) -> Sealed | None:
        """Forgets it; None: it was written by somebody else, or too long ago."""
        event = self._events.pop(key, None)
        if event:
            self._size -= len(event.envelope)
        return event
