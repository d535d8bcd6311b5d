"""Consignment: what is sent to an outlet, and what of it reaches the shelf."""

from collections.abc import Sequence

from services.sales.domain.calendar import business_day
from services.sales.domain.deliveries import arrived, check_dispatch, note_number
from services.sales.domain.stock import Movement
from services.sales.handlers.outlets import get_outlet
from services.sales.storage import deliveries as storage
from services.sales.storage import products, stock
from shared.contracts.message import Event
from shared.contracts.sales import (
    Delivery,
    DispatchDelivery,
    ReceiveDelivery,
    ReceivedLine,
    StockDispatched,
    StockReceived,
)
from shared.db import Row, Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received


async def dispatch_delivery(command: Received[DispatchDelivery], tx: Tx) -> tuple[Delivery, list[Event]]:
    """Sends pieces on their way. They are in transit until they are received."""
    new = command.data
    await get_outlet(tx, new.outlet)
    check_dispatch(new.lines, await products.get_known_skus(tx, [line.sku for line in new.lines]))
    year = business_day(command.now).year
    number = note_number(year, await storage.claim_note_number(tx, year))
    no = await storage.add_delivery(tx, command.id, number, new, command.now)
    await storage.add_delivery_lines(tx, no, new.lines)
    delivery = Delivery(
        delivery_id=command.id,
        number=number,
        outlet=new.outlet,
        state="dispatched",
        lines=new.lines,
        received=None,
        dispatched_at=command.now,
        received_at=None,
    )
    return delivery, [StockDispatched(delivery_id=command.id, outlet=new.outlet, lines=new.lines)]


async def receive_delivery(command: Received[ReceiveDelivery], tx: Tx) -> tuple[Delivery, list[Event]]:
    """Puts the good pieces on the shelf; what is damaged or missing stays on the note."""
    told = command.data
    note = await storage.lock_delivery(tx, told.delivery_id)
    if note is None:
        raise NotFound("delivery_unknown", "there is no such delivery")
    if note["received_at"] is not None:
        raise Rejected("already_received", f"{note['note_number']} has been received")
    sent = await storage.list_sent(tx, note["no"])
    received = arrived({line.sku: line.quantity for line in sent}, told.lines)
    await storage.mark_received(tx, note["no"], received, command.now)
    await stock.add_movements(tx, _movements(command, note, received))
    delivery = Delivery(
        delivery_id=told.delivery_id,
        number=note["note_number"],
        outlet=note["outlet"],
        state="received",
        lines=sent,
        received=received,
        dispatched_at=note["dispatched_at"],
        received_at=command.now,
    )
    return delivery, [StockReceived(delivery_id=told.delivery_id, outlet=note["outlet"], lines=received)]


def _movements(command: Received[ReceiveDelivery], note: Row, received: Sequence[ReceivedLine]) -> list[Movement]:
    return [
        Movement(note["no"], command.now, line.received, "received", note["outlet"], line.sku)
        for line in received
        if line.received
    ]
