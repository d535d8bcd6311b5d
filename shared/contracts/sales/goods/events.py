"""What sales tells of goods. Each event holds all that it takes to move the pieces again."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Code, Event, Moment, Part, Quantity, Sku
from shared.contracts.outlets import Serial

Serials = Annotated[list[Serial], Field(max_length=500)]
PieceCount = Annotated[int, Field(strict=True, ge=0, le=100_000)]
DeliveryKind = Literal["consignment", "transfer", "recall"]
"""From the programme to an outlet, from one outlet to another, from an outlet back to the makers."""

ClaimKind = Literal["missing", "damaged"]
Resolution = Literal["found", "repaired", "returned-to-maker", "lost", "written-off"]


class DeliveryLine(Part):
    """`serials`: which pieces these are; all of the line or none of it."""

    sku: Sku
    quantity: Quantity
    serials: Serials = Field(default_factory=list)


class StockDispatched(Event, wire="sales.StockDispatched.v1", about=("delivery_id",)):
    """PieceCount left the shelf of `from_outlet` (None: the programme's room) for `outlet` (None: the makers)."""

    delivery_id: UUID
    outlet: Code | None
    lines: list[DeliveryLine]
    kind: DeliveryKind = "consignment"
    from_outlet: Code | None = None
    number: str = ""
    dispatched_at: Moment | None = None


class DispatchCancelled(Event, wire="sales.DispatchCancelled.v1", about=("delivery_id",)):
    """Nothing of it was received: all pieces are where they were before."""

    delivery_id: UUID
    outlet: Code | None
    from_outlet: Code | None
    kind: DeliveryKind
    lines: list[DeliveryLine]
    cancelled_at: Moment


class ReceivedLine(Part):
    """What arrived of one line; the rest of what was sent is missing or damaged.

    `serials`: those that arrived whole; `damaged_serials`: those that did not. Where everything has arrived, or one of
    the two lists says it all, the other may be left out.
    """

    sku: Sku
    received: PieceCount
    damaged: PieceCount = 0
    serials: Serials = Field(default_factory=list)
    damaged_serials: Serials = Field(default_factory=list)


class StockReceived(Event, wire="sales.StockReceived.v1", about=("delivery_id",)):
    """`received` of each line lies on the shelf of `outlet` now (None: is with the makers again)."""

    delivery_id: UUID
    outlet: Code | None
    lines: list[ReceivedLine]
    kind: DeliveryKind = "consignment"
    from_outlet: Code | None = None
    received_at: Moment | None = None


class ClaimOpened(Event, wire="sales.ClaimOpened.v1", about=("claim_id",)):
    """What was sent is not what arrived; `responsible`: the programme, or the outlet that sent it."""

    claim_id: UUID
    delivery_id: UUID
    number: str
    outlet: Code | None
    responsible: str
    sku: Sku
    kind: ClaimKind
    quantity: int
    serials: list[str]
    opened_at: Moment


class ClaimSettled(Event, wire="sales.ClaimSettled.v1", about=("claim_id",)):
    """What became of `quantity` pieces. Found and repaired ones lie on the shelf of `outlet` now; `left` are open."""

    claim_id: UUID
    delivery_id: UUID
    outlet: Code | None
    sku: Sku
    kind: ClaimKind
    resolution: Resolution
    quantity: int
    serials: list[str]
    left: int
    settled_at: Moment


class ExpectedLine(Part):
    """`counted` pieces lay there; by all that was known then it should have been `expected`."""

    sku: Sku
    counted: int
    expected: int


class StockCounted(Event, wire="sales.StockCounted.v1", about=("count_id",)):
    count_id: UUID
    outlet: Code
    counted_at: Moment
    lines: list[ExpectedLine]


class AdjustedLine(Part):
    """By how much the stock at the moment of the count was set right."""

    sku: Sku
    delta: int


class StockCountApproved(Event, wire="sales.StockCountApproved.v1", about=("count_id",)):
    """The stock at `counted_at` is what was counted. Lines that were right are left out."""

    count_id: UUID
    outlet: Code
    counted_at: Moment
    lines: list[AdjustedLine]
    approved_at: Moment


class StockCountReexplained(Event, wire="sales.StockCountReexplained.v1", about=("count_id",)):
    """What was told late explains a variance: as much of the adjustment is taken back. What was counted stays."""

    count_id: UUID
    outlet: Code
    counted_at: Moment
    lines: list[AdjustedLine]
    reexplained_at: Moment


class StockReserved(Event, wire="sales.StockReserved.v1", about=("reservation_id",)):
    reservation_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    reserved_at: Moment


class ReservationReleased(Event, wire="sales.ReservationReleased.v1", about=("reservation_id",)):
    reservation_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    released_at: Moment


EVENTS: tuple[type[Event], ...] = (
    StockDispatched,
    DispatchCancelled,
    StockReceived,
    ClaimOpened,
    ClaimSettled,
    StockCounted,
    StockCountApproved,
    StockCountReexplained,
    StockReserved,
    ReservationReleased,
)
