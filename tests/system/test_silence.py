"""A service whose database falls silent says so to whoever asks, instead of letting them wait."""

import time
from collections.abc import AsyncIterator

import pytest

from shared.errors import Unavailable
from shared.runtime.process import Process
from shared.runtime.pulse import EVERY, PATIENCE
from shared.runtime.requests import Requests
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.system.conftest import until
from tests.system.probe.service import PROBE, Add, GetTotal, Total
from tests.tap import Tap, tapped

KNOWN = EVERY + PATIENCE + 1


@pytest.fixture
async def database_tap(make_database: MakeDatabase) -> AsyncIterator[Tap]:
    async with tapped(await make_database("probe")) as tap:
        yield tap


@pytest.fixture
async def service(database_tap: Tap, broker_url: str) -> AsyncIterator[Process]:
    process = Process(PROBE, Settings(database_url=database_tap.url, amqp_url=broker_url))
    await process.start()
    yield process
    database_tap.flow()
    await process.stop()


@pytest.fixture
async def requests(broker_url: str) -> AsyncIterator[Requests]:
    client = Requests(broker_url, "tests", "/tests")
    yield client
    await client.close()


async def test_requests_are_refused_at_once_while_the_database_is_silent(
    service: Process, requests: Requests, database_tap: Tap
) -> None:
    assert await requests.ask(Add(name="good", amount=1), actor="tests") == Total(entries=1, amount=1)
    database_tap.stop()

    began = time.monotonic()
    with pytest.raises(Unavailable, match="database_away"):
        await requests.ask(GetTotal(), actor="tests")
    assert time.monotonic() - began < KNOWN

    began = time.monotonic()
    for _ in range(50):  # more than may be in hand at once
        with pytest.raises(Unavailable, match="database_away"):
            await requests.ask(Add(name="good", amount=1), actor="tests")
    assert time.monotonic() - began < 1
    assert service.health.faults["database"] == "silent"

    database_tap.flow()

    async def answers() -> bool:
        try:
            return await requests.ask(GetTotal(), actor="tests") == Total(entries=1, amount=1)
        except Unavailable:
            return False

    await until(answers, "the service answers again")
    assert "database" not in service.health.faults
