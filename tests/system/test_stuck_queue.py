"""A queue whose inside the broker has lost keeps no other waiting, is made anew, and what was in it is sent again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aio_pika
import pytest

from deploy.local import rabbitmq
from deploy.local.chaos.house.nodes import Nodes, find_nodes
from deploy.local.state import State
from shared.runtime import consumer, outbox, stuck
from shared.runtime.envelope import now
from shared.runtime.process import Process
from shared.runtime.service import Service
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.system.conftest import until
from tests.system.probe.service import Added, Counted
from tests.system.test_healing import FEW, QUEUE, Listener, gate, hear

LOSE = "ra:force_delete_server(quorum_queues, {{'%2F_{}', node()}})."
"""What is left of a queue when a broker is killed before all of it is on disk: its name."""

NEVER = 3600.0
LISTENER = Service("probe", events={Added: hear, Counted: hear})


@pytest.fixture
async def nodes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nodes]:
    """A broker of our own: nobody else's is hurt."""
    folder: Path = tmp_path_factory.mktemp("broker")
    found = find_nodes(State(folder))
    try:
        found.start(1)
        yield found
    finally:
        found.stop()
        found.state.erase()


async def test_a_queue_that_nobody_can_read_keeps_no_other_waiting_and_is_made_anew(
    nodes: Nodes, make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck, "STUCK_SECONDS", NEVER)
    monkeypatch.setattr(consumer, "SILENT_SECONDS", 1.0)
    gate.set()
    [node] = nodes.all
    password = quote(rabbitmq.passwords(nodes.state)["karya"], safe="")
    url = f"amqp://karya:{password}@127.0.0.1:{node.port}/"
    config = Settings(database_url=await make_database("probe"), amqp_url=url, topology_seconds=0.5, digest_seconds=0.8)
    process = Process(LISTENER, config)
    await process.start()
    connection: Any = await aio_pika.connect(url)
    listener = Listener(process, await connection.channel())
    try:
        await listener.say("before")
        await listener.heard(1)

        nodes.control(node, "eval", LOSE.format(QUEUE))
        for _ in range(FEW):
            await listener.say("meanwhile")

        await until(_is_apart(process), "the queue has a connection of its own", 30)
        await _say_otherwise(listener, "another")
        await listener.heard(2, seconds=10)
        assert not process.health.ready

        monkeypatch.setattr(stuck, "STUCK_SECONDS", 2.0)
        await listener.heard(2 + FEW, seconds=90)
        await until(_is_ready(process), "everything is as it was", 30)
    finally:
        await connection.close()
        await process.stop()


async def _say_otherwise(listener: Listener, name: str) -> None:
    """An event that comes through another queue."""
    async with listener.process.pool.acquire() as tx, tx.transaction():
        await outbox.put_own(tx, "probe", [Counted(name=name, amount=1)], now())
    listener.process.relay.wake()


def _is_apart(process: Process) -> Any:
    async def apart() -> bool:
        return QUEUE in process.broker._consumers

    return apart


def _is_ready(process: Process) -> Any:
    async def ready() -> bool:
        return process.health.ready

    return ready
