"""A process of which a background loop ends by itself stops, and says that it did not want to: it is started again."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest

from services.gateway import serving
from shared.runtime import process
from shared.runtime.backlog import Backlog
from shared.runtime.edge import Watch
from shared.runtime.service import Service
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.system.probe.service import Added, Counted
from tests.system.test_healing import hear

LISTENER = Service("probe", events={Added: hear, Counted: hear})
SECONDS = 30


async def ends(*_: object) -> None:
    """In place of a loop."""


@pytest.fixture(autouse=True)
async def signals_as_before(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A process takes hold of signals, and of the garbage collector: here it is this one, which goes on."""
    monkeypatch.setattr(process, "_spare_the_collector", lambda: None)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        asyncio.get_running_loop().remove_signal_handler(number)
        signal.signal(number, handler)


async def test_a_service_stops(make_database: MakeDatabase, broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backlog, "run", ends)
    settings = Settings(database_url=await make_database("probe"), amqp_url=broker_url)

    with pytest.raises(SystemExit) as stopped:
        async with asyncio.timeout(SECONDS):
            await process.run(LISTENER, settings)

    assert stopped.value.code == 1


async def test_a_gateway_stops(make_database: MakeDatabase, broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watch, "run", ends)
    settings = Settings(database_url=await make_database("gateway"), amqp_url=broker_url, http_port=0)

    with pytest.raises(SystemExit) as stopped:
        async with asyncio.timeout(SECONDS):
            await serving._serve(settings)

    assert stopped.value.code == 1
