"""The books: the chart of accounts, entries, months that are closed, seals."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from shared.contracts.message import Code, Command, Day, Event, Moment, Page, Part, Query, Sku, worded
from shared.contracts.sales.settlement import Approval, Step

AccountKind = Literal[
    "bank",
    "outlet-receivable",
    "loan-receivable",
    "maker-payable",
    "outlet-commission",
    "cooperative-payable",
    "loan-capital",
    "programme-share",
    "written-off",
]
AccountClass = Literal["asset", "liability", "income", "expense"]
Side = Literal["debit", "credit"]
PeriodState = Literal["open", "proposed", "closed"]
Month = Annotated[
    str,
    StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$"),
    worded("a month, as 2026-11"),
]
Owner = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
"""Of an account: an outlet's or a cooperative's code, a maker's id, or `programme`."""


class PeriodClosed(Event, wire="sales.PeriodClosed.v1", about=("month",)):
    """Two people have closed the month: what comes late of it is booked on `open_since`, the first day that is open.

    `debit`: the sum of all that was booked in it, as much on the credit side.
    """

    period_id: UUID
    month: Month
    open_since: Day
    accounts: int
    debit: int
    closed_at: Moment


class ChartAccount(Part):
    """What accounts of a kind are. `normal`: the side on which they grow."""

    number: int
    kind: AccountKind
    name_id: str
    name_en: str
    account_class: AccountClass
    normal: Side


class Chart(Part):
    items: list[ChartAccount]


class Account(Part):
    """`balance = debit - credit`, in rupiah: below 0 where the normal side is credit."""

    number: int
    kind: AccountKind
    owner: str
    name_id: str
    name_en: str
    account_class: AccountClass
    normal: Side
    debit: int
    credit: int
    balance: int


class Accounts(Part):
    items: list[Account]
    next: str | None


class Movement(Part):
    """An account in a month: `opening + debit - credit = closing`, in rupiah, debit less credit."""

    number: int
    kind: AccountKind
    owner: str
    opening: int
    debit: int
    credit: int
    closing: int


class Movements(Part):
    """All accounts that moved or that something is on. Each side sums to the same; openings and closings sum to 0.

    Of a closed month they are the figures that were stored when it was closed.
    """

    month: Month
    state: PeriodState
    debit: int
    credit: int
    items: list[Movement]


class Entry(Part):
    """One row of the ledger: `amount` rupiah, from the credit account's side to the debit account's.

    `day`: the business day; `booked`: the day on which it counts, a later one when the month of `day` was closed before
    it came. `cause`: the number of the fact that it was posted for, the same in all its entries; which one it is say
    the fields after it.
    """

    id: int
    booked: Day
    day: Day
    kind: str
    debit_number: int
    debit_kind: AccountKind
    debit_owner: str
    credit_number: int
    credit_kind: AccountKind
    credit_owner: str
    amount: int
    recorded_at: Moment
    cause: int
    sale_id: UUID | None = None
    outlet: Code | None = None
    till: str | None = None
    receipt: str | None = None
    line: int | None = None
    sku: Sku | None = None
    payout_id: UUID | None = None
    remittance_id: UUID | None = None
    loan_id: UUID | None = None
    write_off_id: UUID | None = None


class Entries(Part):
    items: list[Entry]
    next: str | None


class Period(Part):
    """A month of the books, who agreed to close it, and how it came to its state."""

    month: Month
    state: PeriodState
    approvals: list[Approval]
    steps: list[Step]


class Periods(Part):
    """`open_since`: the first day on which anything is booked any more; none as long as no month was closed."""

    open_since: Day | None
    items: list[Period]
    next: str | None


class Seal(Part):
    """Of the entries numbered above the seal before, up to `upto`. `hash` holds all before it; note it outside."""

    no: int
    day: Day
    upto: int
    entries: int
    amount: int
    hash: str
    previous: str
    sealed_at: Moment


class Seals(Part):
    """`unsealed`: entries that are in no seal yet."""

    unsealed: int
    items: list[Seal]
    next: str | None


class ShowChart(Query[Chart], wire="sales.ShowChart.v1"):
    """What each kind of account is called, and on which side it grows."""


class ListAccounts(Page[Accounts], wire="sales.ListAccounts.v1"):
    """By number and owner. `until`: with what was booked up to this day."""

    kind: AccountKind | None = None
    until: Day | None = None


class GetMovements(Query[Movements], wire="sales.GetMovements.v1"):
    """What moved in a month, by account."""

    month: Month


class ListEntries(Page[Entries], wire="sales.ListEntries.v1"):
    """In the order of their numbers, of all accounts or of those of a kind or an owner; booked `since` to `until`."""

    account_kind: AccountKind | None = None
    account_owner: Owner | None = None
    since: Day | None = None
    until: Day | None = None


class ClosePeriod(Command[Period], wire="sales.ClosePeriod.v1"):
    """Two people must ask for it; with the second one the month is closed, for ever.

    Months are closed in their order, when they are over. The first that is ever closed takes with it all before.
    """

    month: Month


class ListPeriods(Page[Periods], wire="sales.ListPeriods.v1"):
    """Months that are closed or proposed to be, the latest first."""


class ListAdjustments(Page[Entries], wire="sales.ListAdjustments.v1"):
    """What belongs to a month and came after it was closed, so that it is booked later."""

    month: Month


class ListSeals(Page[Seals], wire="sales.ListSeals.v1"):
    """The latest first."""


EVENTS: tuple[type[Event], ...] = (PeriodClosed,)
