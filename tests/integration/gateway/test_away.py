"""When a server that is needed is away, the caller hears so, and when to come again."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from services.gateway.serving import Gateway
from shared.runtime.pulse import EVERY, PATIENCE
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls, delete_queues
from tests.integration.gateway.conftest import House, problem, running
from tests.integration.gateway.test_reports import sale
from tests.tap import Tap, tapped

NOBODY = "amqp://nobody@127.0.0.1:1/"
KNOWN = EVERY + PATIENCE + 1
"""Seconds after which everybody knows that a server is away."""


@dataclass
class Silent:
    """A gateway whose servers can fall silent."""

    house: House
    broker: Tap
    database: Tap


@pytest.fixture
async def silent(servers: Urls, make_database: MakeDatabase) -> AsyncIterator[Silent]:
    await delete_queues(servers.amqp)
    async with tapped(servers.amqp) as broker, tapped(await make_database("gateway")) as database:
        settings = Settings(database_url=database.url, amqp_url=broker.url, http_port=0)
        async with running(settings) as house:
            await until_ready(await house.anybody())
            yield Silent(house, broker, database)
            broker.flow()
            database.flow()


async def test_reports_that_no_service_would_take_are_not_accepted(servers: Urls, make_database: MakeDatabase) -> None:
    await delete_queues(servers.amqp)
    settings = Settings(database_url=await make_database("gateway"), amqp_url=servers.amqp, http_port=0)
    async with running(settings) as house:
        till = await house.client("outlet", "citos")
        answer = await till.post("/v1/reports", json=sale())
        assert problem(answer, 503)["code"] == "broker_away"
        assert int(answer.headers["retry-after"]) > 0


async def test_readiness_says_what_is_away(silent: Silent) -> None:
    client = await silent.house.anybody()
    for tap in (silent.broker, silent.database):
        tap.stop()
    await asyncio.sleep(KNOWN)
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["faults"] == {"broker": "silent", "database": "silent"}
    assert (await client.get("/health/live")).status_code == 200


async def test_a_broker_that_is_known_to_be_away_is_not_waited_for(silent: Silent) -> None:
    coordinator, till = await silent.house.client("coordinator"), await silent.house.client("outlet", "citos")
    for client in (coordinator, till):  # their keys are known from now on
        await client.get("/v1/makers")
    silent.broker.stop()
    await asyncio.sleep(KNOWN)

    began = time.monotonic()
    answers = [await coordinator.get(path) for path in ("/v1/makers", "/v1/products", "/v1/outlets", "/v1/parked")]
    answers.append(await till.post("/v1/reports", json=sale()))

    assert time.monotonic() - began < 1
    for answer in answers:
        assert problem(answer, 503)["code"] == "broker_away"
        assert int(answer.headers["retry-after"]) > 0
    silent.broker.flow()
    await until_ready(coordinator)


async def test_who_waits_when_the_broker_falls_silent_is_told_soon(silent: Silent) -> None:
    coordinator = await silent.house.client("coordinator")
    await coordinator.get("/v1/makers")
    silent.broker.stop()

    began = time.monotonic()
    answer = await coordinator.get("/v1/makers")

    assert problem(answer, 503)["code"] == "broker_away"
    assert time.monotonic() - began < KNOWN


async def test_a_database_that_is_known_to_be_away_is_not_waited_for(silent: Silent) -> None:
    stranger, till = await silent.house.client("coordinator"), await silent.house.client("outlet", "citos")
    await till.get("/v1/makers")
    silent.database.stop()
    await asyncio.sleep(KNOWN)

    began = time.monotonic()
    answers = [
        await stranger.get("/v1/makers"),
        await till.post("/v1/reports", json=sale(), headers={"Idempotency-Key": "k"}),
    ]

    assert time.monotonic() - began < 1
    for answer in answers:
        assert problem(answer, 503)["code"] == "database_away"
        assert int(answer.headers["retry-after"]) > 0
    silent.database.flow()
    await until_ready(stranger)
    assert problem(await stranger.get("/v1/makers"), 503)["code"] == "unavailable", "its key is known, nobody answers"


async def test_a_gateway_without_its_servers_gives_up(monkeypatch: pytest.MonkeyPatch, servers: Urls) -> None:
    monkeypatch.setattr("services.gateway.serving.START_TRIES", 2)
    monkeypatch.setattr("services.gateway.serving.START_PAUSE", 0.01)
    gateway = Gateway(Settings(database_url="postgresql://nobody@127.0.0.1:1/none", amqp_url=NOBODY))
    with pytest.raises(OSError, match="Connect"):
        await gateway.open()


async def until_ready(client: httpx.AsyncClient) -> None:
    for _ in range(500):
        answer = await client.get("/health/ready")
        if answer.status_code == 200:
            assert (answer.json()["ready"], answer.json()["faults"]) == (True, {})
            return
        await asyncio.sleep(0.02)
    pytest.fail(answer.text)
