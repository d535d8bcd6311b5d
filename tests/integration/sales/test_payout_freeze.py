"""Freezing while tills report: what is in a line is exactly what was summed, and nothing is in two lines or in none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from services.sales.handlers.sales import record_sales
from services.sales.handlers.settlement import payouts
from shared.contracts.sales import ItemSold
from shared.contracts.sales.settlement import FreezePayout
from shared.db import Pool, Tx
from shared.errors import Rejected
from shared.runtime.handler import Outcome
from tests.integration.sales.builders import (
    Database,
    a_sale,
    in_full,
    open_outlet,
    open_shop,
    owed,
    received,
    report,
    told,
)
from tests.integration.sales.settling import KOP, RINI, by, check_lines, freeze, only_line, pay, pay_out, refusal

Work = Callable[[Tx], Awaitable[list[Outcome]]]


@asynccontextmanager
async def replica(pool: Pool) -> AsyncIterator[Tx]:
    """A replica in the middle of its transaction; it commits at the end of the block."""
    async with pool.acquire() as tx, tx.transaction():
        yield tx


async def book(tx: Tx, receipt: str, outlet: str = "citos") -> list[Outcome]:
    """One shawl; Rp455.000 are Ani's. Sales at one outlet wait for each other: they change one shelf."""
    return await in_full(record_sales, [received(a_sale(receipt=receipt, outlet=outlet))], tx)


async def open_shops(pool: Pool, *others: str) -> None:
    await open_shop(pool)
    for outlet in others:
        await open_outlet(pool, outlet)


async def test_a_sale_that_is_being_booked_is_not_waited_for_and_is_in_the_next_batch(database: Database) -> None:
    pool = await database("sales")
    await open_shops(pool, "pim")
    async with replica(pool) as tx:
        await book(tx, "slow")
        await report(pool, a_sale(outlet="pim"))
        async with asyncio.timeout(2):
            frozen = await freeze(pool)
    assert only_line(frozen) == (455_000, 0, 0, 455_000)
    await pay(pool, frozen.payout_id)
    assert only_line(await pay_out(pool)) == (455_000, 0, 0, 455_000)
    assert await check_lines(pool) == 2
    assert await owed(pool) == 0


async def test_a_sale_that_is_given_up_is_in_no_line(database: Database) -> None:
    pool = await database("sales")
    await open_shops(pool, "pim")
    with pytest.raises(ConnectionError):
        async with replica(pool) as tx:
            await book(tx, "lost")
            await report(pool, a_sale(outlet="pim"))
            frozen = await freeze(pool)
            raise ConnectionError("the replica dies")
    assert only_line(frozen) == (455_000, 0, 0, 455_000)
    assert await refusal(pool, payouts.freeze_payout, FreezePayout(cooperative=KOP)) == "nothing_payable"


async def test_tills_go_on_while_a_batch_is_summed_and_what_they_sell_is_in_the_next_one(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="before"))
    async with replica(pool) as tx:
        frozen, _ = await payouts.freeze_payout(by(RINI, FreezePayout(cooperative=KOP)), tx)
        async with asyncio.timeout(2):
            outcomes = await report(pool, a_sale(receipt="meanwhile"))
    assert len(told(outcomes, ItemSold)) == 1
    assert only_line(frozen) == (455_000, 0, 0, 455_000)
    await pay(pool, frozen.payout_id)
    assert only_line(await freeze(pool)) == (455_000, 0, 0, 455_000)
    assert await check_lines(pool) == 2


async def test_a_sale_that_was_begun_first_and_committed_last_is_in_the_next_batch(database: Database) -> None:
    """Its number in the ledger may even be lower than that of what the batch has paid."""
    pool = await database("sales")
    await open_shop(pool)
    async with replica(pool) as tx:
        await tx.fetchval("SELECT pg_current_xact_id()::text")
        await report(pool, a_sale(receipt="quick"))
        frozen = await freeze(pool)
        await book(tx, "late")
    assert only_line(frozen) == (455_000, 0, 0, 455_000)
    await pay(pool, frozen.payout_id)
    assert only_line(await pay_out(pool)) == (455_000, 0, 0, 455_000)
    assert await owed(pool) == 0


async def test_whatever_is_booked_meanwhile_every_sale_is_in_exactly_one_batch(database: Database) -> None:
    pool = await database("sales")
    outlets = ["pim", "alun-alun", "mall-1", "mall-2", "mall-3"]
    await open_shops(pool, *outlets)
    paid, stop = 0, asyncio.Event()

    async def till(outlet: str) -> int:
        sold = 0
        while not stop.is_set():
            async with replica(pool) as tx:
                await book(tx, str(sold), outlet)
                # Numbers are taken now and committed in another order.
                await asyncio.sleep(0.02 * (sold % 3))
            sold += 1
        return sold

    tills = [asyncio.create_task(till(outlet)) for outlet in outlets]
    for _ in range(20):
        try:
            paid += (await pay_out(pool)).total
        except Rejected as nothing:
            assert nothing.code == "nothing_payable"
    stop.set()
    sold = sum(await asyncio.gather(*tills))
    paid += (await pay_out(pool)).total if await owed(pool) else 0
    assert paid == sold * 455_000
    assert await owed(pool) == 0
    assert await check_lines(pool) > 3
