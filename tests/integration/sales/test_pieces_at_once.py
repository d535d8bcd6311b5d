"""One piece, several who move it at the same moment: it is in one place, and shelves and pieces agree."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.sales.handlers import deliveries
from services.sales.handlers.sales import record_sales
from shared.contracts.sales import DispatchDelivery, ItemSold, ReceiveDelivery
from shared.contracts.sales.goods import CancelDelivery, Delivery, RecallStock, TransferStock
from shared.contracts.sales.tills import FindingOpened
from shared.db import Pool
from shared.errors import KaryaError
from tests.integration.sales.builders import Database, a_sale, check_stock, do, in_full, received, refused, report, told
from tests.integration.sales.goods import (
    FIRST,
    SECOND,
    label,
    on_hand,
    open_two,
    pieces,
    place_of,
    receive,
    refusal,
    send_pieces,
    transfer,
)

Ask = Callable[[Delivery], tuple[Any, Any]]
SENT: dict[str, Ask] = {
    "received": lambda sent: (deliveries.receive_delivery, ReceiveDelivery(delivery_id=sent.delivery_id)),
    "called off": lambda sent: (
        deliveries.cancel_delivery,
        CancelDelivery(delivery_id=sent.delivery_id, reason="late"),
    ),
}


async def at_citos(pool: Pool) -> None:
    await open_two(pool)
    await label(pool, FIRST, SECOND)
    await receive(pool, await send_pieces(pool, FIRST, SECOND))


async def while_sold(pool: Pool, then: Callable[[], Awaitable[Any]], outlet: str = "citos") -> tuple[list[Any], Any]:
    """A till's sale that commits while somebody else already waits for the piece. What the sale and the other tell."""
    async with pool.acquire() as tx, tx.transaction():
        outcomes = await in_full(record_sales, [received(a_sale(outlet=outlet, serial=FIRST))], tx)
        other = asyncio.ensure_future(then())
        locked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        while not await pool.fetchval(locked):
            assert not other.done(), "it did not wait"
            await asyncio.sleep(0.01)
    return outcomes, (await asyncio.gather(other, return_exceptions=True))[0]


async def test_of_two_who_send_the_same_piece_one_does(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await label(pool, FIRST)
    orders = [DispatchDelivery(outlet=outlet, lines=pieces(FIRST)) for outlet in ("citos", "pim")]
    results = await asyncio.gather(
        *[do(pool, deliveries.dispatch_delivery, order) for order in orders], return_exceptions=True
    )
    assert [one.code for one in results if isinstance(one, KaryaError)] == ["serial_elsewhere"]
    assert await pool.fetchval("SELECT count(*) FROM delivery_unit") == 1


@pytest.mark.parametrize("outlet", ["pim", None])
async def test_what_is_being_sold_cannot_be_sent_away(database: Database, outlet: str | None) -> None:
    pool = await database("sales")
    await at_citos(pool)
    order: Any = RecallStock(outlet="citos", lines=pieces(FIRST), reason="worn out")
    handle: Any = deliveries.recall_stock
    if outlet:
        order, handle = (
            TransferStock(from_outlet="citos", outlet=outlet, lines=pieces(FIRST)),
            deliveries.transfer_stock,
        )
    outcomes, error = await while_sold(pool, lambda: do(pool, handle, order))
    assert (len(told(outcomes, ItemSold)), getattr(error, "code", error)) == (1, "serial_elsewhere")
    assert (await place_of(pool), await on_hand(pool)) == (("sold", "citos"), 1)
    assert await check_stock(pool) == 1


async def test_a_piece_that_is_sold_while_it_is_received_is_sold(database: Database) -> None:
    pool = await database("sales")
    await at_citos(pool)
    sent = await transfer(pool, pieces(FIRST, SECOND))
    handle, order = SENT["received"](sent)
    outcomes, done = await while_sold(pool, lambda: do(pool, handle, order), "pim")
    assert told(outcomes, FindingOpened) == []
    assert done[0].state == "received"
    assert (await place_of(pool), await place_of(pool, SECOND)) == (("sold", "pim"), ("at-outlet", "pim"))
    assert (await on_hand(pool), await on_hand(pool, "pim")) == (0, 1)
    assert await check_stock(pool) == 2


async def test_a_dispatch_is_not_called_off_while_a_piece_of_it_is_sold_at_its_end(database: Database) -> None:
    pool = await database("sales")
    await at_citos(pool)
    sent = await transfer(pool, pieces(FIRST, SECOND))
    handle, order = SENT["called off"](sent)
    _, error = await while_sold(pool, lambda: do(pool, handle, order), "pim")
    assert getattr(error, "code", error) == "piece_arrived"
    assert (await on_hand(pool), await on_hand(pool, "pim")) == (0, -1)


@pytest.mark.parametrize("end", SENT)
async def test_what_a_till_sells_while_it_is_on_its_way_somewhere_else_is_looked_for(
    database: Database, end: str
) -> None:
    """In whatever order: by the sale, or when the piece lies where it should be and is sold here."""
    pool = await database("sales")
    await at_citos(pool)
    sent = await transfer(pool, pieces(FIRST, SECOND))
    outcomes = await report(pool, a_sale(serial=FIRST))
    assert [one.kind for one in told(outcomes, FindingOpened)] == ["piece-elsewhere"]
    await do(pool, *SENT[end](sent))
    assert await place_of(pool) == ("sold", "citos")
    again = await report(pool, a_sale(outlet="pim", serial=FIRST))
    assert refused(again) == [("conflict", "serial_already_sold")]
    moved = TransferStock(from_outlet="pim", outlet="citos", lines=pieces(FIRST))
    assert (await refusal(pool, deliveries.transfer_stock, moved)).code == "serial_elsewhere"
    assert await on_hand(pool) + await on_hand(pool, "pim") == 1
