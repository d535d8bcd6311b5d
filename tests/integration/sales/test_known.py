"""What other services tell of makers, products and prices."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.sales.handlers import known
from services.sales.storage.products import get_products
from shared.contracts.catalog import PriceChanged
from shared.contracts.training import MakerMoved, MakerRegistered
from shared.errors import Conflict, NotYet
from tests.integration.sales.builders import (
    ANI,
    NOON,
    SHAWL,
    WATI,
    Database,
    a_product,
    balances,
    hear,
    know_products,
    received,
)

MOVED = MakerMoved(maker_id=ANI, rusun="daan-mogot", cooperative="kop", since=date(2026, 11, 15))


def registered(maker: UUID) -> MakerRegistered:
    return MakerRegistered(maker_id=maker, rusun="pulogebang", cooperative="kop", since=date(2026, 1, 1))


async def test_a_maker_has_an_account_of_her_own(database: Database) -> None:
    pool = await database("sales")
    await hear(pool, known.know_maker, registered(ANI), registered(WATI))
    assert {f"maker-payable {ANI}", f"maker-payable {WATI}"} <= set(await balances(pool))


async def test_hearing_of_a_maker_again_changes_nothing(database: Database) -> None:
    pool = await database("sales")
    await hear(pool, known.know_maker, registered(ANI), registered(ANI))
    assert await pool.fetchval("SELECT count(*) FROM maker") == 1
    assert await pool.fetchval("SELECT count(*) FROM account WHERE kind = 'maker-payable'") == 1


async def test_a_move_waits_for_the_maker(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(NotYet) as refused:
        await hear(pool, known.move_maker, MOVED)
    assert refused.value.code == "maker_unknown"
    await hear(pool, known.know_maker, registered(ANI))
    await hear(pool, known.move_maker, MOVED)
    homes = await pool.fetch("SELECT rusun, since FROM maker_home ORDER BY since")
    assert [tuple(home) for home in homes] == [
        ("pulogebang", date(2026, 1, 1)),
        ("daan-mogot", date(2026, 11, 15)),
    ]


async def test_of_two_moves_on_one_day_the_one_told_of_later_counts_in_any_order(database: Database) -> None:
    pool = await database("sales")
    await hear(pool, known.know_maker, registered(ANI))
    early, late = MOVED, MOVED.model_copy(update={"rusun": "komarudin"})
    async with pool.acquire() as tx, tx.transaction():
        await known.move_maker([received(late, now=NOON + timedelta(minutes=1)), received(early, now=NOON)], tx)
    assert await pool.fetchval("SELECT rusun FROM maker_home WHERE since = $1", MOVED.since) == "komarudin"


async def test_a_product_waits_for_all_its_makers(database: Database) -> None:
    pool = await database("sales")
    await hear(pool, known.know_maker, registered(ANI))
    with pytest.raises(NotYet) as refused:
        await hear(pool, known.list_product, a_product(SHAWL, {ANI: 1, WATI: 2}))
    assert refused.value.code == "maker_unknown"
    await hear(pool, known.know_maker, registered(WATI))
    await hear(pool, known.list_product, a_product(SHAWL, {ANI: 1, WATI: 2}))
    makers = await pool.fetch("SELECT maker_id, weight FROM product_maker ORDER BY position")
    assert [tuple(maker) for maker in makers] == [(ANI, 1), (WATI, 2)]


async def test_a_sku_is_one_product(database: Database) -> None:
    pool = await database("sales")
    await know_products(pool)
    with pytest.raises(Conflict) as refused:
        await hear(pool, known.list_product, a_product(SHAWL, {WATI: 1}))
    assert refused.value.code == "sku_taken"


async def test_prices_are_dated_and_the_last_word_on_a_moment_counts(database: Database) -> None:
    pool = await database("sales")
    await know_products(pool)
    midnight = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    early = PriceChanged(sku=SHAWL, price=750_000, valid_from=midnight)
    late = PriceChanged(sku=SHAWL, price=800_000, valid_from=midnight)
    async with pool.acquire() as tx, tx.transaction():
        await known.change_price([received(late, now=NOON + timedelta(minutes=1)), received(early, now=NOON)], tx)
    prices = await pool.fetch("SELECT valid_from, price FROM product_price WHERE sku = $1 ORDER BY valid_from", SHAWL)
    assert [tuple(price) for price in prices] == [(NOON, 700_000), (midnight, 800_000)]


async def test_a_price_waits_for_its_product(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(NotYet) as refused:
        await hear(pool, known.change_price, PriceChanged(sku=SHAWL, price=1, valid_from=NOON))
    assert refused.value.code == "sku_unknown"


@pytest.mark.parametrize("table", ["product_maker", "product_price"])
async def test_a_product_that_is_approved_while_sales_look_is_seen_with_its_price_or_not_at_all(
    database: Database, table: str
) -> None:
    pool = await database("sales")
    await hear(pool, known.know_maker, registered(ANI))
    locked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with pool.acquire() as approving, pool.acquire() as selling:
        async with approving.transaction():
            await approving.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            looking = asyncio.create_task(get_products(selling, {SHAWL}))
            while not await pool.fetchval(locked):
                assert not looking.done(), "it did not wait"
                await asyncio.sleep(0.01)
            await known.list_product([received(a_product(SHAWL, {ANI: 1}))], approving)
        seen = await looking
    assert all(product.prices.starts for product in seen.values())
