"""A queue whose inside the broker has lost is made anew by the house, and what was in it is sent again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aio_pika
import pytest

from deploy.local import rabbitmq
from deploy.local.chaos.house.nodes import Nodes, find_nodes
from deploy.local.state import State
from shared.runtime import stuck
from shared.runtime.process import Process
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.system.conftest import until
from tests.system.test_healing import FEW, QUEUE, SELF_LISTENER, Listener, gate

LOSE = "ra:force_delete_server(quorum_queues, {{'%2F_{}', node()}})."
"""What is left of a queue when a broker is killed before all of it is on disk: its name."""


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


async def test_a_queue_that_nobody_can_read_is_made_anew(
    nodes: Nodes, make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck, "STUCK_SECONDS", 2.0)
    gate.set()
    [node] = nodes.all
    password = quote(rabbitmq.passwords(nodes.state)["karya"], safe="")
    url = f"amqp://karya:{password}@127.0.0.1:{node.port}/"
    config = Settings(database_url=await make_database("probe"), amqp_url=url, topology_seconds=0.5, digest_seconds=0.8)
    process = Process(SELF_LISTENER, config)
    await process.start()
    connection: Any = await aio_pika.connect(url)
    listener = Listener(process, await connection.channel())
    try:
        await listener.say("before")
        await listener.heard(1)

        nodes.control(node, "eval", LOSE.format(QUEUE))
        for _ in range(FEW):
            await listener.say("meanwhile")

        await listener.heard(1 + FEW, seconds=90)
        await until(_is_ready(process), "everything is as it was", 30)
    finally:
        await connection.close()
        await process.stop()


def _is_ready(process: Process) -> Any:
    async def ready() -> bool:
        return process.health.ready

    return ready
