"""Sales as it runs, without a broker: real stores and coalescers, a clock that tests set, a new database each time."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, TypeVar, cast

from services.sales.app import service
from services.sales.replay.verify import Databases, Verdict, verify
from services.sales.views.books import Books, get_books
from services.sales.watch.tills import look_once
from shared import db
from shared.contracts.message import Part, Request
from shared.db import Pool, Row
from shared.errors import KINDS
from shared.runtime import operations, outbox, topology
from shared.runtime.coalescer import Coalescer, persistently
from shared.runtime.delivery import Delivery
from shared.runtime.envelope import new_id
from shared.runtime.guard import own_outlet_only
from shared.runtime.migrate import migrate
from shared.runtime.redrive import Redriver
from shared.runtime.requests import PROBLEM
from shared.runtime.responder import Responder
from shared.runtime.store import Store
from tests.conftest import Urls

R = TypeVar("R", bound=Part)
T = TypeVar("T")
START = datetime.fromisoformat("2025-11-22T08:00:00+07:00")
"""When everything that a feed tells of has happened."""

GRACE = timedelta(minutes=1)
WHILE = timedelta(hours=6)
"""Long enough for whatever helps itself, shorter than any patience."""

COORDINATOR = "coordinator:ani"


class Sent(NamedTuple):
    """A CloudEvent, or what somebody takes for one: `sender` is the outlet that brings it; None: a service of ours."""

    sender: str | None
    event: Any


class Lab:
    """Everything that houses have in common. Hypothesis is synchronous, so the lab has a loop of its own."""

    def __init__(self, servers: Urls, furnish: Callable[["House"], Awaitable[None]]) -> None:
        self._servers, self._names = servers, count(1)
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.at = START
        self.feeds = topology.feeds(service.name, tuple(service.events))
        self.stores = [
            Store(
                service.name,
                {kind: service.events[kind] for kind in feed.types},
                service.announce,
                self.now,
                service.prepare,
            )
            for feed in self.feeds
        ]
        self.redriver = Redriver(service.name, self.stores)
        commands = {**service.commands, **operations.commands(service.name, service.reasons, self.redriver)}
        queries = {**service.queries, **operations.queries(service.reasons)}
        self.responder = Responder(service.name, cast(Any, commands), cast(Any, queries), self.now)
        self.template = self.run(self._make_template(furnish))

    def now(self) -> datetime:
        return self.at

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self._drop(self.template))
        self._runner.close()

    async def _make_template(self, furnish: Callable[["House"], Awaitable[None]]) -> str:
        """What every house begins with is done once."""
        name = f"properties_{new_id().hex}"
        await self._admin(f"CREATE DATABASE {name}")
        await migrate(self.url_of(name), service.name, service.migrations)
        house = await self._enter(name)
        await furnish(house)
        await house.pool.close()
        return name

    async def _enter(self, name: str) -> "House":
        return House(self, name, await db.open_pool(self.url_of(name), "tests", size=8))

    async def _drop(self, name: str) -> None:
        await self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _admin(self, statement: str) -> None:
        admin = await db.connect(self._servers.database, "tests")
        await admin.execute(statement)
        await admin.close()

    async def open_house(self) -> "House":
        """With a database of its own, as it was furnished; the clock is set back."""
        self.at = START
        name = f"{self.template}_{next(self._names)}"
        await self._admin(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY FILE_COPY")
        # A second, as usual, would be most of what a test takes.
        await self._admin(f"ALTER DATABASE {name} SET deadlock_timeout = '50ms'")
        return await self._enter(name)

    @asynccontextmanager
    async def empty_database(self) -> AsyncIterator[str]:
        name = f"{self.template}_{next(self._names)}"
        await self._admin(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        try:
            yield self.url_of(name)
        finally:
            await self._drop(name)

    def url_of(self, name: str) -> str:
        return self._servers.database_of(name)

    async def close_house(self, house: "House") -> None:
        house.pool.terminate()
        await self._drop(house.name)

    @asynccontextmanager
    async def house(self) -> "AsyncIterator[House]":
        house = await self.open_house()
        try:
            yield house
        finally:
            await self.close_house(house)


class House:
    """One installation: its database, and what comes to its doors."""

    def __init__(self, lab: Lab, name: str, pool: Pool) -> None:
        self.lab, self.name, self.pool = lab, name, pool
        self.counter = Replica(self)

    async def ask(self, request: Request[R], actor: str = COORDINATOR) -> R:
        """As the broker would bring it. Raises the KaryaError that was answered."""
        envelope = {
            "specversion": "1.0",
            "id": str(new_id()),
            "source": "/tests",
            "type": request.wire,
            "time": self.lab.at.isoformat(),
            "actor": actor,
            "data": request.model_dump(mode="json"),
        }
        answer, content_type, _ = await self.lab.responder.respond(self.pool, json.dumps(envelope).encode())
        if content_type == PROBLEM:
            problem = json.loads(answer)
            raise KINDS[problem["kind"]](problem["code"], problem["detail"])
        return cast(R, request.reply().model_validate_json(answer))

    async def hear(self, *sent: Sent) -> None:
        """One after the other."""
        for one in sent:
            await self.log([one])
            await self.counter.take([one])

    async def log(self, told: Iterable[Sent]) -> None:
        """What services of ours tell is in a log; here it is the same as that of sales."""
        for event in [one.event for one in told if one.sender is None]:
            await self._log(event)

    async def _log(self, event: dict[str, Any]) -> None:
        at = datetime.fromisoformat(event["time"]).astimezone(UTC)
        await self.pool.execute(
            """
            INSERT INTO event_log (day, id, type, subject, envelope) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            """,
            at.date(),
            event["id"],
            event["type"],
            event["subject"],
            json.dumps(event),
        )

    async def replay(self) -> Verdict:
        """Out of its log, into an empty database."""
        ours = self.lab.url_of(self.name)
        async with self.lab.empty_database() as url:
            return await verify(Databases(ours, ours, ours, url), lambda _: None)

    async def wait(self, time: timedelta) -> None:
        """The clock goes on; what is due by then is done, at its own time and again until there is nothing to do."""
        until = self.lab.at + time
        await self._work()
        while (due := await self._next_try()) and due <= until:
            self.lab.at = max(due, self.lab.at + timedelta(seconds=1))
            await self._work()
        self.lab.at = until
        await self._work()

    async def _work(self) -> None:
        while await self.try_parked():
            if (due := await self._next_try()) is None or due > self.lab.at:
                break
            self.lab.at += timedelta(milliseconds=1)
        while await self._watch():
            pass

    async def try_parked(self) -> bool:
        """Whether any were due. Two replicas that wait for each other in a circle try again."""
        tried: list[int] = []

        async def work() -> None:
            tried.append(await self.lab.redriver.round(self.pool, self.lab.at))

        await persistently(work, service.name, "parked")
        return tried[-1] > 0

    async def _watch(self) -> bool:
        async with self.pool.acquire() as tx, tx.transaction():
            more, events = await look_once(tx, self.lab.at, GRACE)
            await outbox.put_own(tx, service.name, events, self.lab.at)
        return more

    async def _next_try(self) -> datetime | None:
        due: datetime | None = await self.pool.fetchval("SELECT min(next_try_at) FROM parked WHERE state = 'waiting'")
        return due

    async def books(self) -> Books:
        async with self.pool.acquire() as tx, tx.transaction(isolation="repeatable_read"):
            return await get_books(tx)

    async def waits(self) -> set[tuple[str, str, str]]:
        """(type, subject, code) of what waits, for whatever."""
        rows = await self.pool.fetch("SELECT type, subject, code FROM parked WHERE state IN ('waiting', 'person')")
        return {(row["type"], row["subject"], row["code"]) for row in rows}

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self.pool.fetch(sql, *args)


class Replica:
    """One process of the service: for each queue a coalescer, which tries again when another replica was quicker."""

    def __init__(self, house: House) -> None:
        self._coalescers: dict[str, Coalescer] = {}
        for feed, store in zip(house.lab.feeds, house.lab.stores, strict=True):
            coalescer = Coalescer(feed.queue.name, store, house.pool, lambda: None, 500)
            coalescer.unordered = service.unordered
            if feed.exchange is topology.OUTLETS:
                coalescer.guard = own_outlet_only
            self._coalescers |= dict.fromkeys([kind.wire for kind in feed.types], coalescer)
        self._reports = coalescer_of_tills(self._coalescers)

    async def take(self, batch: Sequence[Sent], again: bool = False) -> None:
        """One transaction for what tills report, one for each type of ours. `again`: the broker brought it before."""
        bodies: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for sender, event in batch:
            bodies.setdefault((sender or "", "" if sender else event["type"]), []).append(event)
        await asyncio.gather(
            *[
                (self._reports if sender else self._coalescers[kind]).add(
                    Delivery(json.dumps(events).encode(), again, sender)
                )
                for (sender, kind), events in bodies.items()
            ]
        )


def coalescer_of_tills(coalescers: dict[str, Coalescer]) -> Coalescer:
    return next(coalescer for kind, coalescer in coalescers.items() if kind.startswith("outlet."))
