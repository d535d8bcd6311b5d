"""Goods on their way: to an outlet, from one outlet to another, back to the makers; and what of them arrives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.sales.domain import deliveries as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.claims import lost
from services.sales.domain.deliveries import Note, Trip
from services.sales.domain.stock import Movement
from services.sales.handlers.claims import open_claims
from services.sales.handlers.movements import move
from services.sales.handlers.outlets import get_outlet
from services.sales.storage import deliveries as storage
from services.sales.storage import offers, products, shelves, units
from shared.contracts.message import Event
from shared.contracts.sales.goods import (
    CancelDelivery,
    Delivery,
    DeliveryLine,
    DeliveryState,
    DispatchCancelled,
    DispatchDelivery,
    RecallStock,
    ReceiveDelivery,
    ReceivedLine,
    StockDispatched,
    StockReceived,
    TransferStock,
)
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received

Sent = tuple[Delivery, list[Event]]


async def dispatch_delivery(command: Received[DispatchDelivery], tx: Tx) -> Sent:
    """Sends pieces from the programme on their way. They are in transit until they are received."""
    new = command.data
    domain.check_offered(await offers.list_not_offered(tx, [line.sku for line in new.lines]))
    return await _dispatch(command, tx, Trip("consignment", None, new.outlet, new.note), new.lines)


async def transfer_stock(command: Received[TransferStock], tx: Tx) -> Sent:
    """Takes pieces off one outlet's shelf and sends them to another."""
    new = command.data
    if new.from_outlet == new.outlet:
        raise Rejected("same_outlet", "they are there already")
    return await _dispatch(command, tx, Trip("transfer", new.from_outlet, new.outlet, new.note), new.lines)


async def recall_stock(command: Received[RecallStock], tx: Tx) -> Sent:
    """Takes pieces off an outlet's shelf and sends them back to the makers."""
    new = command.data
    return await _dispatch(command, tx, Trip("recall", new.outlet, None, new.reason), new.lines)


async def _dispatch(command: Received[Any], tx: Tx, trip: Trip, lines: list[DeliveryLine]) -> Sent:
    for outlet in filter(None, (trip.from_outlet, trip.outlet)):
        await get_outlet(tx, outlet)
    domain.check_dispatch(lines, await products.get_known_skus(tx, [line.sku for line in lines]))
    pieces = await units.lock_units(tx, _serials(lines))
    domain.check_units(lines, pieces, trip)
    await _check_available(tx, trip, lines)
    note = await _add_note(command, tx, trip, lines)
    await units.mark_units(tx, [domain.send(unit, note, command.now) for unit in pieces.values()])
    taken = [
        Movement(note.no, command.now, -line.quantity, "dispatched", trip.from_outlet, line.sku)
        for line in lines
        if trip.from_outlet
    ]
    told = await move(tx, taken, command.now)
    dispatched = StockDispatched(
        delivery_id=note.delivery_id,
        outlet=trip.outlet,
        lines=lines,
        kind=trip.kind,
        from_outlet=trip.from_outlet,
        number=note.number,
        dispatched_at=command.now,
    )
    return _delivery(note, lines), [dispatched, *told]


async def _check_available(tx: Tx, trip: Trip, lines: Sequence[DeliveryLine]) -> None:
    """People send what lies there. A till tells what it has done; nobody has to believe it possible."""
    if trip.from_outlet:
        wanted = {(trip.from_outlet, line.sku): line.quantity for line in lines}
        domain.check_available(wanted, await shelves.lock_shelves(tx, wanted))


async def _add_note(command: Received[Any], tx: Tx, trip: Trip, lines: Sequence[DeliveryLine]) -> Note:
    year = business_day(command.now).year
    number = domain.note_number(year, await storage.claim_note_number(tx, year))
    no = await storage.add_delivery(tx, command.id, number, trip, command.now)
    await storage.add_delivery_lines(tx, no, lines)
    await storage.add_delivery_units(tx, no, _serials(lines))
    return Note(no, command.id, number, trip, "dispatched", command.now)


async def cancel_delivery(command: Received[CancelDelivery], tx: Tx) -> Sent:
    """Calls a dispatch off: the pieces are where they were."""
    note = await _lock_dispatched(tx, command.data.delivery_id)
    lines, now = await storage.list_sent(tx, note.no), command.now
    before = await storage.get_states_before(tx, note.no)
    pieces = await units.lock_units(tx, before)
    domain.check_not_sold_there(pieces.values(), note)
    await storage.mark_cancelled(tx, note.no, command.data.reason, now)
    await units.mark_units(tx, [domain.call_back(unit, note, before[name], now) for name, unit in pieces.items()])
    trip = note.trip
    back = [
        Movement(note.no, now, line.quantity, "cancelled", trip.from_outlet, line.sku)
        for line in lines
        if trip.from_outlet
    ]
    told = await move(tx, back, now)
    cancelled = DispatchCancelled(
        delivery_id=note.delivery_id,
        outlet=trip.outlet,
        from_outlet=trip.from_outlet,
        kind=trip.kind,
        lines=lines,
        cancelled_at=now,
    )
    return _delivery(note, lines, state="cancelled", cancelled_at=now), [cancelled, *told]


async def receive_delivery(command: Received[ReceiveDelivery], tx: Tx) -> Sent:
    """Puts the good pieces on the shelf. For what is damaged or missing claims are opened."""
    told, at = command.data, command.data.received_at or command.now
    note = await _lock_dispatched(tx, told.delivery_id, told.outlet)
    domain.check_arrival(note, told.received_at, command.now)
    sent = await storage.list_sent(tx, note.no)
    received = domain.arrived(sent, told.lines)
    fates = domain.fates(sent, received)
    gone = lost(sent, received, fates)
    pieces = await units.lock_units(tx, fates)
    domain.check_not_sold_there([unit for name, unit in pieces.items() if fates[name] == "missing"], note)
    state: DeliveryState = "partial" if gone else "received"
    await storage.mark_received(tx, note.no, state, at)
    await storage.mark_lines_received(tx, note.no, received)
    await storage.mark_units_arrived(tx, note.no, fates)
    await units.mark_units(tx, [domain.arrive(unit, note, fates[name], at) for name, unit in pieces.items()])
    opened = await open_claims(tx, note, gone, command.now)
    moved = await move(tx, _arrivals(note, received, at), command.now)
    arrived = StockReceived(
        delivery_id=note.delivery_id,
        outlet=note.trip.outlet,
        lines=received,
        kind=note.trip.kind,
        from_outlet=note.trip.from_outlet,
        received_at=at,
    )
    delivery = _delivery(note, sent, state=state, received=received, received_at=at)
    return delivery, [arrived, *opened, *moved]


def _arrivals(note: Note, received: Sequence[ReceivedLine], at: datetime) -> list[Movement]:
    """The makers have no shelf: what they get back is nobody's stock."""
    outlet = note.trip.outlet
    return [
        Movement(note.no, at, line.received, "received", outlet, line.sku)
        for line in received
        if outlet and line.received
    ]


async def _lock_dispatched(tx: Tx, delivery_id: Any, outlet: str | None = None) -> Note:
    """Raises NotFound, for another outlet's delivery too, and Rejected for what is no longer on its way."""
    note = await storage.lock_delivery(tx, delivery_id)
    if note is None or (outlet and outlet != note.trip.outlet):
        raise NotFound("delivery_unknown", "there is no such delivery")
    if note.state == "cancelled":
        raise Rejected("already_cancelled", f"{note.number} has been cancelled")
    if note.state != "dispatched":
        raise Rejected("already_received", f"{note.number} has been received")
    return note


def _serials(lines: Sequence[DeliveryLine]) -> list[str]:
    return [serial for line in lines for serial in line.serials]


def _delivery(note: Note, lines: list[DeliveryLine], **other: Any) -> Delivery:
    facts: dict[str, Any] = {"state": note.state, "received": None, "received_at": None} | other
    return Delivery(
        delivery_id=note.delivery_id,
        number=note.number,
        kind=note.trip.kind,
        from_outlet=note.trip.from_outlet,
        outlet=note.trip.outlet,
        lines=lines,
        note=note.trip.note,
        dispatched_at=note.dispatched_at,
        **facts,
    )
