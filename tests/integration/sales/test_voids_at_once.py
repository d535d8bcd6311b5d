"""Many voids in a batch, and several replicas at once: as few statements, and the same books."""

import asyncio
from datetime import timedelta

import pytest

from services.sales.handlers import known
from services.sales.handlers.sales import record_sales
from services.sales.handlers.voids import record_voids, void_sale
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.sales import ItemSold, ReceiptVoided, SaleVoided, StockDeficitCleared, VoidSale
from shared.errors import Unavailable
from shared.runtime.envelope import named_id
from shared.runtime.handler import Caused
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    a_void,
    balances,
    check_stock,
    hear,
    ignored,
    open_outlet,
    open_shop,
    owed,
    received,
    report,
    told,
)
from tests.integration.sales.test_replicas import other_replica, slow_replica
from tests.integration.sales.till_road import Road, unit_place
from tests.integration.sales.watching import look

PIECE = "2900000000018"


async def test_what_voids_of_a_batch_do_is_told_as_caused_by_each(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, a_sale(receipt="7"), a_sale(receipt="8", sku=POUCH), a_sale(outlet="pim", receipt="7"))
    outcomes = await report(pool, a_void(receipt="8"), a_void(receipt="7"), a_void(outlet="pim", receipt="7"))
    causes = {
        (one.cause.data.outlet, one.cause.data.receipt, type(one.event)) for one in outcomes if isinstance(one, Caused)
    }
    for key in (("citos", "7"), ("citos", "8"), ("pim", "7")):
        assert {(*key, ReceiptVoided), (*key, SaleVoided)} <= causes
    assert sorted([(event.outlet, event.receipt) for event in told(outcomes, SaleVoided)]) == [
        ("citos", "7"),
        ("citos", "8"),
        ("pim", "7"),
    ]
    assert {(event.outlet, event.sku) for event in told(outcomes, StockDeficitCleared)} == {
        ("citos", SHAWL),
        ("citos", POUCH),
        ("pim", SHAWL),
    }
    assert ("pim", "7", StockDeficitCleared) in causes


async def test_twenty_voids_take_as_many_statements_as_two(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    asked: list[object] = []
    counts = []
    await report(pool, *[a_sale(receipt=str(n), line=line) for n in range(23) for line in (1, 2)])
    async with pool.acquire() as tx, tx.transaction():
        await record_voids([received(a_void(receipt="22"))], tx)
        tx.add_query_logger(asked.append)
        for receipts in (range(2), range(2, 22)):
            outcomes = await record_voids([received(a_void(receipt=str(n))) for n in receipts], tx)
            assert len(told(outcomes, SaleVoided)) == 2 * len(receipts)
            await asyncio.sleep(0)  # the driver tells its loggers a moment later
            counts.append(len(asked))
            asked.clear()
    assert counts[0] == counts[1]
    assert set((await balances(pool)).values()) == {0}


async def test_voids_and_sales_of_the_same_shelves_never_wait_in_a_circle(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="7", sku=POUCH), a_sale(receipt="8"))
    async with slow_replica(pool, record_sales, a_sale(receipt="9")):
        first = await other_replica(pool, record_voids, a_void(receipt="7"), a_void(receipt="8"))
        second = await other_replica(pool, record_sales, a_sale(), a_sale(line=2, sku=POUCH), waiting=2)
    assert (len(told(await first, SaleVoided)), len(told(await second, ItemSold))) == (2, 2)
    assert await check_stock(pool) == 2


async def test_the_same_void_in_two_replicas_is_booked_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(line=2))
    async with slow_replica(pool, record_voids, a_void()) as first:
        task = await other_replica(pool, record_voids, a_void())
    assert (len(told(first, SaleVoided)), ignored(await task)) == (2, 1)
    assert set((await balances(pool)).values()) == {0}


async def test_a_void_that_meets_a_person_taking_its_line_back_is_tried_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(line=2))
    command = VoidSale(sale_id=named_id("sale", "citos", "till-1", "536365", 1), reason="counted twice")
    async with pool.acquire() as tx, tx.transaction():
        await void_sale(received(command), tx)
        task = await other_replica(pool, record_voids, a_void())
    with pytest.raises(Unavailable):
        await task
    assert [event.line for event in told(await report(pool, a_void()), SaleVoided)] == [2]
    assert set((await balances(pool)).values()) == {0}


@pytest.mark.parametrize("first", ["line", "void"])
async def test_a_line_that_is_doubted_while_its_receipt_is_being_voided_belongs_to_the_past(
    database: Database, first: str
) -> None:
    """Its piece was sold again. Neither replica sees what the other has not committed, and nothing wakes it later."""
    pool = await database("sales")
    await open_shop(pool)
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[PIECE]))
    road, other = Road(pool), Road(pool)
    await road.bring(a_sale(line=2), a_sale(receipt="9", serial=PIECE, sold_at=NOON))
    at_once = {"line": a_sale(serial=PIECE), "void": a_void(voided_at=NOON - timedelta(minutes=30))}
    async with pool.acquire() as tx, tx.transaction():
        await road.bring_within(tx, at_once.pop(first))
        meanwhile = asyncio.create_task(other.bring(*at_once.values(), ids=["meanwhile"]))
        await asyncio.sleep(0.5)
    await meanwhile
    await road.wait()
    await look(pool, road.now)
    assert await road.parked() == []
    assert await unit_place(pool, PIECE) == ("sold", "citos")
    assert await owed(pool) == 455_000
