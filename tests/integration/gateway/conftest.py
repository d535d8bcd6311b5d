"""A gateway on a real port, with a broker, a database and small services that answer it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.gateway import keys
from services.gateway.serving import Gateway, Server
from shared import db
from shared.runtime.process import Process
from shared.runtime.service import Service
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls, delete_queues
from tests.integration.gateway.answering import CATALOG, SALES, TRAINING


@dataclass
class House:
    """A running gateway: `client(role)` speaks to it with a new key of that role."""

    url: str
    database_url: str
    gateway: Gateway
    server: Server
    clients: AsyncExitStack

    async def client(self, role: str, outlet: str | None = None, name: str = "") -> httpx.AsyncClient:
        key = await keys.create(self.database_url, role, name or role, outlet)
        return await self.anybody({"Authorization": f"Bearer {key}"})

    async def anybody(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=15)
        return await self.clients.enter_async_context(client)

    @property
    def port(self) -> int:
        return httpx.URL(self.url).port or 0


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[House]:
    gateway = Gateway(settings)
    await gateway.open()
    server = gateway.server()
    serving = asyncio.create_task(server.serve())
    async with AsyncExitStack() as clients:
        while not server.started:  # noqa: ASYNC110 - uvicorn gives no event to wait for
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield House(f"http://127.0.0.1:{port}", settings.database_url, gateway, server, clients)
    server.should_exit = True
    await serving
    await gateway.close()


@pytest.fixture(scope="module")
async def new_database(servers: Urls, templates: MakeDatabase) -> AsyncIterator[MakeDatabase]:
    """As `make_database`, for the tests of a whole module."""
    made: list[str] = []
    admin = await db.connect(servers.database, "tests")

    async def make(service: str) -> str:
        made.append(f"t_{uuid4().hex[:12]}")
        await admin.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {await templates(service)} STRATEGY file_copy")
        return servers.database_of(made[-1])

    yield make
    for name in made:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(scope="module")
async def house(servers: Urls, new_database: MakeDatabase) -> AsyncIterator[House]:
    """A gateway and nobody to answer it."""
    await delete_queues(servers.amqp)
    settings = Settings(database_url=await new_database("gateway"), amqp_url=servers.amqp, http_port=0)
    async with running(settings) as house:
        yield house


Add = Callable[[Service], Awaitable[Process]]


@pytest.fixture(scope="module")
async def add_service(house: House, new_database: MakeDatabase, servers: Urls) -> AsyncIterator[Add]:
    """`await add_service(TRAINING)`: a replica of a service, stopped after the module's tests."""
    started: list[Process] = []

    async def add(service: Service) -> Process:
        process = Process(service, Settings(database_url=await new_database("probe"), amqp_url=servers.amqp))
        await process.start()
        started.append(process)
        return process

    yield add
    for process in started:
        await process.stop()


@pytest.fixture(scope="module")
async def training(add_service: Add) -> Process:
    return await add_service(TRAINING)


@pytest.fixture(scope="module")
async def catalog(add_service: Add) -> Process:
    return await add_service(CATALOG)


@pytest.fixture(scope="module")
async def sales(add_service: Add) -> Process:
    return await add_service(SALES)


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that was answered, in the one form that all have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == status
    assert set(body) >= {"type", "title", "detail", "code"}
    return body
