"""Several replicas at once, repeated and shuffled reports: the books come out the same."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.sales.handlers.known import list_product
from services.sales.handlers.returns import record_returns
from services.sales.handlers.sales import record_sales
from shared.contracts.outlets import ReturnReported, SaleReported
from shared.contracts.sales import ItemReturned, ItemSold
from shared.db import Pool
from shared.errors import NotYet
from shared.runtime.handler import BatchHandler, Outcome, Refused
from tests.integration.sales.builders import (
    ANI,
    POUCH,
    SHAWL,
    Database,
    a_product,
    a_return,
    a_sale,
    balances,
    check_stock,
    deliver,
    hear,
    ignored,
    in_full,
    open_outlet,
    open_shop,
    owed,
    received,
    refused,
    report,
    told,
)


@asynccontextmanager
async def slow_replica(pool: Pool, handle: BatchHandler, *reports: Any) -> AsyncIterator[list[Outcome]]:
    """Has done its work; commits at the end of the block."""
    async with pool.acquire() as tx, tx.transaction():
        yield await in_full(handle, [received(one) for one in reports], tx)


async def other_replica(
    pool: Pool, handle: BatchHandler, *reports: Any, waiting: int = 1
) -> "asyncio.Task[list[Outcome]]":
    """Is at the same work on a connection of its own, and now waits for another: `waiting` replicas do."""

    async def work() -> list[Outcome]:
        async with pool.acquire() as tx, tx.transaction():
            return await in_full(handle, [received(one) for one in reports], tx)

    task = asyncio.create_task(work())
    locked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while await pool.fetchval(locked) < waiting:
        assert not task.done(), "it did not wait"
        await asyncio.sleep(0.01)
    return task


async def test_the_same_500_reports_in_two_replicas_are_booked_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    batch = [a_sale(line=line) for line in range(1, 501)]
    async with slow_replica(pool, record_sales, *batch) as first:
        task = await other_replica(pool, record_sales, *reversed(batch))
    second = await task
    assert (len(told(first, ItemSold)), ignored(second), len(told(second, ItemSold))) == (500, 500, 0)
    assert await pool.fetchval("SELECT count(*) FROM sale") == 500
    assert await pool.fetchval("SELECT count(*) FROM sale_split") == 500
    assert await owed(pool) == 500 * 455_000
    assert await check_stock(pool) == 1


async def test_of_contradicting_reports_in_two_replicas_the_first_stands(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    async with slow_replica(pool, record_sales, a_sale()):
        task = await other_replica(pool, record_sales, a_sale(unit_price=70_000), a_sale(line=2))
    second = await task
    assert refused(second) == [("conflict", "receipt_line_changed")]
    assert len(told(second, ItemSold)) == 1
    assert await owed(pool) == 2 * 455_000


async def test_what_a_replica_did_not_commit_the_other_books(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    with pytest.raises(ConnectionError):
        async with slow_replica(pool, record_sales, a_sale()):
            task = await other_replica(pool, record_sales, a_sale())
            raise ConnectionError("the first replica dies")
    assert len(told(await task, ItemSold)) == 1
    assert await owed(pool) == 455_000


async def test_replicas_that_sell_from_the_same_shelves_never_wait_in_a_circle(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await hear(pool, list_product, a_product("KNT-0001", {ANI: 1}))
    shelves = [SHAWL, "KNT-0001", POUCH]
    ascending = [a_sale(till="till-1", line=line, sku=sku) for line, sku in enumerate(shelves, start=1)]
    descending = [a_sale(till="till-2", line=line, sku=sku) for line, sku in enumerate(reversed(shelves), start=1)]
    async with slow_replica(pool, record_sales, a_sale(sku="KNT-0001", till="till-3")):
        first = await other_replica(pool, record_sales, *ascending)
        second = await other_replica(pool, record_sales, *descending, waiting=2)
    assert len(told(await first, ItemSold)) == len(told(await second, ItemSold)) == 3
    assert await check_stock(pool) == 3


async def test_replicas_that_record_the_same_lines_never_wait_in_a_circle(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    lines = [a_sale(line=line) for line in (1, 2, 3)]
    async with slow_replica(pool, record_sales, lines[1]):
        first = await other_replica(pool, record_sales, *lines)
        second = await other_replica(pool, record_sales, *reversed(lines), waiting=2)
    assert (len(told(await first, ItemSold)), ignored(await second)) == (2, 3)
    assert await owed(pool) == 3 * 455_000


async def test_the_same_return_in_two_replicas_is_booked_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2))
    async with slow_replica(pool, record_returns, a_return()) as first:
        task = await other_replica(pool, record_returns, a_return())
    assert (len(told(first, ItemReturned)), ignored(await task)) == (1, 1)
    assert await owed(pool) == 455_000


async def test_the_last_piece_comes_back_to_one_of_two_replicas(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    async with slow_replica(pool, record_returns, a_return(line=1)):
        task = await other_replica(pool, record_returns, a_return(line=2))
    assert refused(await task) == [("rejected", "more_than_sold")]
    assert await owed(pool) == 0


async def test_one_return_line_of_two_sales_in_two_replicas_is_a_conflict_once_the_first_is_booked(
    database: Database,
) -> None:
    """The second waits for the first: both name one receipt."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(line=1), a_sale(line=2))
    contradiction = a_return(original_line=2)
    async with slow_replica(pool, record_returns, a_return(original_line=1)):
        task = await other_replica(pool, record_returns, contradiction)
    assert refused(await task) == [("conflict", "receipt_line_changed")]
    assert await owed(pool) == 455_000


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_day_shuffled_and_repeated_gives_the_same_books(database: Database, seed: int) -> None:
    orderly, disorderly = await database("sales"), await database("sales")
    day = a_day()
    shuffled = day * 2
    random.Random(seed).shuffle(shuffled)
    counts = []
    for pool, reports, size in ((orderly, day, 500), (disorderly, shuffled, 37)):
        await open_shop(pool)
        await open_outlet(pool, "pim", 1750, 750)
        await deliver(pool, {SHAWL: 40, POUCH: 10})
        counts.append(await play(pool, reports, size))
        assert await check_stock(pool) == 4
    assert counts[0] == (len(day), 0)
    assert counts[1] == (len(day), len(day))
    assert await balances(orderly) == await balances(disorderly)
    shelves = "SELECT outlet, sku, balance FROM stock ORDER BY outlet, sku"
    assert await orderly.fetch(shelves) == await disorderly.fetch(shelves)
    assert await owed(orderly) > 0


def a_day() -> list[SaleReported | ReturnReported]:
    """240 lines of two outlets; of every eighth some pieces come back, in two parts when there are several."""
    sold = [
        a_sale(
            outlet=("citos", "pim")[n % 2],
            receipt=str(536_000 + n // 3),
            line=n % 3 + 1,
            sku=(SHAWL, POUCH)[n % 5 == 0],
            quantity=1 + n % 4,
            unit_price=100_003 + 7 * n,
            discount=n % 4,
        )
        for n in range(240)
    ]
    back = []
    for n, sale in enumerate(sold[::8]):
        original = {
            "outlet": sale.outlet,
            "sku": sale.sku,
            "original_receipt": sale.receipt,
            "original_line": sale.line,
        }
        back += [a_return(receipt=f"C{n}", line=part + 1, **original) for part in range(min(sale.quantity, 2))]
    return [*sold, *back]


async def play(pool: Pool, reports: Sequence[Any], size: int) -> tuple[int, int]:
    """Reports batch by batch, what must wait again at the end; how many were booked and how many ignored."""
    booked = repeated = 0
    waiting = [received(one) for one in reports]
    while waiting:
        batch, waiting = waiting[:size], waiting[size:]
        for kind, handle in ((SaleReported, record_sales), (ReturnReported, record_returns)):
            async with pool.acquire() as tx, tx.transaction():
                outcomes = await in_full(handle, [one for one in batch if isinstance(one.data, kind)], tx)
            assert all(isinstance(one.error, NotYet) for one in outcomes if isinstance(one, Refused))
            waiting += [one.message for one in outcomes if isinstance(one, Refused)]
            booked += len(told(outcomes, ItemSold)) + len(told(outcomes, ItemReturned))
            repeated += ignored(outcomes)
    return booked, repeated
