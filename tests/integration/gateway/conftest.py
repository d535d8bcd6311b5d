"""A gateway on a real port, with a broker, a database and two small services that answer it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from services.gateway import keys
from services.gateway.serving import Gateway, Server
from shared.runtime.process import Process
from shared.runtime.service import Service
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.integration.gateway.answering import SALES, TRAINING


@dataclass
class House:
    """A running gateway: `client(role)` speaks to it with a new key of that role."""

    url: str
    database_url: str
    gateway: Gateway
    server: Server
    clients: AsyncExitStack
    processes: dict[str, Process] = field(default_factory=dict)

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


@pytest.fixture
async def house(make_database: MakeDatabase, broker_url: str) -> AsyncIterator[House]:
    """A gateway and nobody to answer it."""
    settings = Settings(database_url=await make_database("gateway"), amqp_url=broker_url, http_port=0)
    async with running(settings) as house:
        yield house


Add = Callable[[Service], Awaitable[Process]]


@pytest.fixture
async def add_service(house: House, make_database: MakeDatabase, broker_url: str) -> AsyncIterator[Add]:
    """`await add_service(TRAINING)`: a replica of a service, stopped after the test."""
    started: list[Process] = []

    async def add(service: Service) -> Process:
        process = Process(service, Settings(database_url=await make_database("probe"), amqp_url=broker_url))
        await process.start()
        started.append(process)
        return process

    yield add
    for process in started:
        await process.stop()


@pytest.fixture
async def training(add_service: Add) -> Process:
    return await add_service(TRAINING)


@pytest.fixture
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
