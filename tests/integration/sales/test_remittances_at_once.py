"""Remittances of one outlet take turns; tills go on meanwhile, and nothing is settled twice or lost."""

import asyncio

from shared.contracts.sales.remittances import Receipt
from shared.errors import Conflict
from tests.integration.sales.builders import Database, open_outlet, open_shop, report
from tests.integration.sales.remitting import SHAWLS, check_money, dues, remit, settled, shawl


async def test_two_at_once_settle_different_sales(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, *[shawl(day) for day in range(1, 11)])
    recorded = await asyncio.gather(*[remit(pool, amount) for amount in (2 * SHAWLS + 100_000, SHAWLS - 100_000) * 3])
    assert sum(one.due for one in recorded) == 9 * SHAWLS
    assert await settled(pool) == [str(day) for day in range(1, 10)], "the oldest, whoever came first"
    assert (await dues(pool)).on_account == 0
    await check_money(pool)


async def test_the_same_money_that_two_people_enter_at_once_is_entered_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    results = await asyncio.gather(*[remit(pool, 5, reference="TRF") for _ in range(4)], return_exceptions=True)
    refused = [one for one in results if isinstance(one, Conflict)]
    assert [one.code for one in refused] == ["reference_taken"] * 3
    await check_money(pool)


async def test_who_names_the_same_receipt_at_once_pays_for_it_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3))
    named = [Receipt(till="till-1", receipt="3")]
    recorded = await asyncio.gather(*[remit(pool, SHAWLS, receipts=named) for _ in range(2)])
    assert sorted(one.due for one in recorded) == [0, SHAWLS]
    assert await settled(pool) == ["3"]
    await check_money(pool)


async def test_tills_go_on_while_money_is_counted(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, *[shawl(day) for day in range(1, 6)])

    async def sell(day: int) -> None:
        await report(pool, shawl(day), shawl(day, outlet="pim"))

    await asyncio.gather(
        *[sell(day) for day in range(6, 16)],
        *[remit(pool, SHAWLS) for _ in range(8)],
        *[remit(pool, SHAWLS, code="pim") for _ in range(3)],
    )
    last = await remit(pool, 7 * SHAWLS)
    assert (last.on_account, last.waiting) == (0, 0)
    assert len(await settled(pool)) == 15
    await check_money(pool, "citos", "pim")
