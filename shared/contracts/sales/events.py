"""What sales tells."""

from typing import Literal, TypeAlias
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
    Sku,
    Wait,
)

Remits: TypeAlias = Literal["weekly", "half-monthly", "monthly"]
"""For each week from Monday on; to the 15th and to the end of each month; or for each month."""


class OutletRegistered(Event, wire="sales.OutletRegistered.v1", about=("outlet",)):
    outlet: Code
    name: Name
    place: str = ""


class AgreementActivated(Event, wire="sales.AgreementActivated.v1", about=("outlet",)):
    """What is sold may be paid out `hold_days` later, when the outlet has remitted it; where the programme `advances`,
    also before. The outlet `remits` for each period, at the latest `grace_days` after its end.
    """

    outlet: Code
    valid_from: Day
    outlet_bps: BasisPoints
    programme_bps: BasisPoints
    hold_days: Wait = 0
    advances: bool = True
    remits: Remits = "monthly"
    grace_days: Wait = 7


class Share(Part):
    maker_id: UUID
    amount: int


class Pieces(Part):
    """Equal pieces of a line and what one of them gave: `makers` is in the order of the line's `shares`."""

    units: int
    net: int
    outlet: int
    programme: int
    makers: list[int]


class ItemSold(Event, wire="sales.ItemSold.v1", about=("sale_id",)):
    """One receipt line, sold and split: `net` is the sum of all shares, in rupiah.

    `pieces` tells what every single piece gave when they are not all alike. The outlet's share is below 0 when it sold
    for so much less than the list price that it owes the difference. `past`: the piece with this serial has been sold
    or brought back since; it stays where that put it.
    """

    sale_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    net: int
    outlet_share: int
    programme_share: int
    shares: list[Share]
    sold_at: Moment
    till: str = ""
    receipt: str = ""
    line: int = 0
    version: int = 0
    unit_price: int = 0
    discount: int = 0
    list_price: int | None = None
    promo_id: str | None = None
    promo_cost: int = 0
    outlet_bears: int = 0
    agreed_from: Day | None = None
    till_seq: int | None = None
    serial: str | None = None
    exchange: str | None = None
    remarks: list[str] = Field(default_factory=list)
    pieces: list[Pieces] = Field(default_factory=list)
    past: bool = False


class ItemReturned(Event, wire="sales.ItemReturned.v1", about=("return_id",)):
    """Pieces of a sale came back to `outlet`. The amounts are what is taken back from each, in rupiah.

    `taken`: how many of each kind of the sale's pieces. Commission is taken back of `original_outlet`.
    """

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
    original_outlet: Code | None = None
    till: str = ""
    receipt: str = ""
    line: int = 0
    till_seq: int | None = None
    serial: str | None = None
    exchange: str | None = None
    taken: list[int] = Field(default_factory=list)


class ReceiptVoided(Event, wire="sales.ReceiptVoided.v1", about=("outlet", "till", "receipt")):
    """A till took a whole receipt back. What that meant for each line is told by `SaleVoided` and `ReturnVoided`."""

    outlet: Code
    till: str
    receipt: str
    voided_at: Moment
    till_seq: int | None = None


class SaleVoided(Event, wire="sales.SaleVoided.v1", about=("sale_id",)):
    """A line is taken back, as far as it had not come back: `quantity` pieces, the amounts are taken back of each.

    `kind`: `receipt` (its receipt was voided), `person` (why stays with sales), `overruled` (`reason` names the report
    that is right). Of the last two the sale was none: the pieces never left. `put_back`: the piece with this serial is
    where it was before the sale, not at the outlet.
    """

    sale_id: UUID
    outlet: Code
    shares: list[Share]
    voided_at: Moment
    sku: str = ""
    serial: str | None = None
    quantity: int = 0
    net: int = 0
    outlet_share: int = 0
    programme_share: int = 0
    kind: str = "receipt"
    reason: str | None = None
    till: str = ""
    receipt: str = ""
    line: int = 0
    put_back: bool = False


class ReturnVoided(Event, wire="sales.ReturnVoided.v1", about=("return_id",)):
    """A till took the receipt of a return back: its `quantity` pieces stay sold, and each party has its amount again.

    0 pieces when the sale itself had been taken back. `taken`: how many of each kind of the sale's pieces.
    """

    return_id: UUID
    sale_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    net: int
    outlet_share: int
    programme_share: int
    shares: list[Share]
    voided_at: Moment
    original_outlet: Code | None = None
    till: str = ""
    receipt: str = ""
    line: int = 0
    serial: str | None = None
    taken: list[int] = Field(default_factory=list)


class StockDeficitRaised(Event, wire="sales.StockDeficitRaised.v1", about=("outlet", "sku")):
    """More was sold at the outlet than was received there: `missing` pieces so far."""

    outlet: Code
    sku: Sku
    missing: int


class StockDeficitCleared(Event, wire="sales.StockDeficitCleared.v1", about=("outlet", "sku")):
    """What was missing has arrived: the stock is explained again."""

    outlet: Code
    sku: Sku


class ReportParked(Event, wire="sales.ReportParked.v1", about=("parked_id",)):
    """A till's report waits, for what it needs or for a person; told again when one that waited needs a person.

    The report itself stays with sales.
    """

    parked_id: UUID
    report_type: str
    report: str
    kind: str
    code: str
    state: Literal["waiting", "person"] = "waiting"


class MakersEarned(Event, wire="sales.MakersEarned.v1", about=("day",)):
    """Makers who earned something on a day (Jakarta's): each is named once for it, soon after her first sale of it."""

    day: Day
    maker_ids: list[UUID] = Field(min_length=1, max_length=500)


EVENTS: tuple[type[Event], ...] = (
    OutletRegistered,
    AgreementActivated,
    ItemSold,
    ItemReturned,
    ReceiptVoided,
    SaleVoided,
    ReturnVoided,
    StockDeficitRaised,
    StockDeficitCleared,
    ReportParked,
    MakersEarned,
)
