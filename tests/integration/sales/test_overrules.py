"""A person says that a parked report is right: what is recorded against it gives way, once, and is written down."""

from uuid import UUID

from services.sales.handlers import known
from services.sales.handlers.voids import void_late_lines, void_sale
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.sales import ItemReturned, ItemSold, SaleVoided, VoidSale
from shared.db import Pool
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
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
    hear,
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

LINE = "citos/till-1/536365/1"
PIECE = "2900000000018"


async def events_of(pool: Pool, wire: str) -> int:
    counted = await pool.fetchval("SELECT count(*) FROM event_log WHERE type = $1", wire)
    return int(counted)


async def open_conflict(pool: Pool) -> Road:
    """Ani's shawl for 700.000 is recorded; a report of the same line for 500.000 waits for a person."""
    await open_shop(pool)
    await deliver(pool, {SHAWL: 10, POUCH: 10})
    road = Road(pool)
    await road.bring(a_sale())
    await road.bring(a_sale(unit_price=500_000))
    assert await road.parked() == [(LINE, "receipt_line_changed", "person")]
    return road


async def test_the_recorded_line_is_taken_back_and_the_right_one_is_its_next_version(database: Database) -> None:
    pool = await database("sales")
    road = await open_conflict(pool)
    assert await road.choose(LINE, "receipt_line_changed") == 1
    assert (await road.parked(), await owed(pool)) == ([], 325_000)
    rows = await pool.fetch("SELECT sale_id, version, unit_price FROM sale ORDER BY version")
    assert [tuple(row) for row in rows] == [
        (named_id("sale", "citos", "till-1", "536365", 1), 0, 700_000),
        (named_id("sale", "citos", "till-1", "536365", 1, 1), 1, 500_000),
    ]
    (void,) = await pool.fetch("SELECT kind, quantity, net, voided_at, reason FROM sale_void")
    assert tuple(void)[:4] == ("overruled", 1, 700_000, road.now)
    assert void["reason"].startswith("report ")
    assert (await events_of(pool, ItemSold.wire), await events_of(pool, SaleVoided.wire)) == (2, 1)
    line = await shelf(pool)
    assert line is not None
    assert line.on_hand == 9
    assert await check_stock(pool) == 2


async def test_what_the_right_line_says_counts_for_its_makers(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale())
    await road.bring(a_sale(sku=POUCH, quantity=2, unit_price=100_000))
    await road.choose(LINE, "receipt_line_changed")
    assert [await owed(pool), await owed(pool, WATI), await owed(pool, SRI)] == [65_000, 39_000, 26_000]


async def test_either_version_told_again_is_a_duplicate_and_a_third_a_conflict(database: Database) -> None:
    pool = await database("sales")
    road = await open_conflict(pool)
    await road.choose(LINE, "receipt_line_changed")
    outcomes = await report(pool, a_sale(), a_sale(unit_price=500_000), a_sale(unit_price=1))
    assert (ignored(outcomes), refused(outcomes)) == (2, [("conflict", "receipt_line_changed")])
    assert await owed(pool) == 325_000


async def test_a_return_takes_back_the_version_that_counts(database: Database) -> None:
    pool = await database("sales")
    road = await open_conflict(pool)
    await road.choose(LINE, "receipt_line_changed")
    (event,) = told(await report(pool, a_return()), ItemReturned)
    assert event.net == 500_000
    assert set((await balances(pool)).values()) == {0}


async def test_what_came_back_of_the_wrong_line_is_not_lost_with_it(database: Database) -> None:
    """Three were sold and one came back: the maker is owed for two, however the line was told of."""
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale(quantity=2), a_return())
    await road.bring(a_sale(quantity=3))
    assert await road.choose(LINE, "receipt_line_changed") == 0
    assert (await road.parked(), await owed(pool)) == ([(LINE, "line_partly_returned", "person")], 455_000)
    sale_id = named_id("sale", "citos", "till-1", "536365", 1)
    await do(pool, void_sale, VoidSale(sale_id=sale_id, reason="three were sold"))
    await road.bring(a_sale(quantity=2, unit_price=650_000, discount=0), ids=["corrected"])
    assert await road.choose(LINE, "receipt_line_changed") == 1
    assert await owed(pool) == 2 * 422_500
    line = await shelf(pool)
    assert line is not None
    assert line.deficit == 2


async def test_a_piece_that_came_back_is_not_sold_again_by_another_report_of_its_line(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale(serial="A1"), a_return())
    await road.bring(a_sale(serial="A1", unit_price=500_000))
    assert await road.choose(LINE, "receipt_line_changed") == 0
    assert (await owed(pool), await unit_place(pool, "citos/A1")) == (0, ("at-outlet", "citos"))


async def test_a_line_may_be_overruled_more_than_once(database: Database) -> None:
    pool = await database("sales")
    road = await open_conflict(pool)
    await road.choose(LINE, "receipt_line_changed")
    await road.bring(a_sale(unit_price=400_000))
    assert await road.choose(LINE, "receipt_line_changed") == 1
    assert await owed(pool) == 260_000
    assert await pool.fetchval("SELECT max(version) FROM sale") == 2


async def test_of_two_tills_that_sold_one_piece_the_other_was_right(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim", 1500, 1000)
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[PIECE]))
    road = Road(pool)
    await road.bring(a_sale(serial=PIECE))
    await road.bring(a_sale(outlet="pim", serial=PIECE))
    assert await road.findings() == [("serial-conflict", PIECE, "open")]
    assert await road.choose("pim/till-1/536365/1", "serial_already_sold") == 1
    await road.wait()
    assert (await road.parked(), await unit_place(pool, PIECE)) == ([], ("sold", "pim"))
    assert await owed(pool) == 525_000
    assert (await balances(pool))["outlet-receivable citos"] == 0
    assert await road.findings() == [("serial-conflict", PIECE, "settled")]


async def test_what_still_cannot_be_booked_changes_nothing_of_what_is_recorded(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale(serial="A1"))
    contradictions = {"sku_unknown": a_sale(sku="XXX-0001"), "discount_exceeds_price": a_sale(discount=700_001)}
    for code, contradiction in contradictions.items():
        await road.bring(contradiction)
        before = await pool.fetch("SELECT * FROM transfer ORDER BY id"), await unit_place(pool, "citos/A1")
        assert await road.choose(LINE, "receipt_line_changed") == 0
        assert (await pool.fetch("SELECT * FROM transfer ORDER BY id"), await unit_place(pool, "citos/A1")) == before
        assert code in [told_code for _, told_code, _ in await road.parked()]
    assert await pool.fetchval("SELECT count(*) FROM sale_void") == 0
    assert await pool.fetchval("SELECT count(*) FROM sale") == 1
    assert await events_of(pool, SaleVoided.wire) == 0
    assert await owed(pool) == 455_000


async def test_to_insist_on_what_is_recorded_is_a_duplicate(database: Database) -> None:
    pool = await database("sales")
    road = await open_conflict(pool)
    await road.bring(a_sale(unit_price=500_000), ids=["again"])
    await road.choose(LINE, "receipt_line_changed")
    assert await road.choose(LINE, "receipt_line_changed") == 1
    assert (await road.parked(), await owed(pool)) == ([], 325_000)
    resolutions = await pool.fetch("SELECT resolution FROM parked ORDER BY resolved_at, resolution")
    assert sorted([row["resolution"].split(":")[0] for row in resolutions]) == ["duplicate_line", "handled"]


async def test_an_id_used_for_something_new_is_a_new_sale_when_a_person_says_so(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale(), ids=["one"])
    await road.bring(a_sale(receipt="7", unit_price=70_000), ids=["one"])
    assert await road.parked() == [("citos/till-1/7/1", "event_id_reused", "person")]
    assert await road.choose("citos/till-1/7/1", "event_id_reused") == 1
    assert await owed(pool) == 455_000 + 45_500
    assert await pool.fetchval("SELECT count(*) FROM sale_void") == 0


async def test_the_right_line_of_a_receipt_that_is_voided_is_taken_back_with_it(database: Database) -> None:
    pool = await database("sales")
    road = await open_conflict(pool)
    await road.bring(a_void())
    assert await owed(pool) == 0
    assert await road.choose(LINE, "receipt_line_changed") == 1
    spans = [(row["first_no"], row["last_no"]) for row in await pool.fetch("SELECT first_no, last_no FROM heard")]
    async with pool.acquire() as tx, tx.transaction():
        events = await void_late_lines(tx, spans, road.now)
    assert [event.net for event in events if isinstance(event, SaleVoided)] == [500_000]
    assert set((await balances(pool)).values()) == {0}


async def test_who_overruled_is_written_down_with_what_came_of_it(database: Database) -> None:
    pool = await database("sales")
    road = await open_conflict(pool)
    await road.choose(LINE, "receipt_line_changed")
    rows = await pool.fetch("SELECT act, actor, chosen, outcome FROM parked_act ORDER BY no")
    assert [tuple(row) for row in rows] == [
        ("parked", "the runtime", None, "receipt_line_changed"),
        ("chosen", "coordinator", "parked", "handled"),
    ]
    sale = await pool.fetchrow("SELECT report_id FROM sale WHERE version = 1")
    reason = await pool.fetchval("SELECT reason FROM sale_void")
    assert sale is not None
    assert UUID(reason.split()[1]) == sale["report_id"]
