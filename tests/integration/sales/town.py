"""Three services' databases with their real logs: what is told, reported and asked goes the way it goes in service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from services.sales.app import service
from services.sales.replay.verify import Databases, Verdict, verify
from services.sales.watch.tills import look_once
from shared import db
from shared.contracts.message import Command, Event, Part
from shared.db import Pool
from shared.runtime import outbox
from shared.runtime.decode import Batch, Decoder
from shared.runtime.envelope import Envelope, Received, join, receive
from shared.runtime.handler import Caused
from shared.runtime.store import Store
from tests.conftest import MakeDatabase, Urls
from tests.integration.sales.builders import NOON

R = TypeVar("R", bound=Part)
COORDINATOR, FINANCE = "coordinator:rina", "finance:budi"


@dataclass
class Town:
    """`at`: the time that every clock shows."""

    servers: Urls
    urls: dict[str, str]
    pools: dict[str, Pool]
    at: datetime = NOON

    @property
    def sales(self) -> Pool:
        return self.pools["sales"]

    @property
    def store(self) -> Store:
        return Store("sales", service.events, service.announce, lambda: self.at, service.prepare)

    async def tell(self, *events: Event, heard: bool = True) -> None:
        """Other services tell something. `heard`: it has reached sales."""
        for event in events:
            pool = self.pools[event.owner()]
            async with pool.acquire() as tx, tx.transaction():
                await outbox.put_own(tx, event.owner(), [event], self.at)
            text = await pool.fetchval("SELECT envelope FROM event_log ORDER BY recorded_at DESC, id DESC LIMIT 1")
            if heard:
                await self.store.store(self.sales, Decoder(tuple(service.events)).decode(join([text]), self.at))

    async def report(self, *reports: Any) -> None:
        """Tills report, in one delivery."""
        await self.store.store(self.sales, Batch([self._report(one) for one in reports], []))

    async def insist(self, report: Any) -> None:
        """A till's report that a person says is right."""
        message = self._report(report)
        insisted = Received(message.id, message.data, self.at, message.envelope, overrules=True)
        await self.store.store(self.sales, Batch([insisted], []))

    async def ask(self, command: Command[R], actor: str = COORDINATOR) -> R:
        key, handler = uuid4(), service.commands[type(command)]
        envelope: Envelope[Any] = Envelope(
            specversion="1.0", id=str(key), source="/tests", type=command.wire, time=self.at, actor=actor, data=command
        )
        message: Received[Any] = Received(key, command, self.at, envelope)
        async with self.sales.acquire() as tx, tx.transaction():
            reply: Any
            reply, events = await handler(message, tx)
            await outbox.put(tx, "sales", [Caused(message, event) for event in events], self.at)
        return reply  # type: ignore[no-any-return]

    async def look(self) -> None:
        """The watch has a look at the tills."""
        more = True
        while more:
            async with self.sales.acquire() as tx, tx.transaction():
                more, events = await look_once(tx, self.at, timedelta(0))
                await outbox.put_own(tx, "sales", events, self.at)

    async def verify(self) -> Verdict:
        async with self.empty_database() as target:
            return await verify(self.databases(target), lambda _: None)

    def databases(self, target: str) -> Databases:
        return Databases(self.urls["training"], self.urls["catalog"], self.urls["sales"], target)

    @asynccontextmanager
    async def empty_database(self) -> AsyncIterator[str]:
        name, admin = f"t_{uuid4().hex[:12]}", await db.connect(self.servers.database, "tests")
        await admin.execute(f"CREATE DATABASE {name}")
        try:
            yield self.servers.database_of(name)
        finally:
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await admin.close()

    def _report(self, report: Event) -> Received[Any]:
        envelope: Envelope[Any] = Envelope(
            specversion="1.0", id=uuid4().hex, source="/tests", type=report.wire, time=self.at, data=report
        )
        return receive(envelope, self.at)


async def found_town(servers: Urls, make_database: MakeDatabase) -> Town:
    urls = {name: await make_database(name) for name in ("training", "catalog", "sales")}
    return Town(servers, urls, {name: await db.open_pool(url, "tests", size=2) for name, url in urls.items()})
