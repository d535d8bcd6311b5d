"""Consignment: what is on its way, what arrives, what stays open for a claim."""

import asyncio
from uuid import uuid4

import pytest

from services.sales.handlers import deliveries
from services.sales.views.stock import get_stock
from shared.contracts.sales import (
    DeliveryLine,
    DispatchDelivery,
    GetStock,
    ReceiveDelivery,
    ReceivedLine,
    StockDispatched,
    StockLine,
    StockReceived,
)
from shared.contracts.sales.goods import ClaimOpened
from shared.errors import KaryaError, NotFound, NotYet, Rejected
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    check_stock,
    deliver,
    do,
    open_shop,
    report,
    send,
    shelf,
)


async def test_what_is_dispatched_is_in_transit(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    lines = [DeliveryLine(sku=POUCH, quantity=20), DeliveryLine(sku=SHAWL, quantity=10)]
    delivery, events = await do(pool, deliveries.dispatch_delivery, DispatchDelivery(outlet="citos", lines=lines))
    assert (delivery.number, delivery.state, delivery.lines) == ("SJ-2026-00001", "dispatched", lines)
    sent = StockDispatched(
        delivery_id=delivery.delivery_id, outlet="citos", lines=lines, number="SJ-2026-00001", dispatched_at=NOON
    )
    assert events == [sent]
    assert await shelf(pool, SHAWL) == StockLine(sku=SHAWL, on_hand=0, deficit=0, in_transit=10)


async def test_delivery_notes_are_numbered_without_gaps(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    assert (await send(pool, {SHAWL: 1})).number == "SJ-2026-00001"
    with pytest.raises(NotYet):
        await send(pool, {"XXX-0001": 1})
    assert (await send(pool, {SHAWL: 1})).number == "SJ-2026-00002"


async def test_what_arrives_is_on_the_shelf(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    delivery = await deliver(pool, {SHAWL: 10, POUCH: 20})
    assert delivery.state == "received"
    assert delivery.received == [ReceivedLine(sku=SHAWL, received=10), ReceivedLine(sku=POUCH, received=20)]
    assert await shelf(pool, SHAWL) == StockLine(sku=SHAWL, on_hand=10, deficit=0, in_transit=0, available=10)
    assert await check_stock(pool) == 2


async def test_missing_and_damaged_pieces_stay_on_the_note_and_off_the_shelf(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    sent = await send(pool, {SHAWL: 10, POUCH: 20})
    lines = [ReceivedLine(sku=SHAWL, received=7, damaged=1)]
    told = ReceiveDelivery(delivery_id=sent.delivery_id, lines=lines)
    delivery, events = await do(pool, deliveries.receive_delivery, told)
    whole = [*lines, ReceivedLine(sku=POUCH, received=0)]
    assert delivery.received == whole
    assert events[0] == StockReceived(delivery_id=sent.delivery_id, outlet="citos", lines=whole, received_at=NOON)
    assert await shelf(pool, SHAWL) == StockLine(sku=SHAWL, on_hand=7, deficit=0, in_transit=0, available=7)
    assert await shelf(pool, POUCH) is None
    opened = [(one.sku, one.kind, one.quantity) for one in events[1:] if isinstance(one, ClaimOpened)]
    assert opened == [(SHAWL, "missing", 2), (SHAWL, "damaged", 1), (POUCH, "missing", 20)]
    assert delivery.state == "partial"


async def test_a_delivery_is_received_once_even_by_two_at_the_same_time(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    sent = await send(pool, {SHAWL: 10})
    told = ReceiveDelivery(delivery_id=sent.delivery_id)
    results = await asyncio.gather(
        *[do(pool, deliveries.receive_delivery, told) for _ in range(2)], return_exceptions=True
    )
    codes = [result.code for result in results if isinstance(result, KaryaError)]
    assert codes == ["already_received"]
    line = await shelf(pool)
    assert line is not None
    assert line.on_hand == 10


async def test_more_cannot_arrive_than_was_sent(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    sent = await send(pool, {SHAWL: 10})
    lines = [ReceivedLine(sku=SHAWL, received=10, damaged=1)]
    with pytest.raises(Rejected) as refused:
        await do(pool, deliveries.receive_delivery, ReceiveDelivery(delivery_id=sent.delivery_id, lines=lines))
    assert refused.value.code == "more_than_sent"
    assert SHAWL in refused.value.detail


async def test_a_delivery_that_is_not_there_is_not_received(database: Database) -> None:
    with pytest.raises(NotFound):
        await do(await database("sales"), deliveries.receive_delivery, ReceiveDelivery(delivery_id=uuid4()))


async def test_nothing_is_sent_to_an_outlet_that_is_not_there(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    with pytest.raises(NotFound):
        await send(pool, {SHAWL: 1}, outlet="pim")


async def test_a_product_whose_approval_is_on_its_way_can_be_sent_later(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    with pytest.raises(NotYet) as refused:
        await send(pool, {SHAWL: 1, "XXX-0002": 1, "XXX-0001": 1})
    assert refused.value.detail.endswith("XXX-0001, XXX-0002")


async def test_a_receipt_clears_what_was_sold_before_it_came(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3))
    assert await shelf(pool) == StockLine(sku=SHAWL, on_hand=0, deficit=3, in_transit=0)
    await deliver(pool, {SHAWL: 10})
    assert await shelf(pool) == StockLine(sku=SHAWL, on_hand=7, deficit=0, in_transit=0, available=7)


async def test_stock_is_listed_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {POUCH: 2})
    await send(pool, {SHAWL: 1, POUCH: 3})
    first = await do(pool, get_stock, GetStock(code="citos", limit=1))
    second = await do(pool, get_stock, GetStock(code="citos", limit=1, cursor=first.next))
    assert first.items == [StockLine(sku=SHAWL, on_hand=0, deficit=0, in_transit=1)]
    assert second.items == [StockLine(sku=POUCH, on_hand=2, deficit=0, in_transit=3, available=2)]
    assert second.next is None


async def test_an_outlet_that_is_not_there_has_no_stock(database: Database) -> None:
    with pytest.raises(NotFound):
        await do(await database("sales"), get_stock, GetStock(code="pim"))
