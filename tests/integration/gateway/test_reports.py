"""Tills with HTTP hand in what has happened: all of it reaches the broker, and they hear what cannot be read."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from shared.db import Row
from shared.runtime.process import Process
from tests.integration.gateway.answering import heard
from tests.integration.gateway.conftest import House, problem

BATCH = {"Content-Type": "application/cloudevents-batch+json"}


def sale(line: int = 1, **changed: Any) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    data = {"outlet": "citos", "till": "till-1", "receipt": "536365", "line": line, "sku": "BTK-0007"}
    data |= {"quantity": 1, "unit_price": 700000, "sold_at": at} | changed
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/outlets/citos/till-1",
        "type": "outlet.SaleReported.v1",
        "time": at,
        "data": data,
    }


@pytest.fixture(autouse=True)
def forget() -> None:
    heard.clear()


async def until_heard(n: int) -> None:
    async with asyncio.timeout(10):
        while len(heard) < n:  # noqa: ASYNC110 - filled by a service that knows nothing of tests
            await asyncio.sleep(0.02)


async def until_parked(process: Process, n: int) -> list[Row]:
    async with asyncio.timeout(10):
        while True:
            rows = await process.pool.fetch("SELECT * FROM parked ORDER BY parked_at")
            if len(rows) >= n:
                return rows
            await asyncio.sleep(0.02)


async def test_a_batch_is_taken_and_reaches_sales(house: House, sales: Process) -> None:
    till = await house.client("outlet", "citos")
    reports = [sale(line) for line in range(1, 101)]
    answer = await till.post("/v1/reports", content=json.dumps(reports), headers=BATCH)
    assert answer.status_code == 202
    assert answer.json() == {"received": 100, "queued": 100, "refused": []}
    await until_heard(100)
    assert [one.data.line for one in heard] == list(range(1, 101))


@pytest.mark.parametrize("media_type", ["application/cloudevents+json", "application/json; charset=utf-8"])
async def test_one_report_needs_no_array(house: House, sales: Process, media_type: str) -> None:
    till = await house.client("outlet", "citos")
    answer = await till.post("/v1/reports", content=json.dumps(sale()), headers={"Content-Type": media_type})
    assert answer.json() == {"received": 1, "queued": 1, "refused": []}
    await until_heard(1)


async def test_what_cannot_be_read_is_said_by_field_and_kept_for_a_person(house: House, sales: Process) -> None:
    till, operator = await house.client("outlet", "citos"), await house.client("operator")
    foreign, negative = sale(2, outlet="pim"), sale(3, quantity=-1)
    answer = await till.post("/v1/reports", json=[sale(1), foreign, negative, 7])
    told = answer.json()
    assert answer.status_code == 202
    assert (told["received"], told["queued"]) == (4, 1)
    assert [(one["index"], one["id"]) for one in told["refused"]] == [
        (1, foreign["id"]),
        (2, negative["id"]),
        (3, None),
    ]
    assert [one["errors"][0]["field"] for one in told["refused"]] == ["data.outlet", "data.quantity", "(all)"]
    await until_parked(sales, 3)
    parked = (await operator.get("/v1/parked")).json()["items"]
    assert {item["code"] for item in parked} == {"invalid", "outlet_mismatch"}
    assert [one.data.line for one in heard] == [1]


async def test_a_report_that_is_handed_in_again_counts_once(house: House, sales: Process) -> None:
    till, report = await house.client("outlet", "citos"), sale(50)
    for _ in range(2):
        assert (await till.post("/v1/reports", json=report)).status_code == 202
    await till.post("/v1/reports", json=sale(51))
    await until_heard(2)
    assert [one.data.line for one in heard] == [50, 51]


async def test_the_message_is_persistent_and_names_outlet_and_till(house: House, sales: Process) -> None:
    connection = await aio_pika.connect(house.gateway.settings.amqp_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("outlets", "#")
        till = await house.client("outlet", "citos")
        for reports in ([sale()], [sale(1, till="a"), sale(2, till="b")], [7]):
            await till.post("/v1/reports", json=reports)
        messages = [await queue.get(timeout=5) for _ in range(3)]
    assert [message.routing_key for message in messages if message] == ["citos.till-1", "citos.http", "citos.http"]
    assert {message.delivery_mode for message in messages if message} == {aio_pika.DeliveryMode.PERSISTENT}
    assert {message.content_type for message in messages if message} == {BATCH["Content-Type"]}


@pytest.mark.parametrize("body", ["", "no json", "[NaN]", "[" * 10_000])
async def test_what_is_not_json_is_refused_as_a_whole(house: House, body: str) -> None:
    till = await house.client("outlet", "citos")
    assert problem(await till.post("/v1/reports", content=body, headers=BATCH), 400)["code"] == "not_json"


@pytest.mark.parametrize("body", ["[]", "{}", "7", '"x"', "null"])
async def test_what_holds_no_event_is_refused_as_a_whole(house: House, body: str) -> None:
    till = await house.client("outlet", "citos")
    assert problem(await till.post("/v1/reports", content=body, headers=BATCH), 400)["code"] == "no_events"


async def test_more_than_500_events_or_a_mebibyte_are_too_many(house: House, sales: Process) -> None:
    till = await house.client("outlet", "citos")
    full = [sale(line) for line in range(1, 501)]
    assert (await till.post("/v1/reports", json=full)).json()["queued"] == 500
    assert problem(await till.post("/v1/reports", json=[*full, sale(501)]), 413)["code"] == "too_many_events"
    large = json.dumps(full).encode() + b" " * 1024 * 1024
    assert problem(await till.post("/v1/reports", content=large, headers=BATCH), 413)["code"] == "body_too_large"


async def test_another_media_type_is_refused(house: House) -> None:
    till = await house.client("outlet", "citos")
    answer = await till.post("/v1/reports", content="a,b", headers={"Content-Type": "text/csv"})
    assert problem(answer, 415)["code"] == "unsupported_media_type"


async def test_only_an_outlets_key_hands_reports_in(house: House) -> None:
    coordinator = await house.client("coordinator")
    assert problem(await coordinator.post("/v1/reports", json=sale()), 403)["code"] == "role_missing"
