"""A loan in figures: its instalments, what is due of them after so many months of sales, what may be kept back."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.settlement import Deduct, Earned
from shared.contracts.sales.loans import Instalment
from shared.contracts.sales.settlement import LoanPart, PayoutLine
from shared.errors import Rejected

WHOLE = 10_000


class Paid(NamedTuple):
    """What came back, or is to: of the principal, and of the service fee."""

    principal: int = 0
    service: int = 0

    @property
    def amount(self) -> int:
        return self.principal + self.service

    def plus(self, other: "Paid") -> "Paid":
        return Paid(self.principal + other.principal, self.service + other.service)


class Owing(NamedTuple):
    """A maker's loan at the moment of freezing.

    `active`: months of sales since she has the money, this one too; `paid`: with what other open batches keep back;
    `received`: what this month's batches pay her so far.
    """

    no: int
    loan_id: UUID
    maker_id: UUID
    lender: str
    deduction_bps: int
    floor_income: int
    schedule: Sequence[Instalment]
    active: int
    paid: Paid
    received: int


class Payable(NamedTuple):
    """`amount`: what is left of what a maker earned when her debt is recovered.

    `remitted`: so much of it has come from the outlets, when the debt is recovered out of that first.
    """

    amount: int
    remitted: int


class LoanAccounts(NamedTuple):
    """Whose they are is told by the loan. `payable`: the maker's, `clearing`: what the lender is to be paid."""

    receivable: int
    capital: int
    payable: int = 0
    clearing: int = 0


def draw_schedule(principal: int, months: int, service_fee_bps: int) -> list[Instalment]:
    """Equal instalments in whole rupiah; what cannot be divided comes with the last one."""
    service = principal * service_fee_bps * months // WHOLE
    shares = zip(_divide(principal, months), _divide(service, months), strict=True)
    return [Instalment(number=number, principal=part, service=fee) for number, (part, fee) in enumerate(shares, 1)]


def _divide(amount: int, months: int) -> list[int]:
    each = amount // months
    return [each] * (months - 1) + [amount - each * (months - 1)]


def total(schedule: Sequence[Instalment]) -> int:
    return sum([one.principal + one.service for one in schedule])


def unpaid(schedule: Sequence[Instalment], active: int, paid: Paid) -> int:
    """Of the instalments that so many months of sales have made due."""
    return max(0, total(schedule[:active]) - paid.amount)


def left(schedule: Sequence[Instalment], paid: Paid) -> int:
    """Of the whole loan."""
    return total(schedule) - paid.amount


def allocate(schedule: Sequence[Instalment], paid: Paid, amount: int) -> Paid:
    """What a payment is for: instalment by instalment, of each the service fee before the principal.

    Raises Rejected when less is left to be paid.
    """
    if amount > left(schedule, paid):
        raise Rejected("more_than_outstanding", f"{left(schedule, paid)} is left to be paid, which is less")
    found = Paid()
    for one, was in zip(schedule, spread(schedule, paid), strict=True):
        service = min(one.service - was.service, amount - found.amount)
        found = found.plus(Paid(0, service))
        found = found.plus(Paid(min(one.principal - was.principal, amount - found.amount), 0))
    return found


def spread(schedule: Sequence[Instalment], paid: Paid) -> list[Paid]:
    """What of each instalment is paid: the first ones first."""
    principal, service = paid
    found = []
    for one in schedule:
        found.append(Paid(min(one.principal, principal), min(one.service, service)))
        principal, service = principal - found[-1].principal, service - found[-1].service
    return found


def deduct(owing: Owing, payable: Payable) -> Paid:
    """What is kept back of what is payable to her: what is due, and never more than each of the limits."""
    amount = min(
        payable.amount * owing.deduction_bps // WHOLE,
        unpaid(owing.schedule, owing.active, owing.paid),
        payable.remitted,
        owing.received + payable.amount - owing.floor_income,
    )
    return allocate(owing.schedule, owing.paid, max(0, amount))


def deducting(owing: Mapping[UUID, Owing]) -> Deduct:
    """For who draws the lines of a batch; `owing`: by maker."""

    def of_line(earned: Earned, payable: int) -> int:
        hers, recovery = owing.get(earned.maker_id), earned.gross - payable
        return deduct(hers, Payable(payable, earned.remitted - recovery)).amount if hers else 0

    return of_line


def parts_of(owing: Mapping[UUID, Owing], lines: Sequence[PayoutLine]) -> list[LoanPart]:
    """What the lines keep back, for which loan and of which kind."""
    return [_part(owing[line.maker_id], line.loan) for line in lines if line.loan]


def _part(owing: Owing, amount: int) -> LoanPart:
    paid = allocate(owing.schedule, owing.paid, amount)
    return LoanPart(
        loan_id=owing.loan_id,
        maker_id=owing.maker_id,
        lender=owing.lender,
        principal=paid.principal,
        service=paid.service,
    )


def post_loan(fact: Fact, accounts: LoanAccounts, principal: int) -> Transfer:
    """She owes it, out of her lender's capital."""
    return Transfer(fact.no, "loan", accounts.receivable, accounts.capital, principal, fact.day)


def post_kept(fact: Fact, accounts: LoanAccounts, part: Paid) -> list[Transfer]:
    """What was kept back: she is owed less and owes less, and it is to be paid to her lender."""
    rows = [
        ("repayment", accounts.payable, accounts.receivable, part.principal),
        ("repayment", accounts.capital, accounts.clearing, part.principal),
        ("service-fee", accounts.payable, accounts.clearing, part.service),
    ]
    return [Transfer(fact.no, kind, debit, credit, amount, fact.day) for kind, debit, credit, amount in rows if amount]


def post_cash(fact: Fact, accounts: LoanAccounts, part: Paid) -> list[Transfer]:
    """What she paid her lender herself. The fee never was in these accounts."""
    if not part.principal:
        return []
    return [Transfer(fact.no, "repayment", accounts.capital, accounts.receivable, part.principal, fact.day)]


def check_loan(state: str, *wanted: str) -> None:
    """Raises Rejected when the loan is in another state."""
    if state not in wanted:
        raise Rejected(f"loan_{state}", f"this loan is {state}; it must be {' or '.join(wanted)}")


def check_signed(signed_on: date, today: date) -> None:
    """Raises Rejected for a day to come."""
    if signed_on > today:
        raise Rejected("signed_in_the_future", f"{signed_on} is not yet")


def check_disbursed(disbursed_on: date, signed_on: date, today: date) -> None:
    """Raises Rejected for a day to come, and for one on which she had not signed."""
    if disbursed_on > today:
        raise Rejected("disbursed_in_the_future", f"{disbursed_on} is not yet")
    if disbursed_on < signed_on:
        raise Rejected("disbursed_before_mandate", f"the mandate was signed on {signed_on}, which is later")


def check_repaid(paid_on: date, disbursed_on: date, today: date) -> None:
    """Raises Rejected for a day to come, and for one before she had the money."""
    if paid_on > today:
        raise Rejected("paid_in_the_future", f"{paid_on} is not yet")
    if paid_on < disbursed_on:
        raise Rejected("paid_before_disbursed", f"the loan was disbursed on {disbursed_on}, which is later")


def paused(since: date | None, active: Sequence[date], months: int, today: date) -> list[date]:
    """The months that are over since she has the money and made nothing due, though not all was due yet."""
    if since is None:
        return []
    until = active[-1] if len(active) >= months else today.replace(day=1)
    found = []
    month = since.replace(day=1)
    while month < until:
        if month not in active:
            found.append(month)
        month = next_month(month)
    return found


def next_month(month: date) -> date:
    """The first day of the one after."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def last_month(today: date) -> date:
    """The first day of the month that was over last."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
