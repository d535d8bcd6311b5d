"""What sales answers."""

from uuid import UUID

from shared.contracts.message import (
    BasisPoints,
    Code,
    Day,
    Moment,
    Name,
    Part,
    Sku,
)
from shared.contracts.sales.events import Share


class Agreement(Part):
    """Shares in basis points; valid from the start of `valid_from` (Asia/Jakarta) until the next one."""

    valid_from: Day
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
    """What became of all reports: every one is in exactly one of the first four.

    `parked`: it waits for what it needs or for a person, or a person gave it up.
    """

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
