"""Loans: a cooperative's capital for a maker, paid back out of what she sells and no faster than she sells it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Code, Command, Day, Event, Page, Part, Query, Rupiah
from shared.contracts.sales.settlement import Approval, Reason, Step

LoanState = Literal["applied", "approved", "disbursed", "closed", "cancelled"]
Amount = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000_000)]
Months = Annotated[int, Field(strict=True, ge=1, le=60)]
ServiceFee = Annotated[int, Field(strict=True, ge=0, le=1_000)]
"""Basis points of the principal for each month: at most 10 %."""

Deducted = Annotated[int, Field(strict=True, ge=1, le=5_000)]
"""Basis points of what is payable to her: at most half. She does not work for nothing."""

Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""What is written on the paper: a receipt's or a transfer's number. Not a name."""

FLOOR_INCOME = 300_000
"""Rupiah that a maker is paid in a month before anything is kept back, where nothing else is agreed."""


class Instalment(Part):
    """What is due with the `number`-th month in which she sells, in rupiah."""

    number: int
    principal: int
    service: int


class LoanApplied(Event, wire="sales.LoanApplied.v1", about=("loan_id",)):
    """A maker asks her cooperative for a loan. `instalments` hold for good."""

    loan_id: UUID
    maker_id: UUID
    lender: Code
    principal: int
    months: int
    service_fee_bps: int
    deduction_bps: int
    floor_income: int
    applied_on: Day
    instalments: list[Instalment]


class LoanApproved(Event, wire="sales.LoanApproved.v1", about=("loan_id",)):
    """Two people have agreed to it, and she has signed that instalments may be kept from her income."""

    loan_id: UUID
    maker_id: UUID
    lender: Code
    mandate_signed_on: Day


class LoanDisbursed(Event, wire="sales.LoanDisbursed.v1", about=("loan_id",)):
    """Its lender has given her the money."""

    loan_id: UUID
    maker_id: UUID
    lender: Code
    principal: int
    disbursed_on: Day


class LoanRepaid(Event, wire="sales.LoanRepaid.v1", about=("loan_id",)):
    """So much has come back: kept from what she was paid, or paid by her in cash. `outstanding` is left, with its fee.

    One of `payout_id` and `repayment_id` says where it came from.
    """

    loan_id: UUID
    maker_id: UUID
    lender: Code
    how: Literal["payout", "cash"]
    principal: int
    service: int
    outstanding: int
    paid_on: Day
    payout_id: UUID | None = None
    repayment_id: UUID | None = None


class LoanInArrears(Event, wire="sales.LoanInArrears.v1", about=("loan_id",)):
    """The month that begins on `month` has ended, and so much of what was due by then is not paid. Nothing is added."""

    loan_id: UUID
    maker_id: UUID
    lender: Code
    month: Day
    amount: int


class LoanClosed(Event, wire="sales.LoanClosed.v1", about=("loan_id",)):
    """All of it is paid back."""

    loan_id: UUID
    maker_id: UUID
    lender: Code
    closed_on: Day


class LoanCancelled(Event, wire="sales.LoanCancelled.v1", about=("loan_id",)):
    """Given up before anything was disbursed."""

    loan_id: UUID
    maker_id: UUID


class Mandate(Part):
    """She has signed that instalments may be kept from her income. `by`: who recorded it."""

    reference: str
    signed_on: Day
    by: str


class LoanHead(Part):
    """A loan without its instalments, in rupiah. Its lender stays when she moves.

    `repaid`: what has come back so far, fee and all; `pending`: what is kept back in batches that are not sent yet;
    `outstanding`: what is neither. `due` belongs to this month, `arrears` to earlier ones; what is pending counts as
    paid. A month in which she sells nothing makes nothing due.
    """

    loan_id: UUID
    maker_id: UUID
    lender: Code
    state: LoanState
    principal: int
    service: int
    months: int
    service_fee_bps: int
    deduction_bps: int
    floor_income: int
    purpose: str
    applied_on: Day
    disbursed_on: Day | None
    repaid: int
    pending: int
    outstanding: int
    due: int
    arrears: int
    mandate: Mandate | None
    approvals: list[Approval]
    steps: list[Step]


class ScheduledInstalment(Instalment):
    """`month`: the first day of the month of sales that made it due, none yet when it is not; `paid`: so much of it."""

    month: Day | None
    paid: int


class Repayment(Part):
    """`payout_id`: the batch that it was kept back in, or `reference`: the receipt for what she paid herself."""

    principal: int
    service: int
    paid_on: Day
    reference: str | None
    payout_id: UUID | None


class Loan(LoanHead):
    """`paused_months`: the first days of those that are over and in which she sold nothing since she has the money."""

    schedule: list[ScheduledInstalment]
    paused_months: list[Day]
    repayments: list[Repayment]


class Loans(Part):
    items: list[LoanHead]
    next: str | None


class SignedMandate(Part):
    """The paper on which she agrees that instalments are kept from her income."""

    reference: Reference
    signed_on: Day


class ApplyForLoan(Command[Loan], wire="sales.ApplyForLoan.v1"):
    """A loan of the cooperative that the maker belongs to today. She has one that is open at most.

    The service fee is flat: basis points of the principal for each month. Of what is payable to her up to
    `deduction_bps` are kept back, once she has been paid `floor_income` in the month.
    """

    maker_id: UUID
    principal: Amount
    months: Months
    purpose: Reason
    service_fee_bps: ServiceFee
    deduction_bps: Deducted = 2_000
    floor_income: Rupiah = FLOOR_INCOME
    mandate: SignedMandate | None = None


class SignMandate(Command[Loan], wire="sales.SignMandate.v1"):
    """Needed before anybody can agree to the loan."""

    loan_id: UUID
    reference: Reference
    signed_on: Day


class ApproveLoan(Command[Loan], wire="sales.ApproveLoan.v1"):
    """Two people must. Who applied for her may be one of them."""

    loan_id: UUID


class DisburseLoan(Command[Loan], wire="sales.DisburseLoan.v1"):
    """The lender has given her the principal."""

    loan_id: UUID
    disbursed_on: Day
    reference: Reference


class RepayLoan(Command[Loan], wire="sales.RepayLoan.v1"):
    """She has paid her cooperative herself, in cash. The fee's part of it is the cooperative's, in no book of ours."""

    loan_id: UUID
    amount: Amount
    paid_on: Day
    reference: Reference


class CancelLoan(Command[Loan], wire="sales.CancelLoan.v1"):
    """As long as nothing is disbursed."""

    loan_id: UUID
    reason: Reason


class GetLoan(Query[Loan], wire="sales.GetLoan.v1"):
    loan_id: UUID


class ListLoans(Page[Loans], wire="sales.ListLoans.v1"):
    """The newest first. `cooperative`: the lender; `in_arrears`: whether something of earlier months is unpaid."""

    maker_id: UUID | None = None
    cooperative: Code | None = None
    state: LoanState | None = None
    in_arrears: bool | None = None


EVENTS: tuple[type[Event], ...] = (
    LoanApplied,
    LoanApproved,
    LoanDisbursed,
    LoanRepaid,
    LoanInArrears,
    LoanClosed,
    LoanCancelled,
)
