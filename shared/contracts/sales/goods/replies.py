"""What sales answers about goods."""

from typing import Literal
from uuid import UUID

from shared.contracts.message import Code, Moment, Part, Sku
from shared.contracts.sales.goods.events import (
    AdjustedLine,
    ClaimKind,
    DeliveryKind,
    DeliveryLine,
    ReceivedLine,
    Resolution,
)

DeliveryState = Literal["dispatched", "received", "partial", "resolved", "cancelled"]
"""`partial`: something is missing or damaged and its claim is open; `resolved`: all its claims are settled."""

ClaimState = Literal["open", "settled"]
CountState = Literal["counted", "approved", "re-explained"]
ReservationState = Literal["open", "released"]
PieceState = Literal["labelled", "in-transit", "at-outlet", "sold", "damaged", "missing", "with-maker"]


class Delivery(Part):
    """`number` is what the delivery note (surat jalan) shows. `from_outlet` None: from the programme.

    `outlet` None: to the makers. `note` is what was said when it was sent, of a recall why.
    """

    delivery_id: UUID
    number: str
    kind: DeliveryKind
    from_outlet: Code | None
    outlet: Code | None
    state: DeliveryState
    lines: list[DeliveryLine]
    received: list[ReceivedLine] | None
    note: str | None
    dispatched_at: Moment
    received_at: Moment | None
    cancelled_at: Moment | None = None


class Deliveries(Part):
    items: list[Delivery]
    next: str | None


class Settlement(Part):
    """What became of some pieces of a claim."""

    resolution: Resolution
    quantity: int
    serials: list[str]
    note: str | None
    settled_at: Moment
    settled_by: str


class Claim(Part):
    """`quantity` pieces of a delivery that did not arrive whole; `left` of them are still open.

    `responsible`: `programme`, or the outlet that sent them. `outlet`: who should have received them.
    """

    claim_id: UUID
    delivery_id: UUID
    number: str
    outlet: Code | None
    responsible: str
    sku: Sku
    kind: ClaimKind
    quantity: int
    left: int
    serials: list[str]
    state: ClaimState
    settlements: list[Settlement]
    opened_at: Moment


class Claims(Part):
    items: list[Claim]
    next: str | None


class LateFact(Part):
    """Something that happened before the count and was told of after it: `quantity` pieces came (or went, below 0)."""

    kind: str
    quantity: int
    occurred_at: Moment
    recorded_at: Moment


class StockCountLine(Part):
    """`expected`: by all that is known today of the time before the count; `variance` is what was counted less that.

    `first_expected` is what was known when it was recorded, `explained_by` what has come to light since. `adjusted`:
    how much was booked to make the stock at that moment what was counted.
    """

    sku: Sku
    counted: int
    expected: int
    variance: int
    first_expected: int
    adjusted: int
    explained_by: list[LateFact]


class StockCount(Part):
    """What lay at an outlet at `counted_at`. The counted figures never change."""

    count_id: UUID
    outlet: Code
    state: CountState
    counted_at: Moment
    recorded_at: Moment
    counted_by: str
    approved_at: Moment | None
    approved_by: str | None
    note: str | None
    lines: list[StockCountLine]


class StockCountNote(Part):
    """A stock count as one line of a list; `lines`: how many SKUs were counted."""

    count_id: UUID
    outlet: Code
    state: CountState
    counted_at: Moment
    recorded_at: Moment
    lines: int


class StockCounts(Part):
    items: list[StockCountNote]
    next: str | None


class ApprovedCount(Part):
    """By how much the stock of each SKU was set right; those that were right are left out."""

    count_id: UUID
    outlet: Code
    approved_at: Moment
    approved_by: str
    lines: list[AdjustedLine]


class Reservation(Part):
    """Pieces that lie at an outlet for a business client."""

    reservation_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    client: str
    note: str | None
    state: ReservationState
    reserved_at: Moment
    released_at: Moment | None


class Reservations(Part):
    items: list[Reservation]
    next: str | None


class PiecePlace(Part):
    """Where one piece with a serial is. `outlet`: where it is, was sold or is on its way to; None: not at any.

    `sale_id`: of a piece that is sold; `delivery_id`: the delivery that has brought or shall bring it.
    """

    serial: str
    sku: Sku
    state: PieceState
    outlet: Code | None
    since: Moment
    sale_id: UUID | None
    delivery_id: UUID | None


class StockLine(Part):
    """`on_hand` is never below 0; what was sold beyond it is `deficit`. `in_transit`: not yet received.

    `available`: on hand less `reserved`; below 0 when a till sold what was reserved.
    """

    sku: Sku
    on_hand: int
    deficit: int
    in_transit: int
    reserved: int = 0
    available: int = 0


class Stock(Part):
    outlet: Code
    items: list[StockLine]
    next: str | None


class LowLine(Part):
    """`sold` in the last days, less what came back; `cover`: for how many days what is on hand lasts at that pace."""

    sku: Sku
    on_hand: int
    in_transit: int
    sold: int
    cover: float | None


class LowStock(Part):
    outlet: Code
    items: list[LowLine]
    next: str | None


class SlowLine(Part):
    """`received_at`: when the first pieces came; `last_sold_at`: None when none was ever sold there."""

    sku: Sku
    on_hand: int
    received_at: Moment
    last_sold_at: Moment | None


class SlowSellers(Part):
    outlet: Code
    items: list[SlowLine]
    next: str | None
