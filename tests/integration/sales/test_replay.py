"""The event logs hold all of the books: replayed into an empty database they come out the same."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from services.sales.replay.families import LINKS
from tests.conftest import MakeDatabase, Urls
from tests.integration.sales.history import live
from tests.integration.sales.town import Town, found_town


@pytest.fixture
async def town(servers: Urls, make_database: MakeDatabase) -> AsyncIterator[Town]:
    made = await found_town(servers, make_database)
    yield made
    for pool in made.pools.values():
        pool.terminate()


async def test_the_books_of_a_rich_history_come_out_the_same(town: Town) -> None:
    await live(town)
    told = Counter([row["type"] for row in await town.sales.fetch("SELECT type FROM event_log")])
    assert {kind.wire for kind in LINKS if kind.owner() == "sales"} <= told.keys()
    verdict = await town.verify()
    assert verdict.production.explain(verdict.replayed.books) == ""
    assert verdict.equal
    assert verdict.production.digest() == verdict.replayed.books.digest()
