"""Goods between outlets and back to the makers: off one shelf at once, on the other when they arrive."""

import asyncio
from uuid import uuid4

from services.sales.handlers import deliveries
from services.sales.views.deliveries import get_delivery, list_deliveries
from shared.contracts.sales import StockLine
from shared.contracts.sales.goods import (
    CancelDelivery,
    DispatchCancelled,
    DispatchDelivery,
    GetDelivery,
    ListDeliveries,
    RecallStock,
    ReceiveDelivery,
    ReceivedLine,
    StockDispatched,
    StockReceived,
    TransferStock,
)
from shared.errors import KaryaError
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    check_stock,
    deliver,
    do,
    open_outlet,
    report,
    send,
    shelf,
)
from tests.integration.sales.goods import on_hand, open_two, receive, refusal, some, transfer


async def test_what_is_transferred_leaves_at_once_and_is_in_transit(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    told = TransferStock(from_outlet="citos", outlet="pim", lines=some(4), note="for the weekend")
    sent, events = await do(pool, deliveries.transfer_stock, told)
    assert (sent.kind, sent.from_outlet, sent.outlet, sent.state) == ("transfer", "citos", "pim", "dispatched")
    dispatched = StockDispatched(
        delivery_id=sent.delivery_id,
        outlet="pim",
        lines=some(4),
        kind="transfer",
        from_outlet="citos",
        number="SJ-2026-00002",
        dispatched_at=NOON,
    )
    assert events == [dispatched]
    assert await on_hand(pool) == 6
    assert await shelf(pool, SHAWL, "pim") == StockLine(sku=SHAWL, on_hand=0, deficit=0, in_transit=4)
    await receive(pool, sent)
    assert (await on_hand(pool), await on_hand(pool, "pim")) == (6, 4)
    assert await check_stock(pool) == 2


async def test_what_is_recalled_is_nobodys_stock_when_the_makers_have_it(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    sent, _ = await do(
        pool, deliveries.recall_stock, RecallStock(outlet="citos", lines=some(4), reason="does not sell")
    )
    assert (sent.kind, sent.from_outlet, sent.outlet, sent.note) == ("recall", "citos", None, "does not sell")
    told = ReceiveDelivery(delivery_id=sent.delivery_id)
    received, events = await do(pool, deliveries.receive_delivery, told)
    assert received.state == "received"
    assert isinstance(events[0], StockReceived)
    assert (events[0].outlet, events[0].from_outlet) == (None, "citos")
    assert await on_hand(pool) == 6
    assert await check_stock(pool) == 1


async def test_people_send_no_more_than_lies_there(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 3, POUCH: 1})
    lines = [*some(4), *some(1, POUCH)]
    too_much = await refusal(
        pool, deliveries.transfer_stock, TransferStock(from_outlet="citos", outlet="pim", lines=lines)
    )
    assert (too_much.code, too_much.status) == ("more_than_on_hand", 409)
    assert "BTK-0007 (3)" in too_much.detail
    assert "SUL" not in too_much.detail
    nothing = await refusal(pool, deliveries.recall_stock, RecallStock(outlet="pim", lines=some(1), reason="a test"))
    assert nothing.code == "more_than_on_hand"
    assert await on_hand(pool) == 3


async def test_of_two_who_send_the_last_pieces_one_does(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await open_outlet(pool, "alun-alun")
    await deliver(pool, {SHAWL: 3})
    results = await asyncio.gather(
        transfer(pool, some(2)), transfer(pool, some(2), outlet="alun-alun"), return_exceptions=True
    )
    assert [one.code for one in results if isinstance(one, KaryaError)] == ["more_than_on_hand"]
    assert await on_hand(pool) == 1


async def test_an_outlet_sends_nothing_to_itself(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    told = TransferStock(from_outlet="citos", outlet="citos", lines=some(1))
    assert (await refusal(pool, deliveries.transfer_stock, told)).code == "same_outlet"


async def test_a_dispatch_that_is_called_off_never_happened_to_the_stock(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    sent = await transfer(pool, some(4))
    called_off = CancelDelivery(delivery_id=sent.delivery_id, reason="the van broke down")
    cancelled, events = await do(pool, deliveries.cancel_delivery, called_off)
    assert (cancelled.state, cancelled.cancelled_at) == ("cancelled", NOON)
    assert isinstance(events[0], DispatchCancelled)
    assert (events[0].from_outlet, events[0].lines) == ("citos", some(4))
    assert await on_hand(pool) == 10
    assert await shelf(pool, SHAWL, "pim") is None
    assert (await refusal(pool, deliveries.cancel_delivery, called_off)).code == "already_cancelled"
    late = ReceiveDelivery(delivery_id=sent.delivery_id)
    assert (await refusal(pool, deliveries.receive_delivery, late)).code == "already_cancelled"
    assert await check_stock(pool) == 1


async def test_a_dispatch_is_either_received_or_called_off(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    sent = await transfer(pool, some(4))
    results = await asyncio.gather(
        receive(pool, sent),
        do(pool, deliveries.cancel_delivery, CancelDelivery(delivery_id=sent.delivery_id, reason="late")),
        return_exceptions=True,
    )
    codes = [one.code for one in results if isinstance(one, KaryaError)]
    assert codes in (["already_received"], ["already_cancelled"])
    there = await on_hand(pool, "pim")
    assert (await on_hand(pool), there) in ((6, 4), (10, 0))
    assert (there == 4) == (codes == ["already_received"])


async def test_what_a_till_sold_too_early_is_explained_by_what_comes_back(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 4})
    sent = await transfer(pool, some(4))
    await report(pool, a_sale(quantity=1))
    assert await on_hand(pool) == -1
    told = CancelDelivery(delivery_id=sent.delivery_id, reason="they were needed")
    _, events = await do(pool, deliveries.cancel_delivery, told)
    assert [event.wire for event in events] == ["sales.DispatchCancelled.v1", "sales.StockDeficitCleared.v1"]
    assert await on_hand(pool) == 3


async def test_a_receipt_is_the_business_of_the_outlet_that_waits_for_it(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    sent = await transfer(pool, some(4))
    for stranger in ("citos", "alun-alun"):
        told = ReceiveDelivery(delivery_id=sent.delivery_id, outlet=stranger)
        assert (await refusal(pool, deliveries.receive_delivery, told)).code == "delivery_unknown"
    own = ReceiveDelivery(delivery_id=sent.delivery_id, outlet="pim")
    received, _ = await do(pool, deliveries.receive_delivery, own)
    assert received.state == "received"


async def test_no_outlet_receives_what_goes_back_to_the_makers(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    sent, _ = await do(pool, deliveries.recall_stock, RecallStock(outlet="citos", lines=some(1), reason="worn out"))
    told = ReceiveDelivery(delivery_id=sent.delivery_id, outlet="citos")
    assert (await refusal(pool, deliveries.receive_delivery, told)).code == "delivery_unknown"


async def test_deliveries_are_listed_by_outlet_state_and_kind(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    first = await deliver(pool, {SHAWL: 10, POUCH: 2})
    second = await send(pool, {SHAWL: 1}, "pim")
    third = await transfer(pool, some(4))
    everything = await do(pool, list_deliveries, ListDeliveries())
    assert everything.items == [third, second, first]
    assert everything.next is None
    for asked, found in (
        (ListDeliveries(outlet="citos"), [third, first]),
        (ListDeliveries(outlet="pim", kind="consignment"), [second]),
        (ListDeliveries(state="received"), [first]),
        (ListDeliveries(kind="recall"), []),
    ):
        assert (await do(pool, list_deliveries, asked)).items == found
    page = await do(pool, list_deliveries, ListDeliveries(limit=2))
    assert page.items == [third, second]
    assert (await do(pool, list_deliveries, ListDeliveries(limit=2, cursor=page.next))).items == [first]


async def test_a_delivery_is_shown_to_both_of_its_ends(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    sent = await transfer(pool, some(4))
    received = await receive(pool, sent, ReceivedLine(sku=SHAWL, received=3, damaged=1))
    for outlet in (None, "citos", "pim"):
        assert await do(pool, get_delivery, GetDelivery(delivery_id=sent.delivery_id, outlet=outlet)) == received
    other = GetDelivery(delivery_id=sent.delivery_id, outlet="alun-alun")
    assert (await refusal(pool, get_delivery, other)).code == "delivery_unknown"
    assert (await refusal(pool, get_delivery, GetDelivery(delivery_id=uuid4()))).code == "delivery_unknown"


async def test_a_consignment_takes_nothing_off_any_shelf(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    sent, _ = await do(pool, deliveries.dispatch_delivery, DispatchDelivery(outlet="citos", lines=some(4)))
    assert (sent.kind, sent.from_outlet) == ("consignment", None)
    assert await pool.fetchval("SELECT count(*) FROM goods_movement") == 0
