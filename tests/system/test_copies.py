"""Whoever watches gets a copy of everything once the services have noticed; before, none is made."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from services.gateway.attention import NOTICED_SECONDS
from shared.runtime.edge import Watch
from shared.runtime.loops import Loops
from tests.system.conftest import Probe, until
from tests.system.probe.service import counted


async def test_a_watch_sees_what_a_service_says_while_it_is_wanted(probe: Probe, broker_url: str) -> None:
    bodies: list[bytes] = []
    watch = Watch(broker_url, "tests.live")
    loops = Loops(lambda: None)
    loops.start(watch.run(bodies.append))
    await until(_consumes(watch), "the watch has its queue")
    try:
        await _say(probe, "unseen", 1)
        assert bodies == []

        await watch.want(True)
        await asyncio.sleep(NOTICED_SECONDS)
        for n in range(5):
            await _say(probe, f"seen-{n}", 2 + n)
        await until(_has_seen(bodies, 5), "five events are seen")
        assert _names(bodies) == [f"seen-{n}" for n in range(5)]

        await watch.want(False)
        await _say(probe, "unseen", 7)
        assert len(bodies) == 5
    finally:
        await loops.end()
        await watch.close()


async def _say(probe: Probe, name: str, entries: int) -> None:
    """One event comes, and the one that it causes leaves."""
    await probe.publish(counted(name)[1])
    await probe.entries(entries)

    async def left() -> bool:
        return await probe.count("outbox") == 0

    await until(left, "the event has left")


def _consumes(watch: Watch) -> Callable[[], Awaitable[bool]]:
    async def consumes() -> bool:
        return watch._queue is not None

    return consumes


def _has_seen(bodies: list[bytes], n: int) -> Callable[[], Awaitable[bool]]:
    async def seen() -> bool:
        return len(bodies) == n

    return seen


def _names(bodies: list[bytes]) -> list[str]:
    return [event["data"]["name"] for body in bodies for event in json.loads(body)]
