"""Statements of those who handle the money: outlets and cooperatives. By the day on which an entry is booked.

They agree with the books: of a month that is closed nothing changes, and what came late is booked later.
"""

from typing import Literal
from uuid import UUID

from shared.contracts.message import Code, Day, Moment, Page, Part, Query


class AccountPeriod(Part):
    """An account from the beginning of `since` to the end of `until`. `opening` and what moved are `closing`."""

    opening: int
    closing: int


class OutletLine(Part):
    """What was booked of one kind on one day, `facts` of them; of money that was handed over each by itself.

    `kind`: sale, return, void, remittance, or commission: what the outlet keeps of what it remits. `receivable`: so
    much more the outlet owes of what buyers paid; `commission`: so much more of that is its own. The balances are
    those after the line.
    """

    booked: Day
    kind: str
    facts: int
    receivable: int
    commission: int
    receivable_balance: int
    commission_balance: int
    remittance_id: UUID | None


class OutletStatement(Part):
    """In rupiah. `sold` less `returned` is what buyers paid; `earned`: the commission of that; `remitted`: what the
    outlet has handed over; `kept`: the commission that it kept of it.

    `open`: what it has still to hand over: its receivable less its commission at the end.
    """

    outlet: Code
    since: Day
    until: Day
    receivable: AccountPeriod
    commission: AccountPeriod
    sold: int
    returned: int
    earned: int
    remitted: int
    kept: int
    open: int
    items: list[OutletLine]


class GetOutletStatement(Query[OutletStatement], wire="sales.GetOutletStatement.v1"):
    """What was booked of an outlet from `since` to `until`, both days included: at most 366 days."""

    code: Code
    since: Day
    until: Day


class CooperativeLine(Part):
    """One entry of one of a cooperative's accounts; `amount` above 0 lets the account grow.

    `account`: cooperative-payable, what the programme owes it, or loan-capital, what it has lent. `kind`: payout, it
    has paid a maker; bank, the bank has paid it; loan; repayment and service-fee, kept back of a maker's payout. What
    is repaid out of a payout goes from the one account to the other: the batch says whose it is.
    """

    entry: int
    booked: Day
    day: Day
    recorded_at: Moment
    account: Literal["cooperative-payable", "loan-capital"]
    kind: str
    amount: int
    balance: int
    maker_id: UUID | None
    payout_id: UUID | None
    loan_id: UUID | None


class BatchSum(Part):
    """A batch in this period: what the cooperative paid to makers, got from the bank, and was repaid of loans."""

    payout_id: UUID
    paid_on: int
    from_bank: int
    repaid: int
    service_fees: int


class CooperativeStatement(Part):
    """In rupiah, the earliest entry first. `payable`: what the programme owes it; `capital`: what it has lent.

    The sums are those of the whole period: `paid_on` to makers, `from_bank`, `lent`, `repaid` with `service_fees`.
    """

    cooperative: Code
    since: Day
    until: Day
    payable: AccountPeriod
    capital: AccountPeriod
    paid_on: int
    from_bank: int
    lent: int
    repaid: int
    service_fees: int
    batches: list[BatchSum]
    items: list[CooperativeLine]
    next: str | None


class GetCooperativeStatement(Page[CooperativeStatement], wire="sales.GetCooperativeStatement.v1"):
    """What was booked of a cooperative from `since` to `until`, both days included."""

    code: Code
    since: Day
    until: Day
