"""Holds pieces that lie at an outlet for a business client. A till may sell them all the same; that is told."""

from services.sales.domain.deliveries import check_known
from services.sales.handlers.outlets import get_outlet
from services.sales.handlers.shelves import told
from services.sales.storage import products, shelves
from services.sales.storage import reservations as storage
from shared.contracts.message import Event
from shared.contracts.sales.goods import (
    ReleaseReservation,
    Reservation,
    ReservationReleased,
    ReserveStock,
    StockReserved,
)
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received


async def reserve_stock(command: Received[ReserveStock], tx: Tx) -> tuple[Reservation, list[Event]]:
    """All that is asked for, or nothing."""
    new = command.data
    await get_outlet(tx, new.code)
    check_known({new.sku}, await products.get_known_skus(tx, [new.sku]))
    if not await shelves.claim_pieces(tx, (new.code, new.sku), new.quantity):
        raise Rejected("stock_insufficient", f"not so many of {new.sku} lie at {new.code} and are free")
    await storage.add_reservation(tx, command.id, new, command.now)
    reserved = Reservation(
        reservation_id=command.id,
        outlet=new.code,
        sku=new.sku,
        quantity=new.quantity,
        client=new.client,
        note=new.note,
        state="open",
        reserved_at=command.now,
        released_at=None,
    )
    event = StockReserved(
        reservation_id=command.id, outlet=new.code, sku=new.sku, quantity=new.quantity, reserved_at=command.now
    )
    return reserved, [event]


async def release_reservation(command: Received[ReleaseReservation], tx: Tx) -> tuple[Reservation, list[Event]]:
    """The pieces are for everybody again."""
    held = await storage.lock_reservation(tx, command.data.reservation_id)
    if held is None:
        raise NotFound("reservation_unknown", "there is no such reservation")
    if held["released_at"] is not None:
        raise Rejected("already_released", "this reservation has been released")
    await storage.mark_released(tx, held["no"], command.now)
    shelf = (held["outlet"], held["sku"])
    moved = await shelves.mark_released(tx, shelf, held["quantity"])
    facts = {name: held[name] for name in ("reservation_id", "outlet", "sku", "quantity")}
    released = Reservation(
        **facts,
        client=held["client"],
        note=held["note"],
        state="released",
        reserved_at=held["reserved_at"],
        released_at=command.now,
    )
    return released, [ReservationReleased(**facts, released_at=command.now), *told({shelf: moved})]
