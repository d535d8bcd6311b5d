"""Who has earned something on which day: each maker once a day, whatever the order in which transactions end."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from services.sales.handlers.sales import record_sales
from services.sales.watch import earned
from shared.contracts.message import Event
from shared.contracts.sales import MakersEarned
from shared.db import Pool
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_sale,
    a_void,
    in_full,
    open_shop,
    received,
    report,
)

TODAY, YESTERDAY = date(2026, 11, 21), date(2026, 11, 20)
receipts = count(1)


def sold(days_ago: int = 0, **other: Any) -> Any:
    """On a receipt of its own."""
    at = NOON - timedelta(hours=1, days=days_ago)
    return a_sale(receipt=f"E{next(receipts)}", sold_at=at, **other)


async def look(pool: Pool) -> list[Event]:
    """Rounds until nothing is left to do."""
    told: list[Event] = []
    more = True
    while more:
        async with pool.acquire() as tx, tx.transaction():
            more, events = await earned.look_once(tx)
        told += events
    return told


async def test_whoever_got_something_of_a_sale_is_named_for_its_day(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    assert await look(pool) == []

    await report(pool, sold(sku=POUCH))

    assert await look(pool) == [MakersEarned(day=TODAY, maker_ids=[ANI, WATI, SRI])]


async def test_a_maker_is_named_once_a_day_however_much_she_sells(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(), sold())
    assert await look(pool) == [MakersEarned(day=TODAY, maker_ids=[ANI])]

    await report(pool, sold(sku=SHAWL))
    assert await look(pool) == []
    await report(pool, sold(sku=POUCH))

    assert await look(pool) == [MakersEarned(day=TODAY, maker_ids=[WATI, SRI])]


async def test_a_sale_that_comes_late_counts_for_the_day_on_which_it_was_made(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold())
    await look(pool)

    await report(pool, sold(days_ago=1), sold(days_ago=40))

    told = [MakersEarned(day=TODAY - timedelta(days=40), maker_ids=[ANI]), MakersEarned(day=YESTERDAY, maker_ids=[ANI])]
    assert await look(pool) == told


async def test_what_is_taken_back_names_nobody(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    assert len(await look(pool)) == 1

    await report(pool, a_void())

    assert await look(pool) == []


async def test_a_sale_whose_transaction_ends_last_is_not_passed_over(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    async with pool.acquire() as slow, slow.transaction():
        await in_full(record_sales, [received(sold(days_ago=1))], slow)
        await report(pool, sold(sku=POUCH))
        assert await look(pool) == [], "a smaller number is still somebody's"

    told = [MakersEarned(day=YESTERDAY, maker_ids=[ANI]), MakersEarned(day=TODAY, maker_ids=[ANI, WATI, SRI])]
    assert await look(pool) == told


async def test_a_sale_that_nobody_comes_after_is_not_passed_over_either(database: Database) -> None:
    """Its transaction is the youngest that there is: no snapshot names it."""
    pool = await database("sales")
    await open_shop(pool)
    async with pool.acquire() as slow, slow.transaction():
        await in_full(record_sales, [received(sold())], slow)
        assert await look(pool) == []

    assert await look(pool) == [MakersEarned(day=TODAY, maker_ids=[ANI])]


async def test_a_transaction_that_fails_holds_nothing_up(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    async with pool.acquire() as slow:
        failing = slow.transaction()
        await failing.start()
        await in_full(record_sales, [received(sold(days_ago=1))], slow)
        await report(pool, sold(sku=POUCH))
        assert await look(pool) == []
        await failing.rollback()

    assert await look(pool) == [MakersEarned(day=TODAY, maker_ids=[ANI, WATI, SRI])]


async def test_one_replica_at_a_time_reads_the_ledger(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold())
    async with pool.acquire() as first, first.transaction():
        assert await earned.look_once(first) == (True, [])
        async with pool.acquire() as second, second.transaction():
            assert await earned.look_once(second) == (False, [])

    assert await look(pool) == [MakersEarned(day=TODAY, maker_ids=[ANI])]


async def test_a_database_made_of_a_dump_reads_on_where_it_was(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold())
    await look(pool)
    await report(pool, sold(days_ago=1))
    await pool.execute("UPDATE ledger_reading SET upto = position + 3, horizon = '99999999999'")

    assert await look(pool) == [MakersEarned(day=YESTERDAY, maker_ids=[ANI])]
