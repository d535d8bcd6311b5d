"""One system for all scenarios: the five services as processes, as `./karya up` starts them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.state import State
from deploy.local.system import System
from tests.system.scenarios.world import World, begin


@contextmanager
def an_installation(folder: Path) -> Iterator[System]:
    """It waits a second, not a minute, for tills' reports that overtake each other. Gone afterwards."""
    system = System(State(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KARYA_TILL_GRACE_SECONDS", "1")
        patch.setenv("KARYA_HTTP_PORT", str(system.state.port("gateway")))
        try:
            system.ensure_up()
            yield system
        finally:
            system.down()
            system.state.erase()


@pytest.fixture(scope="package")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with an_installation(tmp_path_factory.mktemp("scenarios")) as system:
        yield system


@pytest.fixture(scope="package")
async def world(installed: System) -> AsyncIterator[World]:
    endpoints = await asyncio.to_thread(installed.endpoints)
    async with begin(installed, endpoints) as running:
        yield running
