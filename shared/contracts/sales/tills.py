"""Tills as a whole: findings that a person should look at, closings, exchanges, sales at other prices."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import StringConstraints

from shared.contracts.message import Code, Command, Count, Day, Event, Moment, Page, Part, Query, Sku
from shared.contracts.outlets import Exchange as ExchangeName
from shared.contracts.outlets import Till
from shared.contracts.sales.events import Share

FindingKind = Literal[
    "suspected-duplicate",
    "sequence-gap",
    "numbering-restarted",
    "totals-differ",
    "serial-conflict",
    "piece-elsewhere",
]
FindingState = Literal["open", "settled"]
ClosingState = Literal["open", "tied", "differs"]
PriceRemark = Literal[
    "above_list_price",
    "below_list_price",
    "below_floor",
    "promo_exceeded",
    "promo_not_valid",
    "promo_unknown",
    "promo_given",
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class FindingOpened(Event, wire="sales.FindingOpened.v1", about=("finding_id",)):
    """Something is recorded that a person should look at. `concerns`: what, for people; `detail`: the facts."""

    finding_id: UUID
    kind: FindingKind
    outlet: Code
    till: str | None = None
    concerns: str
    detail: dict[str, Any]
    opened_at: Moment


class FindingSettled(Event, wire="sales.FindingSettled.v1", about=("finding_id",)):
    """`cured`: it is no longer so, and nobody had to do anything. A person's note stays with the finding."""

    finding_id: UUID
    kind: FindingKind
    outlet: Code
    concerns: str
    cured: bool
    settled_at: Moment


class TillClosingRecorded(Event, wire="sales.TillClosingRecorded.v1", about=("outlet", "till", "business_date")):
    """A till's control totals of a day. A later `version` replaces those before it."""

    outlet: Code
    till: Till
    business_date: Day
    version: int
    events: int
    total: int
    first_seq: int | None = None
    last_seq: int | None = None
    till_seq: int | None = None


class TillTiedOut(Event, wire="sales.TillTiedOut.v1", about=("outlet", "till", "business_date")):
    """All that the till counted on that day is recorded: the same number of events and the same rupiah."""

    outlet: Code
    till: Till
    business_date: Day
    version: int
    events: int
    total: int
    tied_at: Moment


EVENTS: tuple[type[Event], ...] = (FindingOpened, FindingSettled, TillClosingRecorded, TillTiedOut)


class Finding(Part):
    """`means` and `remedy` say in plain words what it is and what to do about it."""

    finding_id: UUID
    kind: FindingKind
    state: FindingState
    outlet: Code
    till: str | None
    subject: str
    detail: dict[str, Any]
    means: str
    remedy: str
    opened_at: Moment
    settled_at: Moment | None
    settled_by: str | None
    note: str | None


class Findings(Part):
    items: list[Finding]
    next: str | None


class Closing(Part):
    """What the till counted (`reported_*`) beside what is recorded (`counted_*`); `missing`: numbers not heard of."""

    outlet: Code
    till: str
    business_date: Day
    version: int
    state: ClosingState
    reported_events: int
    counted_events: int
    reported_total: int
    counted_total: int
    first_seq: Count | None
    last_seq: Count | None
    missing: list[tuple[int, int]]
    recorded_at: Moment
    tied_at: Moment | None
    finding_id: UUID | None


class Closings(Part):
    items: list[Closing]
    next: str | None


class ExchangeLine(Part):
    """A line of an exchange; `id` is its sale's or its return's. Amounts of a return are what was taken back."""

    id: UUID
    receipt: str
    line: int
    sku: Sku
    quantity: int
    voided: bool
    net: int
    outlet_share: int
    programme_share: int
    shares: list[Share]
    at: Moment


ExchangeState = Literal["valid", "partly-voided", "voided"]


class Exchange(Part):
    """What came back and what was sold for it. `net_tender`: sold less returned; below 0 is cash to the buyer.

    `state`: whether its lines, sold and returned, are as told, or were taken back. What was taken back counts nothing.
    """

    outlet: Code
    till: str
    exchange: str
    state: ExchangeState
    returned: list[ExchangeLine]
    sold: list[ExchangeLine]
    net_returned: int
    net_sold: int
    net_tender: int
    outlet_share: int
    programme_share: int
    shares: list[Share]


class ExchangeTotal(Part):
    """An exchange in a list."""

    outlet: Code
    till: str
    exchange: str
    net_returned: int
    net_sold: int
    net_tender: int
    at: Moment


class Exchanges(Part):
    items: list[ExchangeTotal]
    next: str | None


class Variance(Part):
    """A line that was sold at another price than its list price; `difference`: its net less what was listed.

    Of its `quantity` pieces so many have `returned`; the amounts below are those of the others.
    `promo_cost` is borne by who funds the promotion, `outlet_bears` by the outlet alone. Whatever a promotion took off
    has the remark `promo_given`.
    """

    sale_id: UUID
    outlet: Code
    till: str
    receipt: str
    line: int
    sku: Sku
    quantity: int
    returned: int = 0
    list_price: int
    unit_price: int
    discount: int
    net: int
    difference: int
    promo_id: str | None
    promo_cost: int
    outlet_bears: int
    remarks: list[str]
    sold_at: Moment


class VarianceTotal(Part):
    """All lines with this remark, and who bears their difference; a line with two remarks is in two totals."""

    remark: str
    lines: int
    pieces: int
    listed: int
    net: int
    difference: int
    promo_cost: int
    outlet_bears: int


class Variances(Part):
    """`totals` are of everything that was asked for, not of this page."""

    items: list[Variance]
    totals: list[VarianceTotal]
    next: str | None


class ListFindings(Page[Findings], wire="sales.ListFindings.v1"):
    """The newest first."""

    kind: FindingKind | None = None
    outlet: Code | None = None
    state: Literal["open", "settled", "all"] = "open"


class GetFinding(Query[Finding], wire="sales.GetFinding.v1"):
    finding_id: UUID


class SettleFinding(Command[Finding], wire="sales.SettleFinding.v1"):
    """A person has looked; `note` says what it was."""

    finding_id: UUID
    note: Note


class ListClosings(Page[Closings], wire="sales.ListClosings.v1"):
    """The newest day first."""

    code: Code
    till: Till | None = None


class ListExchanges(Page[Exchanges], wire="sales.ListExchanges.v1"):
    outlet: Code | None = None


class GetExchange(Query[Exchange], wire="sales.GetExchange.v1"):
    """`till` only when two tills of the outlet have an exchange of that name."""

    outlet: Code
    exchange: ExchangeName
    till: Till | None = None


class ListVariances(Page[Variances], wire="sales.ListVariances.v1"):
    """Sales at another price than the list's, the newest recorded first; business days `since` to `until`."""

    outlet: Code | None = None
    since: Day | None = None
    until: Day | None = None
    remark: PriceRemark | None = None
