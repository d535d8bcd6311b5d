"""Sales: outlets and agreements, consignment, stock, till reports, the split of every unit, the ledger."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.message import (
    BasisPoints,
    Code,
    Command,
    Event,
    Moment,
    Name,
    Page,
    Part,
    Quantity,
    Query,
    Sku,
    Text,
)

# -- events ------------------------------------------------------------------------------------------


class OutletRegistered(Event, wire="sales.OutletRegistered.v1", about=("outlet",)):
    outlet: Code
    name: Name


class AgreementActivated(Event, wire="sales.AgreementActivated.v1", about=("outlet",)):
    outlet: Code
    valid_from: date
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


# -- replies -----------------------------------------------------------------------------------------


class Agreement(Part):
    """Shares in basis points; valid from the start of `valid_from` (Asia/Jakarta) until the next one."""

    valid_from: date
    outlet_bps: BasisPoints
    programme_bps: BasisPoints


class Outlet(Part):
    code: Code
    name: Name
    place: str
    agreements: list[Agreement]


class Outlets(Part):
    items: list[Outlet]
    next: str | None


class Delivery(Part):
    """`state`: dispatched or received. `number` is what the delivery note (surat jalan) shows."""

    delivery_id: UUID
    number: str
    outlet: Code
    state: str
    lines: list[DeliveryLine]
    received: list[ReceivedLine] | None
    dispatched_at: Moment
    received_at: Moment | None


class StockLine(Part):
    """`on_hand` is never below 0; what was sold beyond it is `deficit`. `in_transit`: not yet received."""

    sku: Sku
    on_hand: int
    deficit: int
    in_transit: int


class Stock(Part):
    outlet: Code
    items: list[StockLine]
    next: str | None


class Sale(Part):
    sale_id: UUID
    outlet: Code
    till: str
    receipt: str
    line: int
    sku: Sku
    quantity: int
    unit_price: int
    discount: int
    net: int
    outlet_share: int
    programme_share: int
    shares: list[Share]
    returned: int
    voided: bool
    sold_at: Moment


class Sales(Part):
    items: list[Sale]
    next: str | None


class StatementLine(Part):
    """One entry of a maker's account; `amount` is hers when positive, taken back when negative."""

    at: Moment
    kind: str
    sale_id: UUID
    outlet: Code
    sku: Sku
    quantity: int
    amount: int


class Statement(Part):
    """`balance`: everything owed to the maker so far, in rupiah; the lines are the newest first."""

    maker_id: UUID
    balance: int
    items: list[StatementLine]
    next: str | None


class AccountBalance(Part):
    """`kind`: outlet-receivable, outlet-commission, programme-share, maker-payable; `owner`: code or id."""

    kind: str
    owner: str
    debit: int
    credit: int
    balance: int


class TrialBalance(Part):
    """All accounts; `balance = debit - credit`; `ledger_sum`, the sum of all balances, is 0."""

    ledger_sum: int
    items: list[AccountBalance]


class RusunEarnings(Part):
    rusun: Code
    makers: int
    amount: int


class MakerEarnings(Part):
    maker_id: UUID
    amount: int


class FeedSummary(Part):
    """What became of all reports: every one is in exactly one of the first four."""

    sales_accepted: int
    returns_accepted: int
    duplicates_ignored: int
    parked: int
    parked_by_code: dict[str, int]
    units_sold: int
    units_returned: int
    net_sold: int
    net_returned: int
    deficits: int
    earned_by_rusun: list[RusunEarnings]
    top_makers: list[MakerEarnings]


# -- commands and queries ----------------------------------------------------------------------------


class RegisterOutlet(Command[Outlet], wire="sales.RegisterOutlet.v1"):
    code: Code
    name: Name
    place: Name


class ListOutlets(Page[Outlets], wire="sales.ListOutlets.v1"):
    """All outlets with their agreements."""


class AgreeTerms(Command[Outlet], wire="sales.AgreeTerms.v1"):
    """A dated agreement with an outlet; together the two shares are at most 100 %."""

    code: Code
    valid_from: date
    outlet_bps: BasisPoints
    programme_bps: BasisPoints


class DispatchDelivery(Command[Delivery], wire="sales.DispatchDelivery.v1"):
    outlet: Code
    lines: Annotated[list[DeliveryLine], Field(min_length=1, max_length=500)]
    note: Text | None = None


class ReceiveDelivery(Command[Delivery], wire="sales.ReceiveDelivery.v1"):
    """Without `lines` everything that was sent has arrived."""

    delivery_id: UUID
    lines: Annotated[list[ReceivedLine], Field(max_length=500)] | None = None


class GetStock(Page[Stock], wire="sales.GetStock.v1"):
    code: Code
    sku: Sku | None = None


class ListSales(Page[Sales], wire="sales.ListSales.v1"):
    outlet: Code | None = None
    receipt: Annotated[str, Field(max_length=64)] | None = None
    sku: Sku | None = None


class GetStatement(Page[Statement], wire="sales.GetStatement.v1"):
    maker_id: UUID


class GetTrialBalance(Query[TrialBalance], wire="sales.GetTrialBalance.v1"):
    """All accounts and their sums."""


class SummariseFeed(Query[FeedSummary], wire="sales.SummariseFeed.v1"):
    """What became of all that the tills reported."""


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
