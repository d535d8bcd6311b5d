"""A replay closes months where the log does: what was told before is in the month, what was told after is not."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from services.sales.replay.replayer import Replayer, describe, wires
from services.sales.views.books import get_books
from shared.contracts.sales.books import ClosePeriod
from tests.conftest import MakeDatabase, OpenDatabase, Urls
from tests.integration.sales.builders import NOON, a_sale, a_void
from tests.integration.sales.history import open_house
from tests.integration.sales.town import FINANCE, Town, found_town

OCTOBER = NOON - timedelta(days=30)


@pytest.fixture
async def town(servers: Urls, make_database: MakeDatabase) -> AsyncIterator[Town]:
    made = await found_town(servers, make_database)
    yield made
    for pool in made.pools.values():
        pool.terminate()


async def close(town: Town, month: str) -> None:
    for actor in (FINANCE, "coordinator:rina"):
        await town.ask(ClosePeriod(month=month), actor)


async def live(town: Town) -> None:
    """Sales of September and October, each month closed, and something late after each closing."""
    await open_house(town)
    september = OCTOBER - timedelta(days=31)
    await town.report(a_sale(receipt="1", sold_at=september), a_sale(receipt="2", sold_at=OCTOBER))
    await close(town, "2026-09")
    await town.report(a_sale(receipt="3", sold_at=september), a_void(receipt="1", voided_at=september))
    await close(town, "2026-10")
    await town.report(a_sale(receipt="4", sold_at=september), a_sale(receipt="5", sold_at=OCTOBER))


async def test_closed_months_and_what_was_late_for_them_come_out_the_same(town: Town) -> None:
    await live(town)
    verdict = await town.verify()
    assert verdict.production.explain(verdict.replayed.books) == ""
    assert verdict.equal
    booked = {of.split()[-1] for of in verdict.production.pages["months"]}
    assert booked == {"2026-09", "2026-10", "2026-11"}
    assert {of.split()[0] for of in verdict.production.pages["periods"]} == {"2026-09", "2026-10"}


async def test_a_figure_that_was_changed_is_found(town: Town) -> None:
    await live(town)
    async with town.sales.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL session_replication_role = replica")
        await tx.execute("UPDATE closing_figure SET debit = debit + 1, credit = credit + 1")
        await tx.execute("UPDATE transfer SET booked = '2026-12-01' WHERE id = 1")
    verdict = await town.verify()
    named = verdict.production.explain(verdict.replayed.books, most=100)
    assert "periods: 2026-09 outlet-receivable citos: debit 700001, not 700000" in named
    assert "months: outlet-receivable citos 2026-12: debit 175000, credit 0, only in these" in named


async def test_a_cause_that_never_comes_does_not_keep_a_month_open(town: Town, database: OpenDatabase) -> None:
    await live(town)
    own = await town.sales.fetch(
        "SELECT envelope FROM event_log WHERE type = ANY ($1::text[]) ORDER BY recorded_at, id", wires()["sales"]
    )
    target = await database("sales")
    async with target.acquire() as tx:
        replayer = Replayer(tx)
        await replayer.feed([row["envelope"] for row in own])
        left = await replayer.finish()
        assert {describe(one).split()[0] for one in left} == {"sales.ItemSold.v1", "sales.SaleVoided.v1"}
        assert await tx.fetchval("SELECT day FROM open_since") == date(2026, 11, 1)
        assert (await get_books(tx)).pages["accounts"] == {}
