"""Tills post, fail and are slow while the ledger is sealed again and again: nothing ever turns up below a seal."""

import asyncio
import random
from itertools import count

from services.sales.handlers.sales import record_sales
from services.sales.views.seals import Checked, check
from services.sales.watch import seals
from shared.db import Pool
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    in_full,
    open_outlet,
    open_shop,
    received,
)

receipts = count(1)
OUTLETS = ("citos", "pim", "alun-alun")


async def sell(pool: Pool, outlet: str, luck: random.Random) -> None:
    """Some are slow to commit, some never do. No two outlets wait for each other's shelves."""
    async with pool.acquire() as tx:
        moment = tx.transaction()
        await moment.start()
        sold = a_sale(outlet=outlet, receipt=f"N{next(receipts)}", sku=luck.choice((SHAWL, POUCH)))
        await in_full(record_sales, [received(sold)], tx)
        await asyncio.sleep(luck.choice((0, 0, 0.01, 0.05)))
        await (moment.rollback() if luck.random() < 0.3 else moment.commit())


async def seal(pool: Pool) -> None:
    begun = done = False
    while not done:
        async with pool.acquire() as tx, tx.transaction():
            begun, done = await seals.seal_now(tx, NOON, begun)


async def verify(pool: Pool) -> Checked:
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read", readonly=True):
        return [found async for found in check(tx)][-1]


async def test_nothing_turns_up_below_a_seal(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    for outlet in OUTLETS[1:]:
        await open_outlet(pool, outlet)

    async def feed(outlet: str) -> None:
        luck = random.Random(outlet)
        for _ in range(25):
            await sell(pool, outlet, luck)

    async def keep_sealing() -> None:
        while len(selling) > sum(one.done() for one in selling):
            await seal(pool)
            assert (await verify(pool)).faults == []

    selling = [asyncio.create_task(feed(outlet)) for outlet in OUTLETS]
    await asyncio.gather(*selling, keep_sealing(), keep_sealing())
    await seal(pool)

    found = await verify(pool)
    assert (found.faults, found.unsealed) == ([], 0)
    assert found.entries == await pool.fetchval("SELECT count(*) FROM transfer")
    assert found.seals > 5
