"""Real servers for the tests: a PostgreSQL and a RabbitMQ of their own, a fresh database for each test that asks."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import aio_pika
import pytest

from deploy.local.servers import test_servers as private_servers
from shared import db
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.db import Pool
from shared.runtime.migrate import migrate

SERVICES = Path(__file__).parent.parent / "services"
PROBE = Path(__file__).parent / "system" / "probe"
OWNERS = ("training", "catalog", "sales", "notify", "gateway", "probe")


@dataclass(frozen=True)
class Urls:
    """Superuser and administrator."""

    database: str
    amqp: str

    def database_of(self, name: str) -> str:
        parts = urlsplit(self.database)
        return urlunsplit(parts._replace(path=f"/{name}"))


MakeDatabase = Callable[[str], Awaitable[str]]
OpenDatabase = Callable[[str], Awaitable[Pool]]


@pytest.fixture(scope="session")
def servers() -> Iterator[Urls]:
    """Those that `./karya test` has started, or else a pair of this run's own."""
    given = os.environ.get("KARYA_TEST_DATABASE_URL"), os.environ.get("KARYA_TEST_AMQP_URL")
    if given[0] and given[1]:
        yield Urls(given[0], given[1])
        return
    with private_servers() as pair:
        yield Urls(pair.database_url, pair.amqp_url)


@pytest.fixture(scope="session")
async def templates(servers: Urls) -> AsyncIterator[MakeDatabase]:
    """Migrated once for each service; tests get copies."""
    made: dict[str, str] = {}
    admin = await db.connect(servers.database, "tests")
    making = asyncio.Lock()

    async def template(service: str) -> str:
        async with making:
            if service not in made:
                name = f"t_{uuid.uuid4().hex[:12]}"
                await admin.execute(f"CREATE DATABASE {name}")
                folder = PROBE if service == "probe" else SERVICES / service / "migrations"
                await migrate(servers.database_of(name), service, folder)
                made[service] = name
        return made[service]

    yield template
    for name in made.values():
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def make_database(servers: Urls, templates: MakeDatabase) -> AsyncIterator[MakeDatabase]:
    """`await make_database("sales")`: the URL of a fresh, migrated database, dropped after the test."""
    made: list[str] = []
    admin = await db.connect(servers.database, "tests")

    async def make(service: str) -> str:
        name = f"t_{uuid.uuid4().hex[:12]}"
        # Copied as files: through the log of changes, the default, it takes eight times as long.
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {await templates(service)} STRATEGY file_copy")
        made.append(name)
        return servers.database_of(name)

    yield make
    for name in made:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def database(make_database: MakeDatabase) -> AsyncIterator[OpenDatabase]:
    """`await database("sales")`: a pool on a fresh, migrated database."""
    pools: list[Pool] = []

    async def open_fresh(service: str) -> Pool:
        pools.append(await db.open_pool(await make_database(service), "tests"))
        return pools[-1]

    yield open_fresh
    for pool in pools:
        pool.terminate()


@pytest.fixture
async def broker_url(servers: Urls) -> AsyncIterator[str]:
    """The broker, without any queue of ours before and after the test."""
    await delete_queues(servers.amqp)
    yield servers.amqp
    await delete_queues(servers.amqp)


async def delete_queues(url: str) -> None:
    """Every queue that a test may have left; what is in it would be answered by the next one."""
    known = [f"{o}.{suffix}" for o in OWNERS for suffix in ("dead", "requests", "outlets")]
    known += [f"{service}.{event.wire}" for service, events in SUBSCRIPTIONS.items() for event in events]
    known += ["probe.probe.Counted.v1", "probe.probe.Added.v1"]
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        for name in known:
            await channel.queue_delete(name)
