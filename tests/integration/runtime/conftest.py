"""A desk of its own for each test."""

import pytest

from tests.conftest import OpenDatabase
from tests.integration.runtime.desk import Desk


@pytest.fixture
async def desk(database: OpenDatabase) -> Desk:
    return Desk(await database("probe"))
