"""What sales tells."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import (
    BasisPoints,
    Code,
    Day,
    Event,
    Moment,
    Name,
    Part,
    Quantity,
    Sku,
)


class OutletRegistered(Event, wire="sales.OutletRegistered.v1", about=("outlet",)):
    outlet: Code
    name: Name


class AgreementActivated(Event, wire="sales.AgreementActivated.v1", about=("outlet",)):
    outlet: Code
    valid_from: Day
    outlet_bps: BasisPoints
    programme_bps: BasisPoints


class DeliveryLine(Part):
    sku: Sku
    quantity: Quantity


class StockDispatched(Event, wire="sales.StockDispatched.v1", about=("delivery_id",)):
    delivery_id: UUID
    outlet: Code
    lines: list[DeliveryLine]


class ReceivedLine(Part):
    """What arrived of one line; the rest of what was sent is missing or damaged."""

    sku: Sku
    received: Annotated[int, Field(strict=True, ge=0, le=100_000)]
    damaged: Annotated[int, Field(strict=True, ge=0, le=100_000)] = 0


class StockReceived(Event, wire="sales.StockReceived.v1", about=("delivery_id",)):
    delivery_id: UUID
    outlet: Code
    lines: list[ReceivedLine]


class Share(Part):
    maker_id: UUID
    amount: int


class ItemSold(Event, wire="sales.ItemSold.v1", about=("sale_id",)):
    """One receipt line, sold and split: `net` is the sum of all shares, in rupiah."""

    sale_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    net: int
    outlet_share: int
    programme_share: int
    shares: list[Share]
    sold_at: Moment


class ItemReturned(Event, wire="sales.ItemReturned.v1", about=("return_id",)):
    """Pieces of a sale came back. The amounts are what is taken back from each, positive rupiah."""

    return_id: UUID
    sale_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    net: int
    outlet_share: int
    programme_share: int
    shares: list[Share]
    returned_at: Moment


class SaleVoided(Event, wire="sales.SaleVoided.v1", about=("sale_id",)):
    sale_id: UUID
    outlet: Code
    shares: list[Share]
    voided_at: Moment


class StockDeficitRaised(Event, wire="sales.StockDeficitRaised.v1", about=("outlet", "sku")):
    """More was sold at the outlet than was received there: `missing` pieces so far."""

    outlet: Code
    sku: Sku
    missing: int


class ReportParked(Event, wire="sales.ReportParked.v1", about=("parked_id",)):
    """A till's report waits, for a person or for what it needs. The report itself stays with sales."""

    parked_id: UUID
    report_type: str
    report: str
    kind: str
    code: str


EVENTS: tuple[type[Event], ...] = (
    OutletRegistered,
    AgreementActivated,
    StockDispatched,
    StockReceived,
    ItemSold,
    ItemReturned,
    SaleVoided,
    StockDeficitRaised,
    ReportParked,
)
