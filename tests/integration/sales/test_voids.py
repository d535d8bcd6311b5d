"""What a till or a person takes back whole, on a real database: money, stock and pieces follow, once."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.sales.handlers.voids import void_late_lines, void_sale
from services.sales.watch import tills
from shared.contracts.message import Event
from shared.contracts.sales import (
    ItemSold,
    ReceiptVoided,
    SaleVoided,
    Share,
    StockDeficitCleared,
    VoidedSale,
    VoidSale,
)
from shared.db import Pool
from shared.errors import Conflict, NotFound
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    a_void,
    balances,
    check_stock,
    deliver,
    do,
    ignored,
    open_outlet,
    open_shop,
    owed,
    refused,
    report,
    shelf,
    told,
)
from tests.integration.sales.till_road import Road, unit_place

HOUR = timedelta(hours=1)


async def void_late(pool: Pool) -> list[Event]:
    """As the watch does it: with the numbers of all that was just recorded."""
    rows = await pool.fetch("SELECT first_no, last_no FROM heard WHERE events > 0")
    async with pool.acquire() as tx, tx.transaction():
        return await void_late_lines(tx, [(row["first_no"], row["last_no"]) for row in rows], NOON)


async def test_a_voided_receipt_takes_every_line_of_it_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 10, POUCH: 10})
    await report(
        pool, a_sale(quantity=3, unit_price=233_334, discount=2), a_sale(line=2, sku=POUCH), a_sale(receipt="7")
    )
    outcomes = await report(pool, a_void(till_seq=9))
    (receipt,) = told(outcomes, ReceiptVoided)
    assert receipt == ReceiptVoided(outlet="citos", till="till-1", receipt="536365", voided_at=NOON, till_seq=9)
    lines = sorted(told(outcomes, SaleVoided), key=lambda event: event.line)
    assert lines[0] == SaleVoided(
        sale_id=named_id("sale", "citos", "till-1", "536365", 1),
        outlet="citos",
        shares=[Share(maker_id=ANI, amount=455_002)],
        voided_at=NOON,
        sku=SHAWL,
        quantity=3,
        net=700_000,
        outlet_share=174_999,
        programme_share=69_999,
        kind="receipt",
        till="till-1",
        receipt="536365",
        line=1,
    )
    assert [share.amount for share in lines[1].shares] == [227_500, 136_500, 91_000]
    assert (await balances(pool))["outlet-receivable citos"] == 700_000
    assert [await owed(pool, maker) for maker in (ANI, WATI, SRI)] == [455_000, 0, 0]
    assert [line and line.on_hand for line in (await shelf(pool), await shelf(pool, POUCH))] == [9, 10]
    assert await check_stock(pool) == 2


async def test_the_ledger_of_a_void_mirrors_its_sale(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    sold_at = NOON - timedelta(days=1)
    await report(pool, a_sale(sku=POUCH, quantity=3, unit_price=233_334, discount=2, sold_at=sold_at))
    await report(pool, a_void())
    sums = "SELECT sum(amount)::int AS amount, {0} AS gave, {1} AS got FROM transfer WHERE kind = $1 GROUP BY 2, 3"
    sold = await pool.fetch(sums.format("credit", "debit") + " ORDER BY 2", "sale")
    voided = await pool.fetch(sums.format("debit", "credit") + " ORDER BY 2", "void")
    assert [tuple(row) for row in sold] == [tuple(row) for row in voided]
    assert len(sold) == 5
    days = await pool.fetch("SELECT kind, day FROM transfer GROUP BY kind, day ORDER BY kind")
    assert [tuple(row) for row in days] == [("sale", date(2026, 11, 20)), ("void", date(2026, 11, 21))]
    assert set((await balances(pool)).values()) == {0}


async def test_a_void_takes_back_what_had_not_come_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3, unit_price=233_334, discount=2), a_sale(line=2))
    await report(pool, a_return(), a_return(line=2, original_line=2))
    events = sorted(told(await report(pool, a_void()), SaleVoided), key=lambda event: event.line)
    assert [(event.quantity, event.net, event.shares[0].amount) for event in events] == [
        (2, 466_666, 303_334),
        (0, 0, 0),
    ]
    assert set((await balances(pool)).values()) == {0}
    line = await shelf(pool)
    assert line is not None
    assert (line.on_hand, line.deficit) == (0, 0)
    assert await check_stock(pool) == 1
    assert refused(await report(pool, a_return(line=3))) == [("conflict", "sale_voided")]


async def test_a_void_that_comes_before_its_receipt_waits_and_is_booked_after_it(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_void())
    assert await road.parked() == [("citos/till-1/536365", "receipt_not_recorded", "waiting")]
    await road.bring(a_sale())
    await road.wait()
    assert await road.parked() == []
    assert set((await balances(pool)).values()) == {0}


async def test_a_void_whose_receipt_never_comes_is_a_persons_after_three_days(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_void(), a_return())
    await road.wait(timedelta(hours=73))
    assert [(code, state) for _, code, state in await road.parked()] == [
        ("receipt_not_recorded", "person"),
        ("sale_not_recorded", "person"),
    ]


async def test_a_receipt_is_voided_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    outcomes = await report(pool, a_void(), a_void())
    outcomes += await report(pool, a_void(till_seq=3))
    assert (len(told(outcomes, SaleVoided)), len(told(outcomes, ReceiptVoided)), ignored(outcomes)) == (1, 1, 2)
    assert await owed(pool) == 0


async def test_a_void_at_another_time_is_a_conflict_and_the_first_stands(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_void())
    for other in (timedelta(seconds=1), -timedelta(seconds=1)):
        assert refused(await report(pool, a_void(voided_at=NOON + other))) == [("conflict", "receipt_line_changed")]
    assert await pool.fetchval("SELECT voided_at FROM receipt_void") == NOON


async def test_what_cannot_be_voided_says_why(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    assert refused(await report(pool, a_void(voided_at=NOON - 2 * HOUR))) == [("conflict", "voided_before_sold")]
    assert refused(await report(pool, a_void(voided_at=NOON + HOUR))) == [("rejected", "voided_in_the_future")]
    assert refused(await report(pool, a_void(till="till-2"))) == [("not_yet", "receipt_not_recorded")]
    assert await owed(pool) == 455_000


async def test_a_line_that_is_told_of_after_the_void_is_taken_back_too_and_counts_no_event(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_void())
    assert len(told(await report(pool, a_sale(line=2, unit_price=500_000)), ItemSold)) == 1
    assert await owed(pool) == 325_000
    events = await void_late(pool)
    assert [(event.line, event.net, event.kind) for event in events if isinstance(event, SaleVoided)] == [
        (2, 500_000, "receipt")
    ]
    assert set((await balances(pool)).values()) == {0}
    counted = await pool.fetch("SELECT day, sum(events)::int, sum(total)::int FROM heard GROUP BY day")
    assert [tuple(row) for row in counted] == [(date(2026, 11, 21), 3, 0)]
    assert await void_late(pool) == []
    assert refused(await report(pool, a_return(original_line=2))) == [("conflict", "sale_voided")]


async def test_a_line_sold_after_the_void_under_the_same_number_stays(database: Database) -> None:
    """A till may begin its numbers anew."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(line=2, sold_at=NOON))
    await report(pool, a_void(voided_at=NOON - HOUR / 2))
    await report(pool, a_sale(line=3, sold_at=NOON - HOUR / 2 + timedelta(seconds=1)))
    assert await void_late(pool) == []
    assert await owed(pool) == 2 * 455_000


async def test_a_void_raises_the_stock_again_and_frees_its_pieces(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1"))
    assert await unit_place(pool, "citos/A1") == ("sold", "citos")
    outcomes = await report(pool, a_void())
    assert told(outcomes, StockDeficitCleared) == [StockDeficitCleared(outlet="citos", sku=SHAWL)]
    assert await unit_place(pool, "citos/A1") == ("at-outlet", "citos")
    assert len(told(await report(pool, a_sale(receipt="7", serial="A1", sold_at=NOON)), ItemSold)) == 1


async def test_a_piece_that_was_sold_again_stays_with_its_new_sale(database: Database) -> None:
    """It was brought back before: its first receipt's void takes nothing from anybody."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1"), a_return(serial="A1", returned_at=NOON - HOUR / 2))
    await report(pool, a_sale(receipt="7", serial="A1", sold_at=NOON - HOUR / 4))
    await report(pool, a_void())
    assert await unit_place(pool, "citos/A1") == ("sold", "citos")
    assert await owed(pool) == 455_000


async def test_a_person_takes_one_line_back_and_says_why(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2), a_sale(line=2), a_return())
    command = VoidSale(sale_id=named_id("sale", "citos", "till-1", "536365", 1), reason="counted twice")
    reply, events = await do(pool, void_sale, command)
    assert reply == VoidedSale(sale_id=command.sale_id, quantity=1, voided_at=NOON, reason="counted twice")
    (event,) = [event for event in events if isinstance(event, SaleVoided)]
    assert (event.kind, event.quantity, event.net) == ("person", 1, 700_000)
    assert await owed(pool) == 455_000
    with pytest.raises(Conflict) as again:
        await do(pool, void_sale, command)
    assert again.value.code == "sale_voided"
    with pytest.raises(NotFound) as unknown:
        await do(pool, void_sale, VoidSale(sale_id=uuid4(), reason="what is this"))
    assert unknown.value.code == "sale_unknown"


async def test_a_receipts_void_leaves_alone_what_a_person_took_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(line=2))
    await do(pool, void_sale, VoidSale(sale_id=named_id("sale", "citos", "till-1", "536365", 1), reason="twice"))
    outcomes = await report(pool, a_void())
    assert [event.line for event in told(outcomes, SaleVoided)] == [2]
    kinds = await pool.fetch("SELECT kind, by, reason FROM sale_void ORDER BY no")
    assert [row["kind"] for row in kinds] == ["person", "receipt"]
    assert (kinds[0]["reason"], kinds[1]["by"], kinds[1]["reason"]) == ("twice", None, None)
    assert set((await balances(pool)).values()) == {0}


async def test_a_voided_sale_cannot_come_back_nor_be_told_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, a_sale(serial="A1"), a_void())
    waits = a_return(original_receipt=None, original_line=None, serial="A1")
    assert refused(await report(pool, a_return())) == [("conflict", "sale_voided")]
    assert refused(await report(pool, waits)) == [("not_yet", "sale_not_recorded")]
    assert ignored(await report(pool, a_sale(serial="A1"))) == 1
    assert await pool.fetchval("SELECT count(*) FROM sale") == 1
    assert await owed(pool) == 0


async def test_the_watch_holds_no_shelf_while_it_waits_for_a_return_that_is_being_tried(database: Database) -> None:
    """Whoever tries the return holds it and will want the shelf: the two would wait for each other in a circle."""
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_return(original_receipt="7"))
    await road.bring(a_sale(), a_void())
    await road.bring(a_sale(line=2), a_sale(receipt="7"))

    async def watch() -> None:
        async with pool.acquire() as tx, tx.transaction():
            await tills.look_once(tx, NOON, HOUR)

    async with pool.acquire() as trying, trying.transaction():
        await trying.execute("SELECT FROM parked FOR UPDATE")
        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.3)
        await trying.execute("SET LOCAL lock_timeout = '2s'")
        await trying.execute("SELECT FROM stock FOR UPDATE")
    await watching
    assert await pool.fetchval("SELECT count(*) FROM sale_void") == 2
    assert await pool.fetchval("SELECT wakes FROM parked") == 1
