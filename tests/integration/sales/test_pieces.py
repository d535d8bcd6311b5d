"""Pieces with a serial: each is in one place, and is sold once until it comes back, in whatever order that is told."""

import asyncio
from datetime import timedelta

import pytest

from services.sales.handlers import known, returns
from services.sales.handlers.sales import record_sales
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.sales import ItemReturned, ItemSold
from shared.contracts.sales.tills import FindingOpened, FindingSettled
from shared.db import Pool
from shared.errors import Unavailable
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    check_stock,
    hear,
    ignored,
    open_outlet,
    open_shop,
    owed,
    refused,
    report,
    told,
)
from tests.integration.sales.test_replicas import other_replica, slow_replica
from tests.integration.sales.till_road import Road, unit_place

PIECE, OTHER = "2900000000018", "2900000000025"
HOUR = timedelta(hours=1)


async def open_shop_with_pieces(pool: Pool) -> None:
    """Two outlets; two labelled shawls."""
    await open_shop(pool, listed=700_000)
    await open_outlet(pool, "pim")
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[PIECE, OTHER]))


async def test_a_labelled_piece_is_sold_once_and_the_second_sale_is_a_conflict_to_look_at(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    first = await report(pool, a_sale(serial=PIECE))
    (event,) = told(first, ItemSold)
    assert event.serial == PIECE
    second = await report(pool, a_sale(serial=PIECE, outlet="pim", sold_at=NOON - HOUR + timedelta(seconds=40)))
    assert refused(second) == [("conflict", "serial_already_sold")]
    (finding,) = told(second, FindingOpened)
    assert (finding.kind, finding.outlet, finding.detail["serial"]) == ("serial-conflict", "pim", PIECE)
    assert (await owed(pool), await unit_place(pool, PIECE)) == (455_000, ("sold", "citos"))
    assert await pool.fetchval("SELECT count(*) FROM sale") == 1
    assert await check_stock(pool) == 1


async def test_a_conflict_that_is_told_again_is_found_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    await report(pool, a_sale(serial=PIECE))
    again = a_sale(serial=PIECE, outlet="pim")
    outcomes = [*await report(pool, again), *await report(pool, again)]
    assert len(refused(outcomes)) == 2
    assert len(told(outcomes, FindingOpened)) == 1


async def test_the_same_sale_of_a_piece_told_twice_is_a_duplicate_and_no_conflict(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    outcomes = await report(pool, a_sale(serial=PIECE), a_sale(serial=PIECE))
    outcomes += await report(pool, a_sale(serial=PIECE))
    assert (len(told(outcomes, ItemSold)), ignored(outcomes), refused(outcomes)) == (1, 2, [])


async def test_of_one_piece_twice_in_a_batch_the_first_is_sold(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    outcomes = await report(pool, a_sale(serial=PIECE), a_sale(line=2, serial=PIECE), a_sale(line=3, serial=OTHER))
    assert [event.line for event in told(outcomes, ItemSold)] == [1, 3]
    assert refused(outcomes) == [("conflict", "serial_already_sold")]


async def test_a_piece_that_came_back_is_sold_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    await report(pool, a_sale(serial=PIECE), a_return(serial=PIECE, returned_at=NOON - HOUR / 2))
    assert await unit_place(pool, PIECE) == ("at-outlet", "citos")
    outcomes = await report(pool, a_sale(receipt="536366", serial=PIECE, sold_at=NOON))
    assert len(told(outcomes, ItemSold)) == 1
    assert await unit_place(pool, PIECE) == ("sold", "citos")
    assert await owed(pool) == 455_000


async def test_an_unknown_label_of_ours_is_waited_for_and_booked_when_it_is_told_of(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale(serial=PIECE))
    assert await road.parked() == [("citos/till-1/536365/1", "serial_unknown", "waiting")]
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[PIECE]))
    assert await pool.fetchval("SELECT wakes FROM parked") == 1
    await road.wait(timedelta(seconds=1))
    assert (await road.parked(), await unit_place(pool, PIECE)) == ([], ("sold", "citos"))


async def test_an_unknown_label_is_a_persons_after_a_day_and_still_booked_when_it_is_told_of(
    database: Database,
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale(serial=PIECE))
    await road.wait(timedelta(hours=25))
    assert await road.parked() == [("citos/till-1/536365/1", "serial_unknown", "person")]
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[PIECE]))
    await road.wait()
    assert (await road.parked(), await owed(pool)) == ([], 455_000)


async def test_a_serial_of_the_outlets_own_is_taken_up_where_it_is_first_sold(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    assert len(told(await report(pool, a_sale(serial="A1")), ItemSold)) == 1
    assert await unit_place(pool, "citos/A1") == ("sold", "citos")
    assert refused(await report(pool, a_sale(line=2, serial="A1"))) == [("conflict", "serial_already_sold")]


async def test_the_same_serial_of_two_outlets_own_is_two_pieces(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    outcomes = await report(pool, a_sale(serial="1001"), a_sale(outlet="pim", serial="1001"))
    assert sorted([event.serial or "" for event in told(outcomes, ItemSold)]) == ["citos/1001", "pim/1001"]


async def test_a_serial_of_another_product_is_a_conflict_and_two_pieces_have_no_serial(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    outcomes = await report(pool, a_sale(serial=PIECE, sku=POUCH), a_sale(line=2, serial=PIECE, quantity=2))
    assert refused(outcomes) == [("conflict", "serial_of_other_sku"), ("rejected", "serial_quantity")]
    assert await unit_place(pool, PIECE) == ("labelled", None)
    assert told(outcomes, FindingOpened) == []


async def test_a_piece_that_lies_elsewhere_is_sold_and_looked_for(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    await report(pool, a_sale(serial=PIECE), a_return(serial=PIECE))
    outcomes = await report(pool, a_sale(outlet="pim", serial=PIECE, sold_at=NOON + timedelta(seconds=1)))
    (event,) = told(outcomes, ItemSold)
    (finding,) = told(outcomes, FindingOpened)
    assert event.remarks == ["piece_elsewhere"]
    assert (finding.kind, finding.outlet, finding.detail["serial"]) == ("piece-elsewhere", "pim", PIECE)
    assert await unit_place(pool, PIECE) == ("sold", "pim")


async def test_a_line_that_cannot_be_booked_leaves_its_piece_where_it_is(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    outcomes = await report(pool, a_sale(serial=PIECE, discount=700_001), a_sale(line=2, serial=PIECE))
    assert refused(outcomes) == [("rejected", "discount_exceeds_price")]
    assert [event.line for event in told(outcomes, ItemSold)] == [2]


async def test_a_conflict_is_booked_and_settled_when_the_piece_turns_out_to_have_come_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    road = Road(pool)
    await road.bring(a_sale(serial=PIECE))
    await road.bring(a_sale(receipt="536366", serial=PIECE, sold_at=NOON))
    assert await road.findings() == [("serial-conflict", PIECE, "open")]
    await road.bring(a_return(serial=PIECE, returned_at=NOON - HOUR / 2))
    await road.wait()
    assert (await road.parked(), await road.findings()) == ([], [("serial-conflict", PIECE, "settled")])
    settled = "SELECT count(*) FROM event_log WHERE type = $1"
    assert await pool.fetchval(settled, FindingSettled.wire) == 1
    assert (await owed(pool), await unit_place(pool, PIECE)) == (455_000, ("sold", "citos"))


@pytest.mark.parametrize("alone", [0, 1, 2])
async def test_a_piece_that_comes_back_and_is_sold_again_in_one_delivery_is_sold_twice(
    database: Database, alone: int
) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    road = Road(pool)
    told = [
        a_sale(serial=PIECE),
        a_return(serial=PIECE, returned_at=NOON - HOUR / 2),
        a_sale(receipt="536366", serial=PIECE, sold_at=NOON),
    ]
    for one in told[:alone]:
        await road.bring(one)
    await road.bring(*told[alone:])
    await road.wait()
    assert await road.parked() == []
    assert (await owed(pool), await unit_place(pool, PIECE)) == (455_000, ("sold", "citos"))
    assert [state for _, _, state in await road.findings()] in ([], ["settled"])


async def test_one_piece_in_two_replicas_is_sold_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    async with slow_replica(pool, record_sales, a_sale(serial=PIECE)) as first:
        task = await other_replica(pool, record_sales, a_sale(outlet="pim", serial=PIECE))
    second = await task
    assert (len(told(first, ItemSold)), refused(second)) == (1, [("conflict", "serial_already_sold")])
    assert await owed(pool) == 455_000


async def test_a_serial_nobody_knew_in_two_replicas_is_tried_again_and_sold_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    async with slow_replica(pool, record_sales, a_sale(serial="A1")):
        task = await other_replica(pool, record_sales, a_sale(receipt="7", serial="A1"))
    with pytest.raises(Unavailable):
        await task
    again = await report(pool, a_sale(receipt="7", serial="A1"))
    assert refused(again) == [("conflict", "serial_already_sold")]
    assert await owed(pool) == 455_000


async def test_the_same_sale_of_an_unknown_serial_in_two_replicas_is_booked_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    async with slow_replica(pool, record_sales, a_sale(serial="A1")):
        task = await other_replica(pool, record_sales, a_sale(serial="A1"))
    with pytest.raises(Unavailable):
        await task
    assert ignored(await report(pool, a_sale(serial="A1"))) == 1


async def test_three_workers_with_the_same_sale_five_times_book_it_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    road = Road(pool)
    sale = a_sale(serial=PIECE)
    await asyncio.gather(*[road.bring(sale, ids=["one"]) for _ in range(5)])
    assert await pool.fetchval("SELECT count(*) FROM sale") == 1
    assert (await road.duplicates(), await road.parked()) == (4, [])
    assert await pool.fetchval("SELECT count(*) FROM event_log WHERE type = $1", ItemSold.wire) == 1
    assert await owed(pool) == 455_000


async def test_a_piece_that_is_being_returned_is_held_before_its_shelf(database: Database) -> None:
    """As who sells it does: else two replicas could wait for each other in a circle."""
    pool = await database("sales")
    await open_shop_with_pieces(pool)
    await report(pool, a_sale(serial=PIECE))
    shelf = "SELECT count(*) FROM (SELECT FROM stock FOR UPDATE SKIP LOCKED) free"
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("SELECT FROM unit FOR UPDATE")
        task = await other_replica(pool, returns.record_returns, a_return(serial=PIECE))
        assert await pool.fetchval(shelf) == 1
    assert len(told(await task, ItemReturned)) == 1
