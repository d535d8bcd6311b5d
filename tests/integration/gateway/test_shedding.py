"""What is more than the gateway takes on is refused at once; what is in hand is answered, and nothing piles up."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY

from services.gateway import shedding
from shared.runtime.process import Process
from tests.integration.gateway.conftest import House, problem
from tests.integration.gateway.test_asking import RUSUN

SLOW = "/v1/makers?rusun=slow"
"""Takes its service a second."""


@pytest.fixture(autouse=True)
async def as_before(house: House) -> AsyncIterator[None]:
    yield
    gateway = house.gateway
    gateway.room.most_requests, gateway.room.most_bytes = shedding.MOST_REQUESTS, shedding.MOST_BYTES
    gateway.asks.most = shedding.MOST_TO_A_SERVICE


def shed(of: str) -> float:
    return REGISTRY.get_sample_value("karya_http_shed_total", {"of": of}) or 0.0


async def test_more_requests_than_there_is_room_for_are_refused_at_once(house: House, training: Process) -> None:
    coordinator, before = await house.client("coordinator"), shed("gateway")
    house.gateway.room.most_requests = 3
    await coordinator.get("/v1/makers")

    waiting = [asyncio.create_task(coordinator.get(SLOW)) for _ in range(3)]
    await asyncio.sleep(0.3)
    refused = [await coordinator.get("/v1/makers") for _ in range(5)]

    assert not any(task.done() for task in waiting), "nobody waited for a place"
    for answer in refused:
        assert problem(answer, 503)["code"] == "busy"
        assert int(answer.headers["retry-after"]) > 0
    assert shed("gateway") - before == 5
    assert (await coordinator.get("/health/live")).status_code == 200
    assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * 3
    assert (await coordinator.get("/v1/makers")).status_code == 200


async def test_a_slow_service_does_not_take_the_places_of_the_others(
    house: House, training: Process, catalog: Process
) -> None:
    coordinator = await house.client("coordinator")
    house.gateway.asks.most = 2
    waiting = [asyncio.create_task(coordinator.get(SLOW)) for _ in range(2)]
    await asyncio.sleep(0.3)

    assert problem(await coordinator.get("/v1/makers"), 503)["code"] == "busy"
    assert (await coordinator.get("/v1/products/x/labels.pdf?serial=1")).status_code != 503
    assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * 2


async def test_bodies_share_a_bounded_memory(house: House, training: Process) -> None:
    coordinator = await house.client("coordinator")
    house.gateway.room.most_bytes = 2_000
    large = json.dumps(RUSUN | {"name": "x" * 3_000}).encode()

    answer = await coordinator.post("/v1/rusun", content=large, headers={"Content-Type": "application/json"})

    assert problem(answer, 503)["code"] == "busy"
    assert (await coordinator.post("/v1/rusun", json=RUSUN)).status_code == 201
    assert house.gateway.room.bytes == 0
