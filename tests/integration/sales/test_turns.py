"""Replicas with mixed reports of one outlet take turns instead of waiting for each other in a circle."""

import asyncio
from datetime import timedelta

import pytest

from shared.runtime import redrive
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    check_stock,
    deliver,
    open_shop,
)
from tests.integration.sales.till_road import Road

DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
ROUNDS = 5


async def test_two_replicas_with_sales_and_returns_never_wait_in_a_circle(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 100, POUCH: 100})
    replicas = Road(pool), Road(pool)
    await replicas[0].bring(*[a_sale(receipt=f"{n}", sku=SHAWL) for n in range(ROUNDS)])
    await replicas[0].bring(*[a_sale(receipt=f"P{n}", sku=POUCH) for n in range(ROUNDS)])

    async def work(replica: Road, number: int) -> None:
        """One sells shawls and takes pouches back, the other one the other way round."""
        sold, back, which = ((SHAWL, POUCH, "P"), (POUCH, SHAWL, ""))[number]
        for n in range(ROUNDS):
            sale = a_sale(till=f"till-{number}", receipt=f"new-{n}", sku=sold)
            undone = a_return(till=f"till-{number}", receipt=f"back-{n}", sku=back, original_receipt=f"{which}{n}",
                              original_till="till-1")  # fmt: skip
            await replica.bring(sale, undone, ids=(f"{number}/sale-{n}", f"{number}/back-{n}"))

    await asyncio.gather(*[work(replica, number) for number, replica in enumerate(replicas)])
    assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    await check_stock(pool)
    await pool.fetchval("SELECT pg_stat_force_next_flush()")
    assert await pool.fetchval(DEADLOCKS) == 0


async def test_two_that_try_parked_reports_again_never_wait_in_a_circle(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    replicas = Road(pool), Road(pool)
    for n in range(2 * ROUNDS):
        await replicas[0].bring(
            a_sale(receipt=f"{n}", sku="BTK-9999"), a_return(receipt=f"C{n}", original_receipt=f"{n}")
        )
        replicas[0].now += timedelta(seconds=1)
    monkeypatch.setattr(redrive, "ROUND", 2)
    later = NOON + timedelta(minutes=1)

    async def work(replica: Road) -> None:
        while await replica.redriver.round(pool, later):
            pass

    await asyncio.wait_for(asyncio.gather(*[work(replica) for replica in replicas]), 30)
    await pool.fetchval("SELECT pg_stat_force_next_flush()")
    assert await pool.fetchval(DEADLOCKS) == 0


async def test_replicas_with_nothing_but_sales_work_side_by_side(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 100, POUCH: 100})
    first, second = Road(pool), Road(pool)
    async with pool.acquire() as tx, tx.transaction():
        await first.bring_within(tx, a_sale(sku=SHAWL), ids=["a"])
        await asyncio.wait_for(second.bring(a_sale(till="till-2", sku=POUCH), ids=["b"]), 5)
