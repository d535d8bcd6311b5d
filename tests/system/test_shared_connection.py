"""One loop of a service hangs up on a broker that says nothing, while others wait for it on the same connection."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from shared.runtime import topology
from shared.runtime.broker import Broker
from shared.runtime.process import Process
from shared.runtime.service import Service
from shared.settings import Settings
from tests.conftest import MakeDatabase, delete_queues
from tests.system.conftest import until
from tests.system.probe.service import Added, Counted
from tests.system.test_healing import QUEUE, hear
from tests.tap import Tap, tapped

LISTENER = Service("probe", events={Added: hear, Counted: hear})
OFTEN, A_WHILE = 0.01, 0.1
MOMENTS = 120


@dataclass
class Tapped:
    """A service that looks at its queues all the time, and its broker, which can fall silent."""

    process: Process
    broker: Tap


@pytest.fixture
async def service(make_database: MakeDatabase, broker_url: str) -> AsyncIterator[Tapped]:
    async with tapped(broker_url) as broker:
        database = await make_database("probe")
        process = Process(LISTENER, Settings(database_url=database, amqp_url=broker.url, topology_seconds=OFTEN))
        await process.start()
        yield Tapped(process, broker)
        broker.flow()
        await process.stop()


async def test_whoever_waited_goes_on(service: Tapped, broker_url: str) -> None:
    service.broker.stop()
    await asyncio.sleep(A_WHILE)
    await service.process.broker.renew()  # as the relay does when nobody confirms
    service.broker.flow()
    await delete_queues(broker_url)

    async def is_back() -> bool:
        return QUEUE in await service.process.broker.depths()

    await until(is_back, "the queue is declared again", 30)


async def test_a_look_says_that_the_broker_is_away_whatever_the_library_says(broker_url: str) -> None:
    """In each of the moments in which somebody may close the connection in the middle of a look."""
    broker = Broker(broker_url, "probe", topology.feeds("probe", (Added, Counted)))
    await broker.connect()
    for moments in range(MOMENTS):
        look = asyncio.create_task(broker.faults())
        for _ in range(moments):
            await asyncio.sleep(0)
        await broker.renew()

        assert isinstance(await look, list)
    await broker.close()
