"""When several rules apply to one report, one is told, in a fixed order: id, line, piece, what is unknown, stock."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from services.sales.handlers import known
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.outlets import TillReport
from shared.contracts.sales import ItemSold, StockDeficitRaised
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    a_void,
    deliver,
    hear,
    open_shop,
    owed,
)
from tests.integration.sales.till_road import Road

PIECE, OTHER, UNKNOWN = "2900000000018", "2900000000025", "2900000000032"
FUTURE = NOON + timedelta(minutes=6)


@dataclass(frozen=True)
class Case:
    """What comes after `recorded`, under which id, and what becomes of it: a code, "duplicate" or "booked"."""

    report: TillReport
    outcome: str
    name: str = "new"
    findings: int = 0
    deficits: int = 0
    recorded: dict[str, Any] = field(default_factory=dict)


SAME, NEW = "recorded", "new"
CASES = {
    "same id and content, although the piece is sold": Case(a_sale(serial=PIECE), "duplicate", SAME),
    "same id, other content, although the line is the same": Case(
        a_sale(serial=PIECE, unit_price=1), "event_id_reused", SAME
    ),
    "same id, other content, although the product is unknown": Case(
        a_sale(serial=PIECE, sku="XXX-0001"), "event_id_reused", SAME
    ),
    "same line and facts, although the piece is sold": Case(a_sale(serial=PIECE, till_seq=8), "duplicate"),
    "same line, other facts, although the piece is sold": Case(
        a_sale(serial=PIECE, unit_price=1), "receipt_line_changed"
    ),
    "same line, in the name of a promotion, which changes who bears what": Case(
        a_sale(serial=PIECE, promo_id="MERDEKA"), "receipt_line_changed"
    ),
    "same line, another piece that is sold too": Case(a_sale(serial=OTHER), "receipt_line_changed"),
    "same line, although the label is unknown": Case(a_sale(serial=UNKNOWN), "receipt_line_changed"),
    "same line, although the product is unknown": Case(a_sale(sku="XXX-0001"), "receipt_line_changed"),
    "same line, although it lies ahead of now": Case(a_sale(serial=PIECE, sold_at=FUTURE), "receipt_line_changed"),
    "same line, although the discount is too much": Case(a_sale(discount=700_001), "receipt_line_changed"),
    "a discount beyond the price, although the outlet is unknown": Case(
        a_sale(line=2, outlet="pim", discount=700_001), "discount_exceeds_price"
    ),
    "ahead of now, although the product is unknown": Case(
        a_sale(line=2, sku="XXX-0001", sold_at=FUTURE), "sold_in_the_future"
    ),
    "an unknown outlet, although the product is unknown too": Case(
        a_sale(line=2, outlet="pim", sku="XXX-0001"), "outlet_unknown"
    ),
    "an unknown product, although nothing was agreed then": Case(
        a_sale(line=2, sku="XXX-0001", sold_at=NOON - timedelta(days=400)), "sku_unknown"
    ),
    "the piece is sold, and nothing was agreed then": Case(
        a_sale(line=2, serial=PIECE, sold_at=NOON - timedelta(days=400)), "serial_already_sold", findings=1
    ),
    "the piece is sold, and the outlet is unknown": Case(
        a_sale(outlet="pim", serial=PIECE), "serial_already_sold", findings=1
    ),
    "the piece is sold, and it lies ahead of now": Case(
        a_sale(line=2, serial=PIECE, sold_at=FUTURE), "serial_already_sold", findings=1
    ),
    "the piece is another product's, and that is unknown": Case(
        a_sale(line=2, serial=PIECE, sku="XXX-0001"), "serial_of_other_sku"
    ),
    "an unknown outlet, although the label is unknown too": Case(
        a_sale(outlet="pim", serial=UNKNOWN), "outlet_unknown"
    ),
    "the piece is sold, and there is no stock": Case(
        a_sale(line=2, serial=PIECE), "serial_already_sold", findings=1
    ),
    "a serial for two pieces, although the label is unknown": Case(
        a_sale(line=2, serial=UNKNOWN, quantity=2), "serial_quantity"
    ),
    "an unknown label, and there is no stock": Case(a_sale(line=2, serial=UNKNOWN), "serial_unknown"),
    "no stock": Case(a_sale(line=2, sku=POUCH), "booked", deficits=1),
    "nothing against it": Case(a_sale(line=2), "booked"),
    "a return of the line with other facts, although too many": Case(
        a_return(quantity=9), "receipt_line_changed", recorded={"returned": True}
    ),
    "a return that names no sale, although it lies ahead of now": Case(
        a_return(line=2, original_receipt=None, returned_at=FUTURE), "return_without_original"
    ),
    "a return ahead of now, although its sale is unknown": Case(
        a_return(line=2, original_receipt="9", returned_at=FUTURE), "returned_in_the_future"
    ),
    "a return of another product, although too many": Case(
        a_return(line=2, sku=POUCH, quantity=9), "return_of_other_sku"
    ),
    "a void at another time, although that lies ahead of now": Case(
        a_void(voided_at=FUTURE), "receipt_line_changed", recorded={"voided": True}
    ),
    "a void ahead of now, although the receipt is unknown": Case(
        a_void(receipt="9", voided_at=FUTURE), "voided_in_the_future"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_of_several_rules_the_first_in_the_fixed_order_is_told(database: Database, name: str) -> None:
    case = CASES[name]
    pool = await database("sales")
    await open_shop(pool)
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[PIECE, OTHER]))
    await deliver(pool, {SHAWL: 3})
    road = Road(pool)
    await road.bring(a_sale(serial=PIECE), a_sale(receipt="7", serial=OTHER), ids=[SAME, "other"])
    if case.recorded.get("returned"):
        await road.bring(a_return())
    if case.recorded.get("voided"):
        await road.bring(a_void())
    before = await owed(pool)
    sold = "SELECT count(*) FROM event_log WHERE type = $1"
    sold_before = await pool.fetchval(sold, ItemSold.wire)

    await road.bring(case.report, ids=[case.name])

    codes = [code for _, code, _ in await road.parked()]
    booked = await pool.fetchval(sold, ItemSold.wire) - sold_before
    assert (codes or ["booked" if booked else "duplicate"]) == [case.outcome]
    assert await road.duplicates() == (case.outcome == "duplicate")
    assert booked == (case.outcome == "booked")
    assert len(await road.findings()) == case.findings
    assert await pool.fetchval(sold, StockDeficitRaised.wire) == case.deficits
    assert (await owed(pool) != before) == (case.outcome == "booked")
