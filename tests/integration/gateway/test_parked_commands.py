"""What the command line does about parked messages, with every service running."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator

import pytest

from deploy.local import parked
from deploy.local.state import REPOSITORY, SetupError
from services.sales.app import service
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.runtime.process import Process
from shared.runtime.service import Service
from shared.settings import Settings
from tests.conftest import MakeDatabase, Urls
from tests.integration.gateway.answering import keep_quiet
from tests.integration.gateway.conftest import House
from tests.integration.gateway.shop import Shop
from tests.integration.gateway.test_reports import sale
from tests.integration.sales.builders import open_shop

WHY = ("--reason", "seen on the paper roll")


@pytest.fixture(scope="module")
async def shop(house: House, new_database: MakeDatabase, servers: Urls) -> AsyncIterator[Shop]:
    others = [Service(name, events=dict.fromkeys(SUBSCRIPTIONS[name], keep_quiet)) for name in SUBSCRIPTIONS]
    running = []
    for one in (service, *[other for other in others if other.name != service.name]):
        database = await new_database("sales" if one is service else "probe")
        running.append(Process(one, Settings(database_url=database, amqp_url=servers.amqp)))
        await running[-1].start()
    await open_shop(running[0].pool, "citos")
    yield Shop(house, running[0], await house.client("coordinator"), await house.client("outlet", "citos"))
    for process in running:
        await process.stop()


async def karya(shop: Shop, *arguments: str, code: int = 0) -> str:
    environment = os.environ | {"KARYA_AMQP_URL": shop.sales.settings.amqp_url, "PYTHONPATH": str(REPOSITORY)}
    run = await asyncio.create_subprocess_exec(
        *[sys.executable, "-P", "-m", "deploy.local", "parked", *arguments],
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await run.communicate()
    assert run.returncode == code, said.decode()
    return said.decode()


async def test_reasons_are_told_with_what_to_do(shop: Shop) -> None:
    await shop.park("sku_unknown", sku="NOT-0001")

    told = await karya(shop, "reasons")
    found = json.loads(await karya(shop, "reasons", "--json"))

    assert "sku_unknown  sales  1: 1 wait by themselves, 0 need a person, since 20" in told
    assert "`POST /v1/parked/redrive`" in told
    assert [(reason["service"], reason["code"]) for reason in found] == [("sales", "sku_unknown")]


async def test_a_message_is_corrected_and_settled(shop: Shop) -> None:
    parked_id = await shop.park("invalid", quantity=-1)

    assert "--change is no JSON object" in await karya(shop, "correct", parked_id, "--change", "[1]", *WHY, code=1)
    assert "--change is no JSON object" in await karya(
        shop, "correct", parked_id, "--change", '{"a": NaN}', *WHY, code=1
    )
    refused = await karya(shop, "correct", parked_id, "--change", '{"data": {"line": 0}}', *WHY, code=1)
    assert "data.quantity" in refused
    told = await karya(shop, "correct", parked_id, "--change", '{"data": {"quantity": 1}}', *WHY)

    assert told == f"sales {parked_id} redriven\n"
    history = json.loads(await karya(shop, "show", parked_id))["history"]
    assert [(act["act"], act["actor"]) for act in history][1:] == [("corrected", "operator:command-line")]


async def test_a_correction_that_leaves_it_parked_says_why_and_fails(shop: Shop) -> None:
    parked_id = await shop.park("invalid", quantity=-1, sku="NOT-0002")

    told = await karya(shop, "correct", parked_id, "--change", '{"data": {"quantity": 1}}', *WHY, code=1)

    assert told.startswith(f"sales {parked_id} waiting: sku_unknown: ")


async def test_one_of_two_is_chosen(shop: Shop) -> None:
    one, other = await shop.park_changed_line(), await shop.park_changed_line()

    assert "right: " in await karya(shop, "choose", one, "--right", "left", *WHY, code=1)
    assert await karya(shop, "choose", one, "--right", "recorded", *WHY) == f"sales {one} discarded\n"
    assert await karya(shop, "choose", other, "--right", "parked", *WHY) == f"sales {other} redriven\n"


async def test_all_of_one_reason_are_tried_until_none_passes_any_more(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, good = "2025-06-01T10:00:00+07:00", "2026-01-05T10:00:00+07:00"
    reports = [sale(n, receipt="many", sold_at=early if n % 400 == 1 else good) for n in range(1, 1203)]
    await shop.sales.pool.executemany(
        """
        INSERT INTO parked (id, event_id, type, subject, envelope, arrival, kind, code, detail, state)
        SELECT p.id, p.id, 'outlet.SaleReported.v1', '', $1, 7, 'not_yet', 'agreement_missing', '', 'person'
        FROM (SELECT gen_random_uuid() AS id) p
        """,
        [(report,) for report in reports],
    )
    monkeypatch.setenv("KARYA_AMQP_URL", shop.sales.settings.amqp_url)

    done = dict(await parked.asked(lambda requests: parked.redrive_all(requests, "sales", "agreement_missing")))

    assert done == {"sales": parked.Redriven(passed=1198, still_parked=4)}
    assert await shop.sales.pool.fetchval("SELECT count(*) FROM sale WHERE receipt = 'many'") == 1198
    told = await karya(shop, "redrive", "--code", "agreement_missing", code=1)
    assert told == "sales agreement_missing: 0 passed, 4 still parked\n"
    assert "Nothing is parked with the reason" in await karya(shop, "redrive", "--code", "nothing_of_that_name")
    with pytest.raises(SetupError, match="no service 'kitchen'"):
        await parked.asked(lambda requests: parked.redrive_all(requests, "kitchen", "odd"))
