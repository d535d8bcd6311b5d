"""What goods tests are made of: labelled pieces, goods on their way, counts; and where everything is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.sales.handlers import counts, deliveries, known
from services.sales.handlers.sales import record_sales
from services.sales.views.counts import get_stock_count
from services.sales.views.stock import get_stock
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.outlets import SaleReported
from shared.contracts.sales import ItemSold
from shared.contracts.sales.goods import (
    ApproveStockCount,
    CountedLine,
    CountStock,
    Delivery,
    DeliveryLine,
    DispatchDelivery,
    GetStock,
    GetStockCount,
    ReceiveDelivery,
    ReceivedLine,
    StockCount,
    StockCountLine,
    TransferStock,
)
from shared.db import Pool
from shared.errors import KaryaError
from tests.integration.sales.builders import NOON, SHAWL, do, hear, in_full, open_outlet, open_shop, received, told

FIRST, SECOND, THIRD = "2900000000018", "2900000000025", "2900000000032"
"""Serials of shawls."""

AFTERNOON = NOON + timedelta(hours=2)
EVENING = NOON + timedelta(hours=8)
"""When tills send what they did all day."""


async def open_two(pool: Pool) -> None:
    """Citos and PIM."""
    await open_shop(pool)
    await open_outlet(pool, "pim")


async def label(pool: Pool, *serials: str, sku: str = SHAWL) -> None:
    await hear(pool, known.know_units, UnitsLabelled(sku=sku, serials=list(serials)))


def pieces(*serials: str, sku: str = SHAWL) -> list[DeliveryLine]:
    """A line that names its pieces."""
    return [DeliveryLine(sku=sku, quantity=len(serials), serials=list(serials))]


def some(quantity: int, sku: str = SHAWL) -> list[DeliveryLine]:
    """A line of pieces without names."""
    return [DeliveryLine(sku=sku, quantity=quantity)]


async def send_pieces(pool: Pool, *serials: str, outlet: str = "citos") -> Delivery:
    sent, _ = await do(pool, deliveries.dispatch_delivery, DispatchDelivery(outlet=outlet, lines=pieces(*serials)))
    return sent


async def transfer(pool: Pool, lines: list[DeliveryLine], from_outlet: str = "citos", outlet: str = "pim") -> Delivery:
    order = TransferStock(from_outlet=from_outlet, outlet=outlet, lines=lines)
    sent, _ = await do(pool, deliveries.transfer_stock, order)
    return sent


async def receive(pool: Pool, sent: Delivery, *lines: ReceivedLine) -> Delivery:
    """Everything, or just these lines."""
    receipt = ReceiveDelivery(delivery_id=sent.delivery_id, lines=list(lines) or None)
    delivery, _ = await do(pool, deliveries.receive_delivery, receipt)
    return delivery


async def tell(pool: Pool, *sales: SaleReported) -> None:
    """What tills tell in the evening."""
    async with pool.acquire() as tx, tx.transaction():
        outcomes = await in_full(record_sales, [received(sale, EVENING) for sale in sales], tx)
    assert len(told(outcomes, ItemSold)) == len(sales)


async def on_hand(pool: Pool, outlet: str = "citos", sku: str = SHAWL) -> int:
    """Below 0 when more was sold than came."""
    found = await do(pool, get_stock, GetStock(code=outlet, sku=sku))
    return sum(line.on_hand - line.deficit for line in found.items)


async def place_of(pool: Pool, serial: str = FIRST) -> tuple[str, str | None]:
    """State and outlet of a piece."""
    row = await pool.fetchrow("SELECT state, outlet FROM unit WHERE serial = $1", serial)
    assert row is not None
    return row["state"], row["outlet"]


async def count(pool: Pool, counted: dict[str, int], at: datetime = NOON, outlet: str = "citos") -> UUID:
    """A stock count, recorded an hour later than it was made."""
    lines = [CountedLine(sku=sku, counted=number) for sku, number in counted.items()]
    counted_stock = CountStock(code=outlet, counted_at=at, lines=lines)
    recorded, _ = await do(pool, counts.count_stock, counted_stock, at + timedelta(hours=1))
    return recorded.count_id


async def approve(pool: Pool, count_id: UUID) -> dict[str, int]:
    """By how much the stock of each SKU was set right."""
    approved, _ = await do(pool, counts.approve_stock_count, ApproveStockCount(count_id=count_id))
    return {line.sku: line.delta for line in approved.lines}


async def explain(pool: Pool, *shelves: tuple[str, str]) -> list[Any]:
    """What is done when facts of these shelves were told of late."""
    async with pool.acquire() as tx, tx.transaction():
        return list(await counts.reexplain(tx, shelves or [("citos", SHAWL)], NOON))


async def shown(pool: Pool, count_id: UUID) -> StockCount:
    return await do(pool, get_stock_count, GetStockCount(count_id=count_id))


async def line_of(pool: Pool, count_id: UUID, sku: str = SHAWL) -> StockCountLine:
    found = await shown(pool, count_id)
    return next(line for line in found.lines if line.sku == sku)


async def refusal(pool: Pool, handle: Any, data: Any) -> KaryaError:
    """The error that a command or query is answered with."""
    with pytest.raises(KaryaError) as refused:
        await do(pool, handle, data)
    return refused.value
