"""Goods on their way, what of them arrived, and the claims for what did not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.sales.domain import claims, deliveries
from services.sales.domain.claims import Answer, Lost
from services.sales.domain.deliveries import Note, Trip
from services.sales.domain.stock import Movement
from services.sales.replay.links import Family, Links, Thing, at_outlets, in_turn
from services.sales.storage import claims as claim_storage
from services.sales.storage import deliveries as storage
from services.sales.storage import replay, stock, units
from shared.contracts.sales import StockDispatched, StockReceived
from shared.contracts.sales.goods import (
    ClaimOpened,
    ClaimSettled,
    DeliveryLine,
    DispatchCancelled,
    ReceivedLine,
    Settlement,
)
from shared.db import Tx
from shared.runtime.envelope import Received

BY = "event log"
"""In the place of people: no event names them."""


async def project_dispatched(tx: Tx, message: Received[StockDispatched]) -> None:
    told = message.data
    at = told.dispatched_at or message.envelope.time
    trip = Trip(told.kind, told.from_outlet, told.outlet, None)
    no = await storage.add_delivery(tx, told.delivery_id, told.number or str(told.delivery_id), trip, at)
    note = Note(no, told.delivery_id, told.number, trip, "dispatched", at)
    await _mark_number(tx, told.number)
    await storage.add_delivery_lines(tx, no, told.lines)
    await storage.add_delivery_units(tx, no, _serials(told.lines))
    pieces = await units.lock_units(tx, _serials(told.lines))
    await units.mark_units(tx, [deliveries.send(unit, note, at) for unit in pieces.values()])
    await _move(tx, note, told.from_outlet, at, [("dispatched", line.sku, -line.quantity) for line in told.lines])


async def _mark_number(tx: Tx, number: str) -> None:
    """`SJ-2026-00012`, as `note_number` writes it."""
    _, _, rest = number.partition("-")
    year, _, count = rest.partition("-")
    if year.isdigit() and count.isdigit():
        await replay.mark_note_number(tx, int(year), int(count))


async def project_received(tx: Tx, message: Received[StockReceived]) -> None:
    told = message.data
    at = told.received_at or message.envelope.time
    note = await _lock(tx, told.delivery_id)
    sent = await storage.list_sent(tx, note.no)
    fates = deliveries.fates(sent, told.lines)
    pieces = await units.lock_units(tx, fates)
    await storage.mark_received(tx, note.no, "partial" if claims.lost(sent, told.lines, fates) else "received", at)
    await storage.mark_lines_received(tx, note.no, told.lines)
    await storage.mark_units_arrived(tx, note.no, fates)
    await units.mark_units(tx, [deliveries.arrive(unit, note, fates[name], at) for name, unit in pieces.items()])
    arrived = [("received", line.sku, line.received) for line in told.lines if line.received]
    await _move(tx, note, told.outlet, at, arrived)


async def project_cancelled(tx: Tx, message: Received[DispatchCancelled]) -> None:
    told = message.data
    at, note = told.cancelled_at, await _lock(tx, told.delivery_id)
    before = await storage.get_states_before(tx, note.no)
    pieces = await units.lock_units(tx, before)
    await storage.mark_cancelled(tx, note.no, "", at)
    await units.mark_units(tx, [deliveries.call_back(unit, note, before[name], at) for name, unit in pieces.items()])
    await _move(tx, note, told.from_outlet, at, [("cancelled", line.sku, line.quantity) for line in told.lines])


async def project_claim(tx: Tx, message: Received[ClaimOpened]) -> None:
    told = message.data
    lost = Lost(told.sku, told.kind, told.quantity, told.serials)
    await claim_storage.add_claims(tx, await _lock(tx, told.delivery_id), [(told.claim_id, lost)], told.opened_at)


async def project_settled(tx: Tx, message: Received[ClaimSettled]) -> None:
    told = message.data
    at, claim = told.settled_at, await claim_storage.lock_claim(tx, told.claim_id)
    assert claim is not None  # it was needed
    answer = Answer(told.resolution, told.quantity, told.serials)
    settlement = Settlement(**answer._asdict(), note=None, settled_at=at, settled_by=BY)
    fact = await claim_storage.add_settlement(tx, claim.no, answer, settlement)
    pieces = await units.lock_units(tx, told.serials)
    await claim_storage.mark_settled(tx, claim, fact, answer)
    await storage.mark_resolved(tx, claim.note.no)
    await units.mark_units(tx, [claims.settle(unit, claim, told.resolution, fact, at) for unit in pieces.values()])
    if told.outlet and answer.is_back:
        found = Movement(fact, at, told.quantity, "received", told.outlet, told.sku)
        await stock.add_movements(tx, [found])


async def _move(tx: Tx, note: Note, outlet: str | None, at: datetime, moved: Sequence[tuple[str, str, int]]) -> None:
    """(kind, SKU, pieces) of an outlet's shelf; the programme and the makers have none."""
    if outlet:
        await stock.add_movements(tx, [Movement(note.no, at, delta, kind, outlet, sku) for kind, sku, delta in moved])


async def _lock(tx: Tx, delivery_id: Any) -> Note:
    note = await storage.lock_delivery(tx, delivery_id)
    assert note is not None  # it was needed
    return note


def _serials(lines: Sequence[DeliveryLine]) -> list[str]:
    return [serial for line in lines for serial in line.serials]


def _dispatch_needs(event: StockDispatched) -> list[Thing]:
    pieces = [("unit", serial) for serial in _serials(event.lines)]
    return [*at_outlets(event.outlet, event.from_outlet), *[("product", line.sku) for line in event.lines], *pieces]


def _arrived(lines: Sequence[ReceivedLine]) -> list[str]:
    return [serial for line in lines for serial in (*line.serials, *line.damaged_serials)]


def _delivery(event: Any) -> list[Thing]:
    return [("delivery", str(event.delivery_id))]


def _claim(event: ClaimOpened | ClaimSettled) -> list[Thing]:
    return [("claim", str(event.claim_id))]


FAMILY = Family(
    in_turn(
        {
            StockDispatched: project_dispatched,
            StockReceived: project_received,
            DispatchCancelled: project_cancelled,
            ClaimOpened: project_claim,
            ClaimSettled: project_settled,
        }
    ),
    {
        StockDispatched: Links(_dispatch_needs, _delivery, lambda event: _serials(event.lines)),
        # What is missing is not named: whatever else moves such a piece stands, before this or after it.
        StockReceived: Links(_delivery, pieces=lambda event: _arrived(event.lines)),
        DispatchCancelled: Links(_delivery, pieces=lambda event: _serials(event.lines)),
        ClaimOpened: Links(_delivery, _claim),
        ClaimSettled: Links(_claim, pieces=lambda event: event.serials),
    },
)
