"""One installation for all runs: servers of its own that may be broken, and a shop that is open."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.chaos.house.installation import installed
from deploy.local.chaos.opening import Opened, open_shop


@pytest.fixture(scope="package")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    async with installed(tmp_path_factory.mktemp("chaos")) as house:
        yield await open_shop(house)
