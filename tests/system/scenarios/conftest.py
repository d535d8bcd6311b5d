"""One system for all scenarios: the five services as processes, as `./karya up` starts them."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.state import State
from deploy.local.system import System
from tests.system.scenarios.world import World, begin


@pytest.fixture(scope="package")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """An installation that waits a second, not a minute, for tills' reports that overtake each other."""
    system = System(State(tmp_path_factory.mktemp("scenarios")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KARYA_TILL_GRACE_SECONDS", "1")
        try:
            system.ensure_up()
            yield system
        finally:
            system.down()
            system.state.erase()


@pytest.fixture(scope="package")
async def world(installed: System) -> AsyncIterator[World]:
    endpoints = await asyncio.to_thread(installed.endpoints)
    async with begin(installed, endpoints) as running:
        yield running
