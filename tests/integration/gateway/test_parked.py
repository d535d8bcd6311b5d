"""A coordinator who knows only the API settles every kind of parked report, by the page that tells her how."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.gateway import keys
from services.sales.app import service
from shared.runtime.process import Process
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls
from tests.integration.gateway.conftest import House, problem
from tests.integration.gateway.shop import Shop
from tests.integration.sales.builders import open_outlet, open_shop

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "runbooks" / "parked.md"
BLOCKS = re.findall(r"^## (.+?)$|^```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
WHY = {"reason": "seen on the paper roll"}


def calls() -> list[tuple[str, str]]:
    """Each block of commands that asks something, under its heading."""
    found, heading = [], ""
    for title, block in BLOCKS:
        heading = title or heading
        if "curl" in block:
            found.append((heading, block))
    return found


@pytest.fixture(scope="module")
async def shop(house: House, new_database: MakeDatabase, servers: Urls) -> AsyncIterator[Shop]:
    settings = Settings(database_url=await new_database("sales"), amqp_url=servers.amqp)
    process = Process(service, settings)
    await process.start()
    await open_shop(process.pool, "citos")
    await open_outlet(process.pool, "pim")
    yield Shop(house, process, await house.client("coordinator"), await house.client("outlet", "citos"))
    await process.stop()


async def parked_for(shop: Shop, heading: str) -> str:
    """A message of the kind that the page speaks of there."""
    if heading.startswith("It contradicts"):
        return await shop.park_changed_line()
    if heading.startswith("It names another outlet"):
        return await shop.park("outlet_mismatch", outlet="pim")
    if heading.startswith("A return"):
        return await shop.park("return_without_original", returned_at="2026-01-06T10:00:00+07:00")
    if heading.startswith("It cannot be read"):
        return await shop.park("invalid", quantity=-1)
    return await shop.park("sku_unknown", sku="NOT-0001")


def test_the_page_has_its_calls() -> None:
    assert len(calls()) == 13


@pytest.mark.parametrize(("heading", "block"), calls(), ids=range(len(calls())))
async def test_the_pages_calls_work_as_they_stand(shop: Shop, heading: str, block: str) -> None:
    key = await keys.create(shop.house.database_url, "coordinator", "ani")
    parked_id = await parked_for(shop, heading)
    assert "http://127.0.0.1:8080/" in block
    script = "set -e\n" + block.replace("http://127.0.0.1:8080", shop.house.url)

    run = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        script,
        env={"PATH": os.environ["PATH"], "KEY": key, "ID": parked_id, "no_proxy": "*"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await run.communicate()

    assert run.returncode == 0, said.decode()
    settled = {"choice", "discard"} | ({"correction"} if "A return" not in heading else set())
    if any(f"/{act}" in block for act in settled):
        assert await shop.state(parked_id) in ("redriven", "discarded"), said.decode()


async def post(shop: Shop, parked_id: str, act: str, **body: Any) -> Any:
    return await shop.coordinator.post(f"/v1/parked/{parked_id}/{act}", json=body)


async def test_a_correction_that_is_not_valid_names_the_fields(shop: Shop) -> None:
    parked_id = await shop.park("invalid", quantity=-1)

    answer = await post(shop, parked_id, "correction", change={"data": {"quantity": 1, "unit_price": -1}}, **WHY)

    assert [fault["field"] for fault in problem(answer, 422)["errors"]] == ["data.unit_price"]
    assert await shop.state(parked_id) == "person"


async def test_who_did_what_is_shown_with_the_message_and_its_meaning(shop: Shop) -> None:
    parked_id = await shop.park("invalid", quantity=-1)
    done = (await post(shop, parked_id, "correction", change={"data": {"quantity": 2}}, **WHY)).json()

    shown = (await shop.coordinator.get(f"/v1/parked/{parked_id}")).json()

    assert shown == done
    assert [(act["act"], act["actor"]) for act in shown["history"]] == [
        ("parked", "the runtime"),
        ("corrected", "coordinator:coordinator"),
    ]
    assert shown["history"][1]["before"]["data"]["quantity"] == -1
    assert (shown["state"], shown["event"]["data"]["quantity"]) == ("redriven", 2)
    assert "not what its type promises" in shown["means"]


async def test_of_two_coordinators_who_act_at_once_one_wins(shop: Shop) -> None:
    parked_id = await shop.park("invalid", quantity=-1)

    answers = await asyncio.gather(
        post(shop, parked_id, "correction", change={"data": {"quantity": 1}}, **WHY),
        post(shop, parked_id, "discard", **WHY),
    )

    assert sorted([answer.status_code for answer in answers]) == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert problem(refused, 409)["code"] == "parked_settled"


async def test_a_repeat_under_the_same_key_is_done_once(shop: Shop) -> None:
    parked_id = await shop.park("sku_unknown", sku="NOT-0002")
    answers = [
        await shop.coordinator.post(f"/v1/parked/{parked_id}/redrive", headers={"Idempotency-Key": "again-1"})
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert len(answers[0].json()["history"]) == 2


async def test_all_of_one_reason_are_tried_and_counted(shop: Shop) -> None:
    await shop.park("agreement_missing", sold_at="2025-06-01T10:00:00+07:00")
    await shop.park("agreement_missing", sold_at="2025-06-02T10:00:00+07:00")
    terms = {"valid_from": "2025-06-02", "outlet_bps": 2000, "programme_bps": 500}
    agreed = await shop.coordinator.post("/v1/outlets/citos/agreements", json=terms)
    assert agreed.status_code == 201

    answer = await shop.coordinator.post("/v1/parked/redrive", json={"code": "agreement_missing"})

    found = answer.json()
    assert found["passed"] <= 1, "the runtime may have been quicker with the other one"
    assert (found["still_parked"], found["left"]) == (1, 0)
    reasons = (await shop.coordinator.get("/v1/parked/reasons")).json()["items"]
    mine = next(reason for reason in reasons if reason["code"] == "agreement_missing")
    assert (mine["count"], "Agree terms" in mine["remedy"]) == (1, True)


@pytest.mark.parametrize("role", ["juror", "finance"])
async def test_only_those_who_mend_may(shop: Shop, role: str) -> None:
    client = await shop.house.client(role)
    for path in ("/v1/parked/reasons", "/v1/parked"):
        assert problem(await client.get(path), 403)
    assert problem(await client.post("/v1/parked/redrive", json={"code": "invalid"}), 403)
