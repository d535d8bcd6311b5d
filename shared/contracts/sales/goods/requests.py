"""What sales can be asked about goods.

Where `outlet` may be left out it narrows what is asked to that outlet; an outlet's own key always asks so.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Moment, Name, Page, Part, Quantity, Query, Sku, Text
from shared.contracts.outlets import Serial
from shared.contracts.sales.goods.events import (
    DeliveryKind,
    DeliveryLine,
    PieceCount,
    ReceivedLine,
    Resolution,
    Serials,
)
from shared.contracts.sales.goods.replies import (
    ApprovedCount,
    Claim,
    Claims,
    ClaimState,
    Deliveries,
    Delivery,
    DeliveryState,
    LowStock,
    PiecePlace,
    Reservation,
    Reservations,
    ReservationState,
    SlowSellers,
    Stock,
    StockCount,
    StockCounts,
)

Lines = Annotated[list[DeliveryLine], Field(min_length=1, max_length=500)]
Days = Annotated[int, Field(ge=1, le=3650)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class DispatchDelivery(Command[Delivery], wire="sales.DispatchDelivery.v1"):
    """Consignment: from the programme to an outlet."""

    outlet: Code
    lines: Lines
    note: Text | None = None


class TransferStock(Command[Delivery], wire="sales.TransferStock.v1"):
    """From the shelf of one outlet to another."""

    from_outlet: Code
    outlet: Code
    lines: Lines
    note: Text | None = None


class RecallStock(Command[Delivery], wire="sales.RecallStock.v1"):
    """From the shelf of `outlet` back to the makers."""

    outlet: Code
    lines: Lines
    reason: Reason


class CancelDelivery(Command[Delivery], wire="sales.CancelDelivery.v1"):
    """Calls back what was dispatched and not yet received: the pieces are where they were."""

    delivery_id: UUID
    reason: Reason


class ReceiveDelivery(Command[Delivery], wire="sales.ReceiveDelivery.v1"):
    """Without `lines` everything that was sent has arrived. `outlet`: only if it was sent there.

    `received_at`: when it arrived, if that was not just now; who has counted since then has found it.
    """

    delivery_id: UUID
    lines: Annotated[list[ReceivedLine], Field(max_length=500)] | None = None
    received_at: Moment | None = None
    outlet: Code | None = None


class GetDelivery(Query[Delivery], wire="sales.GetDelivery.v1"):
    """`outlet`: only if it was sent there or from there."""

    delivery_id: UUID
    outlet: Code | None = None


class ListDeliveries(Page[Deliveries], wire="sales.ListDeliveries.v1"):
    """The newest first. `outlet`: those sent there or from there."""

    outlet: Code | None = None
    state: DeliveryState | None = None
    kind: DeliveryKind | None = None


class ListClaims(Page[Claims], wire="sales.ListClaims.v1"):
    """The newest first. `outlet`: those of what it should have received, and those it is responsible for."""

    outlet: Code | None = None
    state: ClaimState | None = None


class SettleClaim(Command[Claim], wire="sales.SettleClaim.v1"):
    """What became of what was missing or damaged; without `quantity` and `serials` of all that is open."""

    claim_id: UUID
    resolution: Resolution
    quantity: Quantity | None = None
    serials: Serials = Field(default_factory=list)
    note: Text | None = None


class CountedLine(Part):
    sku: Sku
    counted: PieceCount


class CountStock(Command[StockCount], wire="sales.CountStock.v1"):
    """What lay at the outlet at `counted_at`, as somebody counted it. Nothing moves before it is approved."""

    code: Code
    counted_at: Moment
    lines: Annotated[list[CountedLine], Field(min_length=1, max_length=500)]
    note: Text | None = None


class ApproveStockCount(Command[ApprovedCount], wire="sales.ApproveStockCount.v1"):
    """Makes the stock at the moment of the count what was counted, now and whatever is told of late."""

    count_id: UUID


class GetStockCount(Query[StockCount], wire="sales.GetStockCount.v1"):
    count_id: UUID
    outlet: Code | None = None


class ListStockCounts(Page[StockCounts], wire="sales.ListStockCounts.v1"):
    """The last recorded first."""

    code: Code


class ReserveStock(Command[Reservation], wire="sales.ReserveStock.v1"):
    """Holds pieces that lie at the outlet, and are not held already, for a business client."""

    code: Code
    sku: Sku
    quantity: Quantity
    client: Name
    note: Text | None = None


class ReleaseReservation(Command[Reservation], wire="sales.ReleaseReservation.v1"):
    reservation_id: UUID


class ListReservations(Page[Reservations], wire="sales.ListReservations.v1"):
    """The newest first."""

    code: Code
    state: ReservationState | None = None


class GetPiecePlace(Query[PiecePlace], wire="sales.GetPiecePlace.v1"):
    """`outlet`: whose own serial it is; our labels are unique everywhere."""

    serial: Serial
    outlet: Code | None = None


class GetStock(Page[Stock], wire="sales.GetStock.v1"):
    code: Code
    sku: Sku | None = None


class ListLowStock(Page[LowStock], wire="sales.ListLowStock.v1"):
    """At most `threshold` pieces on hand, or fewer than the next 7 days need at the pace of the last `days`."""

    code: Code
    threshold: Annotated[int, Field(ge=0, le=100_000)] = 2
    days: Days = 28


class ListSlowSellers(Page[SlowSellers], wire="sales.ListSlowSellers.v1"):
    """On hand now and `days` ago, and none sold in all these days."""

    code: Code
    days: Days = 120
