"""What is known of outlets and products is remembered for as long as nothing of it changes, and not a batch longer."""

import asyncio
from datetime import date, timedelta

from services.sales.domain.sales import Known
from services.sales.handlers import known as hearing
from services.sales.storage.known import Knowledge
from shared.contracts.catalog import PriceChanged
from shared.db import Pool, Tx
from tests.integration.sales.builders import NOON, POUCH, SHAWL, Database, agree, hear, open_outlet, open_shop

LATER = NOON + timedelta(hours=1)


async def know(knowledge: Knowledge, tx: Tx, *skus: str) -> Known:
    return await knowledge.get_known(tx, {"citos"}, set(skus or (SHAWL,)), set())


def price_of(known: Known, sku: str = SHAWL) -> int:
    listed = known.products[sku].prices.at(LATER)
    assert listed is not None
    return listed.price


async def reprice(pool: Pool, price: int, sku: str = SHAWL) -> None:
    await hear(pool, hearing.change_price, PriceChanged(sku=sku, price=price, valid_from=LATER))


async def test_what_is_remembered_is_not_read_again(database: Database) -> None:
    pool, knowledge = await database("sales"), Knowledge()
    await open_shop(pool, listed=700_000)
    asked: list[object] = []
    async with pool.acquire() as tx:
        await know(knowledge, tx)
        tx.add_query_logger(asked.append)
        await know(knowledge, tx)
        await asyncio.sleep(0)  # the driver tells its loggers a moment later
    assert len(asked) == 1


async def test_a_change_is_known_to_the_next_batch(database: Database) -> None:
    pool, knowledge = await database("sales"), Knowledge()
    await open_shop(pool, listed=700_000)
    async with pool.acquire() as tx:
        assert price_of(await know(knowledge, tx)) == 700_000
        await reprice(pool, 650_000)
        assert price_of(await know(knowledge, tx)) == 650_000
        await agree(pool, date(2026, 6, 1), outlet_bps=3_000)
        assert len((await know(knowledge, tx)).outlets["citos"].agreements) == 2


async def test_what_was_not_there_is_looked_for_again(database: Database) -> None:
    pool, knowledge = await database("sales"), Knowledge()
    async with pool.acquire() as tx:
        assert not (await know(knowledge, tx)).products
        await open_shop(pool, listed=700_000)
        assert SHAWL in (await know(knowledge, tx)).products


async def test_a_change_that_is_not_committed_is_not_believed(database: Database) -> None:
    pool, knowledge = await database("sales"), Knowledge()
    await open_shop(pool, listed=700_000)
    async with pool.acquire() as changing, pool.acquire() as tx:
        change = changing.transaction()
        await change.start()
        await changing.execute("UPDATE product_price SET price = 1 WHERE sku = $1", SHAWL)
        assert price_of(await know(knowledge, changing)) == 1
        assert price_of(await know(knowledge, tx)) == 700_000
        await change.rollback()
        assert price_of(await know(knowledge, tx)) == 700_000


async def test_who_looked_before_a_change_cannot_spoil_what_is_known_after_it(database: Database) -> None:
    pool, knowledge = await database("sales"), Knowledge()
    await open_shop(pool, listed=700_000)
    async with pool.acquire() as old, pool.acquire() as new:
        async with old.transaction(isolation="repeatable_read"):
            await know(knowledge, old, SHAWL)
            await reprice(pool, 90_000, POUCH)
            await know(knowledge, new, SHAWL)
            assert price_of(await know(knowledge, old, POUCH), POUCH) == 700_000
        assert price_of(await know(knowledge, new, POUCH), POUCH) == 90_000


async def test_two_databases_never_share_what_is_known(database: Database) -> None:
    here, there, knowledge = await database("sales"), await database("sales"), Knowledge()
    await open_shop(here, outlet_bps=2_500)
    await open_shop(there, outlet_bps=1_000)
    await open_outlet(there, "pim")
    for pool, share in ((here, 2_500), (there, 1_000), (here, 2_500)):
        async with pool.acquire() as tx:
            known = await know(knowledge, tx)
            assert known.outlets["citos"].agreements[0].outlet_bps == share
