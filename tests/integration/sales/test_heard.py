"""What each transaction leaves of what it booked, for those who look at tills as a whole: counts, sums, numbers."""

from datetime import date, timedelta
from typing import Any

from services.sales.handlers.sales import record_sales
from services.sales.handlers.voids import void_sale
from shared.contracts.sales import VoidSale
from shared.db import Pool
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    NOON,
    Database,
    a_return,
    a_sale,
    a_void,
    do,
    open_outlet,
    open_shop,
    report,
)
from tests.integration.sales.test_replicas import other_replica, slow_replica

TODAY, YESTERDAY = date(2026, 11, 21), date(2026, 11, 20)
LAST_SECOND = NOON.replace(hour=16, minute=59, second=59) - timedelta(days=1)
"""23:59:59 of yesterday in Jakarta."""


async def heard(pool: Pool) -> list[tuple[Any, ...]]:
    """Outlet, till, day, events, total and numbers of each row, and that it spans its facts; then they are gone."""
    rows = await pool.fetch(
        """
        SELECT outlet, till, day, events, total, seqs::text AS seqs, first_no, last_no FROM heard
        ORDER BY outlet, till, day, id
        """
    )
    assert all(row["first_no"] <= row["last_no"] for row in rows)
    await pool.execute("DELETE FROM heard")
    return [tuple(row)[:6] for row in rows]


async def test_a_batch_of_several_tills_and_days_leaves_a_row_for_each(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(
        pool,
        a_sale(receipt="1", till_seq=7),
        a_sale(receipt="2", till_seq=9, unit_price=300_000, discount=1),
        a_sale(receipt="3", till_seq=8),
        a_sale(receipt="4"),
        a_sale(receipt="5", till_seq=6, sold_at=LAST_SECOND),
        a_sale(receipt="6", till_seq=6, sold_at=LAST_SECOND + timedelta(seconds=1)),
        a_sale(receipt="1", till="till-2", till_seq=7, quantity=3),
        a_sale(receipt="1", outlet="pim", till_seq=100, unit_price=0),
    )
    assert await heard(pool) == [
        ("citos", "till-1", YESTERDAY, 1, 700_000, "{[6,7)}"),
        ("citos", "till-1", TODAY, 5, 4 * 700_000 + 299_999, "{[6,10)}"),
        ("citos", "till-2", TODAY, 1, 2_100_000, "{[7,8)}"),
        ("pim", "till-1", TODAY, 1, 0, "{[100,101)}"),
    ]


async def test_what_comes_back_is_counted_for_its_till_on_its_day(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, a_sale(quantity=3, unit_price=233_334, discount=2, sold_at=LAST_SECOND))
    await heard(pool)
    await report(
        pool,
        a_return(till="till-2", original_till="till-1", till_seq=5),
        a_return(outlet="pim", original_outlet="citos", till_seq=1),
        a_return(line=2, till_seq=6, original_outlet="citos"),
    )
    assert await heard(pool) == [
        ("citos", "till-1", TODAY, 1, -233_333, "{[6,7)}"),
        ("citos", "till-2", TODAY, 1, -233_334, "{[5,6)}"),
        ("pim", "till-1", TODAY, 1, -233_333, "{[1,2)}"),
    ]


async def test_a_void_is_one_event_and_all_the_money_it_gives_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sold_at=LAST_SECOND), a_sale(line=2, quantity=2), a_return(original_line=2))
    await heard(pool)
    await report(pool, a_void(till_seq=12))
    assert await heard(pool) == [("citos", "till-1", TODAY, 1, -1_400_000, "{[12,13)}")]


async def test_what_is_ignored_or_refused_is_not_heard(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1), a_return(till_seq=2), a_sale(receipt="7"), a_void(receipt="7", till_seq=3))
    assert len(await heard(pool)) == 3
    await report(
        pool,
        a_sale(till_seq=4),
        a_sale(till_seq=5, unit_price=1),
        a_sale(line=2, till_seq=6, sku="XXX-0001"),
        a_sale(line=3, till_seq=7, sold_at=NOON + timedelta(days=1)),
        a_return(till_seq=8),
        a_return(line=2, till_seq=9),
        a_return(line=3, till_seq=10, original_receipt=None),
        a_void(receipt="7", till_seq=11),
        a_void(receipt="8", till_seq=12),
    )
    assert await heard(pool) == []


async def test_of_a_line_twice_in_a_batch_only_what_is_booked_is_heard(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1), a_sale(till_seq=2), a_sale(line=2, till_seq=3))
    assert await heard(pool) == [("citos", "till-1", TODAY, 2, 1_400_000, "{[1,2),[3,4)}")]


async def test_what_a_person_takes_back_is_not_the_tills(database: Database) -> None:
    """Its control totals still hold the sale that it reported."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await heard(pool)
    sale_id = named_id("sale", "citos", "till-1", "536365", 1)
    await do(pool, void_sale, VoidSale(sale_id=sale_id, reason="counted twice"))
    assert await heard(pool) == []


async def test_replicas_that_book_for_one_till_do_not_wait_for_each_other(database: Database) -> None:
    """All that they have in common is the shelf; two products lie on two."""
    pool = await database("sales")
    await open_shop(pool)
    async with slow_replica(pool, record_sales, a_sale(till_seq=1)):
        await report(pool, a_sale(line=2, till_seq=2, sku="SUL-0001"))
    assert [row[3:] for row in await heard(pool)] == [(1, 700_000, "{[1,2)}"), (1, 700_000, "{[2,3)}")]


async def test_what_was_not_committed_was_not_heard(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    try:
        async with slow_replica(pool, record_sales, a_sale(till_seq=1)):
            task = await other_replica(pool, record_sales, a_sale(till_seq=1))
            raise ConnectionError("the first replica dies")
    except ConnectionError:
        await task
    assert await heard(pool) == [("citos", "till-1", TODAY, 1, 700_000, "{[1,2)}")]
