"""Feeds entries of the logs, in their order, to who projects them; what comes before its cause waits for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from services.sales.replay.families import FAMILIES, HEARD, LINKS
from services.sales.replay.links import Message, Thing
from services.sales.storage import replay as storage
from shared.contracts.message import Event
from shared.db import Tx
from shared.errors import Bug, Invalid, NotYet
from shared.runtime.decode import MOST_EVENTS, Decoder
from shared.runtime.envelope import Clock, join, now
from shared.runtime.handler import apply

CHUNK = MOST_EVENTS
"""Entries that share a transaction."""

PATIENCE = 10 * CHUNK
"""So many may wait behind what has to be alone for what should come before it; then that is given up."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Replayer:
    """`target`: a connection to a migrated database in which nothing is recorded."""

    target: Tx
    clock: Clock = now
    count: int = 0
    waiting: list[Message] = field(default_factory=list)
    """What has come before its cause."""
    _decoder: Decoder = field(default_factory=lambda: Decoder((*HEARD, *LINKS)))

    async def feed(self, texts: Sequence[str]) -> None:
        """The next CHUNK of envelopes at most. Raises Invalid when one cannot be read."""
        batch = self._decoder.decode(join(list(texts)), self.clock())
        if batch.unreadable:
            first = batch.unreadable[0]
            raise Invalid("log_unreadable", f"{first.item.get('type')} {first.item.get('id')}: {first.error}")
        self.count += len(batch.readable)
        await self._project([*self.waiting, *batch.readable])

    async def finish(self) -> list[Message]:
        """What still waits for a cause that never came; nothing when the logs are whole."""
        for patience in (PATIENCE, 0):
            before = -1
            while self.waiting and len(self.waiting) != before:
                before = len(self.waiting)
                await self._project(self.waiting, patience)
        return self.waiting

    async def _project(self, messages: Sequence[Message], patience: int = PATIENCE) -> None:
        async with self.target.transaction():
            early = await self._hear([message for message in messages if type(message.data) in HEARD])
            own = [message for message in messages if type(message.data) in LINKS]
            ready = await self._sort_out(own, patience > len(self.waiting))
            for segment in segments([message for message in own if message.id in ready]):
                await self._project_segment(segment)
        self.waiting = early + [message for message in own if message.id not in ready]

    async def _hear(self, messages: Sequence[Message]) -> list[Message]:
        """By type, as in a service's feed. What has no effect now (a second word on the same) had none then."""
        early: list[Message] = []
        for kind, handler in HEARD.items():
            same = [message for message in messages if type(message.data) is kind]
            for refused in (await apply(handler, same, self.target)).refused:
                if isinstance(refused.error, Bug):
                    raise refused.error
                if isinstance(refused.error, NotYet):
                    early.append(refused.message)
        return early

    async def _sort_out(self, messages: Sequence[Message], patient: bool) -> set[UUID]:
        """The ids of those that rest on nothing that is missing, and move no piece that another has to move first.

        `patient`: what has to be alone waits for what waits before it, and what comes after it waits as well.
        """
        needs = {message.id: set(LINKS[type(message.data)].needs(message.data)) for message in messages}
        there = await self._list_there({thing for things in needs.values() for thing in things})
        ready: set[UUID] = set()
        held: set[str] = set()
        for place, message in enumerate(messages):
            links = LINKS[type(message.data)]
            if patient and links.alone and len(ready) < place:
                break
            pieces = set(links.pieces(message.data))
            if needs[message.id] <= there and not pieces & held:
                ready.add(message.id)
                there.update(links.gives(message.data))
            else:
                held |= pieces
        return ready

    async def _list_there(self, things: set[Thing]) -> set[Thing]:
        names: dict[str, list[str]] = {}
        for kind, name in things:
            names.setdefault(kind, []).append(name)
        found = [(kind, await storage.list_known(self.target, kind, of)) for kind, of in names.items()]
        return {(kind, name) for kind, of in found for name in of}

    async def _project_segment(self, segment: Sequence[Message]) -> None:
        for family in FAMILIES:
            of_family = [message for message in segment if type(message.data) in family.links]
            if of_family:
                await family.project(self.target, of_family)


def segments(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Within a segment no piece is moved twice, so that it does not matter which family comes first.

    What has to be alone is a segment of its own.
    """
    segment: list[Message] = []
    moved: set[str] = set()
    for message in messages:
        links = LINKS[type(message.data)]
        pieces = set(links.pieces(message.data))
        if segment and (links.alone or pieces & moved):
            yield segment
            segment, moved = [], set()
        if links.alone:
            yield [message]
            continue
        segment.append(message)
        moved |= pieces
    if segment:
        yield segment


def wires() -> Mapping[str, list[str]]:
    """By service the events of its log that are replayed."""
    found: dict[str, list[str]] = {}
    kinds: list[type[Event]] = [*HEARD, *LINKS]
    for kind in kinds:
        found.setdefault(kind.owner(), []).append(kind.wire)
    return found


def describe(message: Message) -> str:
    return f"{message.data.wire} {message.data.subject}"
