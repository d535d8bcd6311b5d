"""A till that is not sure hands in again under the same Idempotency-Key, and hears what it would have heard."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aio_pika
import httpx
import pytest
from aio_pika.abc import AbstractQueue

from services.gateway.answers import Answers, Claim
from shared.errors import Unavailable
from shared.runtime import pulse
from shared.runtime.pulse import Pulse
from tests.conftest import OpenDatabase
from tests.integration.gateway.conftest import House, problem
from tests.integration.gateway.test_reports import sale

JSON = {"Content-Type": "application/json"}
UNTROUBLED = Pulse("database", pulse.Database("", ""))
"""Nobody asks it, so it knows of nothing."""


@pytest.fixture
async def arriving(house: House) -> AsyncIterator[AbstractQueue]:
    """Everything that reaches the broker from now on."""
    connection = await aio_pika.connect(house.gateway.settings.amqp_url)
    async with connection:
        queue = await (await connection.channel()).declare_queue(f"heard.{uuid4()}", exclusive=True)
        await queue.bind("outlets", "#")
        yield queue


async def hand_in(till: httpx.AsyncClient, key: str, reports: list[Any]) -> httpx.Response:
    return await till.post("/v1/reports", json=reports, headers={"Idempotency-Key": key})


async def depth(queue: AbstractQueue) -> int:
    counted = await queue.declare()
    return counted.message_count or 0


async def test_a_repeat_gets_the_first_answer_and_is_handed_in_again(house: House, arriving: AbstractQueue) -> None:
    till = await house.client("outlet", "citos", "a-till")
    reports = [sale(1), sale(2, quantity=-1) | {"id": "nul \0 and half \u00e9"}]
    first = await hand_in(till, "monday", reports)
    rewritten = json.dumps([dict(reversed(report.items())) for report in reports], indent=3)
    again = await till.post("/v1/reports", content=rewritten, headers={"Idempotency-Key": "monday"} | JSON)
    assert (first.status_code, first.json()["queued"], len(first.json()["refused"])) == (202, 1, 1)
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["content-type"] == first.headers["content-type"] == "application/json"
    assert await depth(arriving) == 2, "what was lost with its queue comes back only so"


async def test_a_key_stands_for_one_body_only(house: House, arriving: AbstractQueue) -> None:
    till = await house.client("outlet", "citos", "b-till")
    assert (await hand_in(till, "k", [sale(1)])).status_code == 202
    refused = problem(await hand_in(till, "k", [sale(2)]), 409)
    assert refused["code"] == "idempotency_key_reused"
    assert await depth(arriving) == 1


async def test_another_account_may_use_the_same_key(house: House, arriving: AbstractQueue) -> None:
    for name in ("c-till", "d-till"):
        till = await house.client("outlet", "citos", name)
        assert (await hand_in(till, "same", [sale(1)])).status_code == 202
    assert await depth(arriving) == 2


async def test_without_a_key_every_report_is_handed_in(house: House, arriving: AbstractQueue) -> None:
    till, report = await house.client("outlet", "citos"), sale(1)
    for _ in range(2):
        assert (await till.post("/v1/reports", json=report)).status_code == 202
    assert await depth(arriving) == 2


async def test_repeats_at_the_same_time_hear_the_same(house: House, arriving: AbstractQueue) -> None:
    till, reports = await house.client("outlet", "citos", "e-till"), [sale(1), 7]
    answers = await asyncio.gather(*[hand_in(till, "rush", reports) for _ in range(8)])
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    assert await depth(arriving) >= 1
    kept = await house.gateway.pool.fetch("SELECT answer FROM report_answer WHERE account = 'e-till'")
    assert [json.loads(row["answer"]) for row in kept] == [answers[0].json()]


async def test_of_two_bodies_at_the_same_time_one_is_handed_in(house: House, arriving: AbstractQueue) -> None:
    till = await house.client("outlet", "citos", "f-till")
    answers = await asyncio.gather(*[hand_in(till, "race", [sale(line)]) for line in range(1, 9)])
    assert sorted(answer.status_code for answer in answers) == [202, *[409] * 7]
    assert await depth(arriving) == 1


async def test_a_key_that_cannot_be_one_is_refused(house: House) -> None:
    till = await house.client("outlet", "citos")
    assert problem(await hand_in(till, "with a blank", [sale()]), 422)["errors"][0]["field"] == "Idempotency-Key"


async def test_what_the_broker_did_not_take_has_no_answer_yet(house: House) -> None:
    till, reports = await house.client("outlet", "citos", "g-till"), [sale(1)]
    assert problem(await hand_in(till, "later", reports), 503)["code"] == "broker_away"
    connection = await aio_pika.connect(house.gateway.settings.amqp_url)
    async with connection:
        queue = await (await connection.channel()).declare_queue(f"heard.{uuid4()}", exclusive=True)
        await queue.bind("outlets", "#")
        assert (await hand_in(till, "later", reports)).json() == {"received": 1, "queued": 1, "refused": []}
        assert await depth(queue) == 1


async def test_answers_are_forgotten_after_35_days(database: OpenDatabase) -> None:
    pool, hour = await database("gateway"), iter([0.0, 0.0, 10.0, 3601.0, 3601.0])
    answers = Answers(pool, UNTROUBLED, lambda: next(hour))
    old, young = Claim("a", "old", bytes(32)), Claim("a", "young", bytes(32))
    await answers.claim(old)
    await answers.keep(old, "{}")
    await pool.execute("UPDATE report_answer SET at = now() - interval '36 days'")
    assert await answers.claim(old) == "{}"
    await answers.claim(young)
    assert [row["key"] for row in await pool.fetch("SELECT key FROM report_answer")] == ["young"]


async def test_a_database_that_is_away_is_said(database: OpenDatabase) -> None:
    pool = await database("gateway")
    answers, claim = Answers(pool, UNTROUBLED), Claim("a", "k", bytes(32))
    await pool.close()
    with pytest.raises(Unavailable):
        await answers.claim(claim)
    with pytest.raises(Unavailable):
        await answers.keep(claim, "{}")
