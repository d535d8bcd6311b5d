"""What a finished run has left behind, for the invariants to look at."""

import math
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from deploy.local.chaos.feed.plan import Batch, Feed
from deploy.local.chaos.feed.telling import Json, Key, key_of
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.tills.record import Record
from services.sales.views.books import Books
from shared import db
from shared.contracts.subscriptions import PUBLISHED
from shared.db import Row

Connection = Any
Parked = Mapping[str, tuple[str, str]]
"""Event id, as its till wrote it, of what is open: code and state."""


@dataclass
class Evidence:
    """`opening`: what was recorded before. `parked`: what was open when nothing was under way any more.

    `desk`: what coordinators were answered meanwhile. `excused`: batches that lay in the tills' queue, or
    may have, when somebody deleted it. No till misses its poison. `sent_again_at`: when tills began to send their
    days again (seconds of the clock); what is booked from then on was lost before, and says nothing about lag.
    """

    house: Installation
    feed: Feed
    opening: tuple[Json, ...]
    record: Record
    databases: Mapping[str, Connection]
    drained_in: float | None = None
    busy: str = ""
    excused: frozenset[int] = frozenset()
    sent_again_at: float = math.inf
    parked: list[tuple[str, str]] = field(default_factory=list)
    undisturbed: Books | None = None
    desk: Mapping[str, int] = field(default_factory=dict)

    async def rows(self, service: str, sql: str, *args: Any) -> list[Row]:
        found: list[Row] = await self.databases[service].fetch(sql, *args)
        return found

    async def value(self, service: str, sql: str, *args: Any) -> Any:
        return await self.databases[service].fetchval(sql, *args)

    def confirmed(self) -> set[Key]:
        """Every fact that a till was told to be taken."""
        told = {event["id"]: event for event in self.feed.told}
        taken = [batch for batch in self.feed.batches if batch.number in self.record.confirmed]
        return {key_of(told[item["id"]]) for batch in taken for item in batch.items or () if item["id"] in told}

    def poison(self) -> dict[str, str]:
        """Id and code of what must be parked."""
        gone = {item["id"] for batch in self._excused() for item in batch.items or ()}
        return {one: code for one, code in self.feed.parked.items() if one not in gone or one in dict(self.parked)}

    def unreadable(self) -> set[bytes]:
        """Bodies that must lie among the dead."""
        return set(self.feed.dead) - {batch.body for batch in self._excused()}

    def _excused(self) -> list[Batch]:
        return [batch for batch in self.feed.batches if batch.number in self.excused]

    def sent(self) -> set[Key]:
        """Every fact that a till has ever told."""
        return self.feed.keys() | {key_of(event) for event in self.opening}


@asynccontextmanager
async def looking(house: Installation) -> AsyncIterator[Mapping[str, Connection]]:
    """A session in each service's database, past the proxy."""
    async with AsyncExitStack() as stack:
        sessions = {}
        for service in PUBLISHED:
            sessions[service] = await db.connect(house.database_url(service, service), "chaos")
            stack.push_async_callback(sessions[service].close)
        yield sessions


def some(wrong: Iterable[Any], what: str, most: int = 5) -> list[str]:
    """What is wrong, in words: nothing when nothing is."""
    found = sorted([str(one) for one in wrong])
    if not found:
        return []
    more = f", ... ({len(found)} of them)" if len(found) > most else ""
    return [f"{what}: {', '.join(found[:most])}{more}"]
