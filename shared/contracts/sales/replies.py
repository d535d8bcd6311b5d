"""What sales answers."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.message import (
    BasisPoints,
    Code,
    Day,
    Moment,
    Name,
    Part,
    Sku,
    Wait,
)
from shared.contracts.sales.events import Remits, Share


class Agreement(Part):
    """Shares in basis points; valid from the start of `valid_from` (Asia/Jakarta) until the next one.

    What is sold may be paid out `hold_days` later, when the outlet has remitted it; where the programme `advances`,
    also before. The outlet `remits` for each period, at the latest `grace_days` after its end.
    """

    valid_from: Day
    outlet_bps: BasisPoints
    programme_bps: BasisPoints
    hold_days: Wait
    advances: bool
    remits: Remits
    grace_days: Wait


class Outlet(Part):
    code: Code
    name: Name
    place: str
    agreements: list[Agreement]


class Outlets(Part):
    items: list[Outlet]
    next: str | None


class Sale(Part):
    """`returned`: pieces that buyers brought back; `voided`: what was left of it has been taken back whole.

    `list_price`: of one piece at the moment of sale, when there was one; `promo_cost`: what a promotion took off the
    line; `outlet_bears`: what it was sold for less without one; `remarks`: what a person may want to look at.
    """

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
    recorded_at: Moment | None = None
    list_price: int | None = None
    promo_id: str | None = None
    promo_cost: int = 0
    outlet_bears: int = 0
    serial: str | None = None
    exchange: str | None = None
    remarks: list[str] = Field(default_factory=list)


class VoidedSale(Part):
    """`quantity`: pieces that went back to the outlet's shelf."""

    sale_id: UUID
    quantity: int
    voided_at: Moment
    reason: str


class Sales(Part):
    items: list[Sale]
    next: str | None


class StatementLine(Part):
    """One entry of a maker's account; `amount` is hers when positive, taken back or paid to her when negative.

    `kind`: sale, return, void, payout, repayment, service-fee, write-off; `balance`: what she was owed with this entry.
    `entry`: its number in the ledger; `recorded_at`: when it came there, which says of which period it is.

    Of a sale, and of what takes pieces of it back, the line says which pieces: where they were sold, by which line of
    which receipt, and why it is this amount. `quantity * unit_price - discount = net`, what the buyer paid for these
    pieces; it is the outlet's, the programme's, the makers' with whom she made them and, all that is left, hers.

    `payout_id` with its `payout_state`: the batch that pays it. Without one a sale `waits`, with what of it is still
    hers: until its hold days are over on `payable_from`; until the outlet remits it, by `due_by`; or it is payable and
    the next batch pays it. `remittance_id`: what the outlet sent for it, received on `remitted_on`.
    """

    at: Moment
    kind: str
    amount: int
    balance: int = 0
    sale_id: UUID | None = None
    outlet: Code | None = None
    till: str | None = None
    receipt: str | None = None
    line: int | None = None
    sku: Sku | None = None
    quantity: int | None = None
    unit_price: int | None = None
    discount: int | None = None
    net: int | None = None
    outlet_share: int | None = None
    programme_share: int | None = None
    payout_id: UUID | None = None
    write_off_id: UUID | None = None
    entry: int = 0
    recorded_at: Moment | None = None
    title: str | None = None
    co_makers_share: int | None = None
    payout_state: str | None = None
    waits: Literal["hold", "outlet", "payable"] | None = None
    waiting_amount: int | None = None
    payable_from: Day | None = None
    due_by: Day | None = None
    remittance_id: UUID | None = None
    remitted_on: Day | None = None
    loan_id: UUID | None = None


class Statement(Part):
    """`balance`: everything owed to the maker so far, in rupiah; the lines are the newest first.

    Of a period: `opening`, what she was owed before, and all of its lines are `closing`. Without `since` it begins with
    her first entry, without `until` it goes on until now.
    """

    maker_id: UUID
    balance: int
    items: list[StatementLine]
    next: str | None
    since: Day | None = None
    until: Day | None = None
    opening: int = 0
    closing: int = 0


class AccountBalance(Part):
    """`kind`: outlet-receivable, outlet-commission, programme-share, maker-payable, cooperative-payable, written-off;
    `owner`: code or id.
    """

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
    """What became of all reports: every one is in exactly one of the first six.

    `parked`: it waits for what it needs or for a person, or a person gave it up. `units_voided`, `net_voided`: pieces
    and rupiah of lines that were taken back whole.
    """

    sales_accepted: int
    returns_accepted: int
    voids_accepted: int = 0
    closings_accepted: int = 0
    duplicates_ignored: int
    parked: int
    parked_by_code: dict[str, int]
    units_sold: int
    units_returned: int
    net_sold: int
    net_returned: int
    units_voided: int = 0
    net_voided: int = 0
    deficits: int
    earned_by_rusun: list[RusunEarnings]
    top_makers: list[MakerEarnings]
