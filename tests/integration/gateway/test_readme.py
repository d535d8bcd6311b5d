"""Who has read only README resolves a conflict: the calls of "When a till is wrong" work as they stand."""

import asyncio
import json
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
from tests.integration.gateway.conftest import House
from tests.integration.gateway.shop import Shop
from tests.integration.sales.builders import open_shop

README = (Path(__file__).parent.parent.parent.parent / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## When a till is wrong")[2].partition("\n## ")[0]
CALLS = re.findall(r"^    (curl (?:.*\\\n)*.*)$", SECTION, re.MULTILINE)
LOOP = re.search(r"^    for price in .*?^    done$", SECTION, re.MULTILINE | re.DOTALL)
RESOLVED = {"choice": "redriven", "correction": "redriven", "redrive": "person", "discard": "discarded"}
"""What becomes of a conflict by each call about one message: a mere try overrules nothing."""


@pytest.fixture(scope="module")
async def shop(house: House, new_database: MakeDatabase, servers: Urls) -> AsyncIterator[Shop]:
    process = Process(service, Settings(database_url=await new_database("sales"), amqp_url=servers.amqp))
    await process.start()
    await open_shop(process.pool, "citos")
    yield Shop(house, process, await house.client("coordinator"), await house.client("outlet", "citos"))
    await process.stop()


async def call(shop: Shop, line: str, parked_id: str = "") -> str:
    """What the shell commands of the page are answered."""
    environment = {
        "PATH": os.environ["PATH"],
        "KEY": await keys.create(shop.house.database_url, "coordinator", "ani"),
        "TILL": await keys.create(shop.house.database_url, "outlet", "citos-try", "citos"),
        "API": shop.house.url,
        "ID": parked_id,
        "no_proxy": "*",
    }
    script = line.replace("curl ", "curl --fail-with-body -sS ", 1)
    run = await asyncio.create_subprocess_exec(
        "bash", "-c", script, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()
    return said.decode()


def test_the_section_has_its_calls() -> None:
    acts = [re.findall(r"\$API/v1/parked/\$ID/(\w+)", line) for line in CALLS]
    assert {act for found in acts for act in found} == RESOLVED.keys()
    assert sum("/v1/parked/redrive" in line for line in CALLS) == 1


async def test_a_till_makes_a_conflict_as_the_readme_does(shop: Shop) -> None:
    assert LOOP
    said = await call(shop, LOOP.group().replace("85123A", "BTK-0007"))
    assert said.count('"queued": 1, "refused": []') == 2
    parked_id = await shop.until_parked("receipt_line_changed", set())
    shown = (await shop.coordinator.get(f"/v1/parked/{parked_id}")).json()
    assert (shown["event"]["data"]["unit_price"], shown["candidates"][0]["unit_price"]) == (99_000, 119_000)


@pytest.mark.parametrize("line", CALLS)
async def test_a_conflict_is_seen_and_resolved_by_the_readmes_calls(shop: Shop, line: str) -> None:
    parked_id = await shop.park_changed_line()

    answer: Any = json.loads(await call(shop, line, parked_id))

    (act,) = re.findall(r"\$ID/(\w+)", line) or [""]
    if act:
        assert await shop.state(parked_id) == RESOLVED[act]
    elif "$ID" in line:
        assert (answer["event"]["data"]["unit_price"], answer["candidates"][0]["unit_price"]) == (70_000, 700_000)
    elif "code=" in line:
        assert parked_id in [one["parked_id"] for one in answer["items"]]
