"""Whoever asks for a page of a long list gets it by an index: no usual question reads a large table whole."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from deploy.local import databases
from deploy.local.bench.seeding.plan import Plan
from deploy.local.bench.seeding.seed import make_sales
from services.sales.handlers import known
from services.sales.storage import earned, looks, reading, returns, sales
from services.sales.views.exchanges import list_exchanges
from services.sales.views.ledger import get_statement
from services.sales.views.sales import list_sales
from services.sales.views.stock import list_low_stock, list_slow_sellers
from services.sales.views.variances import list_variances
from shared import db
from shared.contracts.message import Query
from shared.contracts.sales import GetStatement, ListSales
from shared.contracts.sales.goods import ListLowStock, ListSlowSellers
from shared.contracts.sales.tills import ListExchanges, ListVariances
from shared.contracts.training import MakerRegistered
from shared.db import Pool, Tx
from shared.runtime import outbox
from shared.runtime.digests import log
from shared.runtime.envelope import now
from shared.runtime.migrate import migrate
from tests.conftest import SERVICES, Urls
from tests.integration.plans import Explained, list_large
from tests.integration.sales.builders import a_product, a_return, hear, open_outlet, received

SALES = 100_000
"""How many there are."""

MAKERS = [UUID(int=number) for number in range(1, 51)]
SKUS = [f"BTK-{number:04d}" for number in range(len(MAKERS))]
VIEWS: tuple[tuple[Callable[..., Awaitable[object]], Query[Any]], ...] = (
    (list_sales, ListSales()),
    (list_sales, ListSales(outlet="citos")),
    (list_sales, ListSales(sku=SKUS[7])),
    (list_sales, ListSales(receipt="1")),
    (get_statement, GetStatement(maker_id=MAKERS[7])),
    (list_variances, ListVariances()),
    (list_exchanges, ListExchanges()),
    (list_low_stock, ListLowStock(code="citos")),
    (list_slow_sellers, ListSlowSellers(code="citos")),
)


@pytest.fixture(scope="module")
async def asking(servers: Urls) -> AsyncIterator[Explained]:
    """Made once: it takes a while."""
    async with databases.scratch(servers.database, str(urlsplit(servers.database).username)) as name:
        url = servers.database_of(name)
        await migrate(url, "sales", SERVICES / "sales" / "migrations")
        pool = await db.open_pool(url, "tests")
        await live_long(pool)
        async with pool.acquire() as tx:
            yield Explained(tx, await list_large(tx))
        pool.terminate()


async def live_long(pool: Pool) -> None:
    """100 days of two outlets: 50 products, each of one maker."""
    since, until = date(2026, 1, 1), datetime.now(UTC)
    makers = [MakerRegistered(maker_id=maker, rusun="tower", cooperative="kop", since=since) for maker in MAKERS]
    await hear(pool, known.know_maker, *makers)
    products = [a_product(sku, {maker: 1}) for sku, maker in zip(SKUS, MAKERS, strict=True)]
    await hear(pool, known.list_product, *products)
    for outlet in ("citos", "pim"):
        await open_outlet(pool, outlet)
    async with pool.acquire() as connection:
        await make_sales(connection, Plan(SALES, until - timedelta(days=100), until), SKUS)
        await flood_outbox(connection)


async def flood_outbox(tx: Tx) -> None:
    """Full when PostgreSQL last counted it, and nearly empty now: that is how it is after every flood."""
    await tx.execute("INSERT INTO outbox (day, id) SELECT day, id FROM event_log ORDER BY id DESC LIMIT 50000")
    await tx.execute("ANALYZE outbox")
    await tx.execute("DELETE FROM outbox WHERE seq > (SELECT min(seq) FROM outbox)")


async def test_what_is_asked_about_is_large(asking: Explained) -> None:
    assert {"sale", "sale_split"} < asking.large
    assert any(name.startswith("transfer_2") for name in asking.large)
    assert any(name.startswith("inbox_") for name in asking.large)


async def test_no_usual_question_reads_a_large_table_whole(asking: Explained) -> None:
    for view, question in VIEWS:
        await view(received(question, datetime.now(UTC)), asking)
    assert asking.whole == []


async def test_whoever_books_and_whoever_watches_read_none_whole_either(asking: Explained) -> None:
    tx = cast("Tx", asking)
    facts = [row["no"] for row in await tx.fetch("SELECT no FROM sale ORDER BY no DESC LIMIT 500")]
    await sales.get_recorded_sales(tx, [(str(number), 1, "citos", "till-1") for number in range(100)])
    await returns.list_candidates(tx, [a_return(sku=SKUS[7], original_receipt=None, original_line=None)])
    await looks.list_twins(tx, facts, 5)
    await looks.list_late_shelves(tx, facts)
    await looks.list_awaited(tx, facts)
    last = await reading.get_last_number(tx)
    await earned.add_earned(tx, last - 500, last)
    assert asking.whole == []


async def test_whoever_sends_reads_no_whole_log(asking: Explained) -> None:
    tx = cast("Tx", asking)
    hour = [int((now() - timedelta(minutes=minutes)).timestamp() * 1000) for minutes in (60, 30, 0)]
    assert any(name.startswith("event_log_2") for name in asking.large)

    assert len(await outbox.list_unsent(tx, 2000)) == 1
    await log.list_sent(tx, ["sales.ItemSold.v1"], hour)
    assert await log.get_oldest_held(tx, ["sales.ItemSold.v1"])
    assert [table for table, _ in asking.whole if table.startswith("event_log")] == []
