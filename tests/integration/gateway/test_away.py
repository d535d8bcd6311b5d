"""When a server that is needed is away, the caller hears so, and when to come again."""

import asyncio

import httpx
import pytest

from services.gateway.serving import Gateway
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls, delete_queues
from tests.integration.gateway.conftest import problem, running
from tests.integration.gateway.test_reports import sale

NOBODY = "amqp://nobody@127.0.0.1:1/"


async def test_reports_that_no_service_would_take_are_not_accepted(servers: Urls, make_database: MakeDatabase) -> None:
    await delete_queues(servers.amqp)
    settings = Settings(database_url=await make_database("gateway"), amqp_url=servers.amqp, http_port=0)
    async with running(settings) as house:
        till = await house.client("outlet", "citos")
        answer = await till.post("/v1/reports", json=sale())
        assert problem(answer, 503)["code"] == "broker_away"
        assert int(answer.headers["retry-after"]) > 0


async def test_readiness_says_what_is_away(servers: Urls, make_database: MakeDatabase) -> None:
    settings = Settings(database_url=await make_database("gateway"), amqp_url=servers.amqp, http_port=0)
    async with running(settings) as house:
        client = await house.anybody()
        await _until_ready(client)
        await house.gateway.watch.close()
        await house.gateway.pool.close()
        answer = await client.get("/health/ready")
        assert answer.status_code == 503
        assert set(answer.json()["faults"]) >= {"database"}
        assert (await client.get("/health/live")).status_code == 200


async def test_a_gateway_without_its_servers_gives_up(monkeypatch: pytest.MonkeyPatch, servers: Urls) -> None:
    monkeypatch.setattr("services.gateway.serving.START_TRIES", 2)
    monkeypatch.setattr("services.gateway.serving.START_PAUSE", 0.01)
    gateway = Gateway(Settings(database_url="postgresql://nobody@127.0.0.1:1/none", amqp_url=NOBODY))
    with pytest.raises(OSError, match="Connect"):
        await gateway.open()


async def _until_ready(client: httpx.AsyncClient) -> None:
    for _ in range(500):
        answer = await client.get("/health/ready")
        if answer.status_code == 200:
            assert (answer.json()["ready"], answer.json()["faults"]) == (True, {})
            return
        await asyncio.sleep(0.02)
    pytest.fail(answer.text)
