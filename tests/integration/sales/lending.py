"""What loan tests are made of: Ani's loan from its application to the money in her hand, and her months of sales."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.sales.handlers.settlement import loans, repayments
from services.sales.handlers.settlement.paying import send_payout
from services.sales.handlers.settlement.remittances import record_remittance
from services.sales.views.loans import get_loan, list_loans
from services.sales.watch.loans import look_once
from shared.contracts.message import Event
from shared.contracts.outlets import SaleReported
from shared.contracts.sales.loans import (
    ApplyForLoan,
    ApproveLoan,
    CancelLoan,
    DisburseLoan,
    GetLoan,
    ListLoans,
    Loan,
    RepayLoan,
    SignedMandate,
    SignMandate,
)
from shared.contracts.sales.paying import PayoutSent, SendPayout
from shared.contracts.sales.settlement import Payout
from shared.db import Pool, Tx
from shared.runtime import outbox
from tests.integration.sales.builders import ANI, NOON, a_sale, do, open_shop, report
from tests.integration.sales.remitting import dues, money
from tests.integration.sales.settling import BUDI, RINI, approve, by, order
from tests.integration.sales.town import FINANCE, Town

LENT = date(2026, 8, 3)
"""The day on which Ani got the money; it is November now."""

RECEIPT = "KW-001"
HALF_A_YEAR = {"principal": 1_200_000, "months": 6}
"""Instalments of 200.000 and 12.000."""


def application(**other: Any) -> ApplyForLoan:
    """Rp1.200.000 for a year, of each month 1 % as a fee: 12 instalments of 100.000 and 12.000; signed for."""
    facts: dict[str, Any] = {
        "maker_id": ANI,
        "principal": 1_200_000,
        "months": 12,
        "purpose": "a frame and wax",
        "service_fee_bps": 100,
        "mandate": SignedMandate(reference="SK-7", signed_on=date(2026, 8, 1)),
    }
    return ApplyForLoan(**(facts | other))


async def apply(pool: Pool, now: datetime = NOON, **other: Any) -> Loan:
    return await order(pool, loans.apply_for_loan, application(**other), now=now)


async def sign(pool: Pool, loan_id: UUID, signed_on: date = LENT) -> Loan:
    return await order(pool, loans.sign_mandate, signing(loan_id, signed_on))


def signing(loan_id: UUID, signed_on: date = LENT) -> SignMandate:
    return SignMandate(loan_id=loan_id, reference="SK-8", signed_on=signed_on)


async def agree_to(pool: Pool, loan_id: UUID, *people: str) -> Loan:
    """Rini and Budi when nobody is named; the loan after the last of them."""
    for actor in people or (RINI, BUDI):
        seen = await order(pool, loans.approve_loan, ApproveLoan(loan_id=loan_id), actor)
    return seen


def disbursing(loan_id: UUID, disbursed_on: date = LENT) -> DisburseLoan:
    return DisburseLoan(loan_id=loan_id, disbursed_on=disbursed_on, reference="TRF-1")


async def lend(pool: Pool, disbursed_on: date = LENT, **other: Any) -> Loan:
    """A loan that she has the money of."""
    loan_id = (await apply(pool, **other)).loan_id
    await agree_to(pool, loan_id)
    return await order(pool, loans.disburse_loan, disbursing(loan_id, disbursed_on))


def repaying(loan_id: UUID, amount: int, **other: Any) -> RepayLoan:
    return RepayLoan(**({"loan_id": loan_id, "amount": amount, "paid_on": LENT, "reference": RECEIPT} | other))


async def repay(pool: Pool, loan_id: UUID, amount: int, **other: Any) -> Loan:
    """In cash."""
    return await order(pool, repayments.repay_loan, repaying(loan_id, amount, **other))


async def cancel(pool: Pool, loan_id: UUID) -> Loan:
    return await order(pool, loans.cancel_loan, CancelLoan(loan_id=loan_id, reason="she needs it no more"))


async def seen(pool: Pool, loan_id: UUID, now: datetime = NOON) -> Loan:
    return await do(pool, get_loan, GetLoan(loan_id=loan_id), now)


async def listed(pool: Pool, **query: Any) -> list[UUID]:
    return [loan.loan_id for loan in (await do(pool, list_loans, ListLoans(**query))).items]


async def at_month_end(pool: Pool, today: date) -> list[Event]:
    """What is found on that day of the month before."""
    async with pool.acquire() as tx, tx.transaction():
        return await look_once(tx, today)


def sold_in(month: int, receipt: str = "", **other: Any) -> SaleReported:
    """A shawl for Rp700.000 on the tenth of a month of 2026: Ani's 455.000."""
    at = datetime(2026, month, 10, 5, tzinfo=UTC)
    return a_sale(**{"receipt": receipt or f"M-{month}", "sold_at": at} | other)


async def remit_all(pool: Pool, *outlets: str) -> None:
    """Each outlet, Citos when none is named, sends what it owes of all that it has sold."""
    for outlet in outlets or ("citos",):
        owed = (await dues(pool, outlet, NOON)).owed
        sent = money(owed, code=outlet, received_on=NOON.date(), through=NOON.date())
        await order(pool, record_remittance, sent)


def figures(payout: Payout) -> tuple[int, int, int, int]:
    """gross, recovery, loan and amount of the batch's one line."""
    (line,) = payout.lines
    return (line.gross, line.recovery, line.loan, line.amount)


async def a_sold_shawl(pool: Pool, **terms: Any) -> UUID:
    """Ani has a loan, has sold a shawl for Rp700.000 at the mall, and the mall has paid: 455.000 are hers."""
    await open_shop(pool)
    loan_id = (await lend(pool, **terms)).loan_id
    await report(pool, a_sale())
    await remit_all(pool)
    return loan_id


async def send(pool: Pool, payout_id: UUID) -> list[Event]:
    """The batch goes to the bank; what is told of the loans in it."""
    await approve(pool, payout_id)
    async with pool.acquire() as tx, tx.transaction():
        return await send_within(tx, payout_id)


async def send_within(tx: Tx, payout_id: UUID) -> list[Event]:
    _, [sent, *told] = await send_payout(by(RINI, SendPayout(payout_id=payout_id)), tx)
    assert isinstance(sent, PayoutSent)
    return told


async def borrow(town: Town) -> None:
    """A loan of which something is in arrears and part is paid in cash, one that is paid back, one that is given up."""
    asked = application(principal=100_000, months=2, service_fee_bps=0)
    first = (await town.ask(asked)).loan_id
    await town.ask(CancelLoan(loan_id=first, reason="she needs it no more"))
    await town.report(sold_in(10, "L-10", sold_at=datetime(2026, 10, 20, 5, tzinfo=UTC)))
    second = await _lend(town, asked)
    for amount in (10_000, 90_000):
        await town.ask(repaying(second, amount, reference=f"KW-{amount}"))
    third = await _lend(town, application(principal=1_000_003, months=7, service_fee_bps=77))
    await town.ask(repaying(third, 12_345))
    async with town.sales.acquire() as tx, tx.transaction():
        await outbox.put_own(tx, "sales", await look_once(tx, date(2026, 11, 1)), town.at)


async def _lend(town: Town, asked: ApplyForLoan) -> UUID:
    loan_id: UUID = (await town.ask(asked)).loan_id
    for actor in (FINANCE, "coordinator:rina"):
        await town.ask(ApproveLoan(loan_id=loan_id), actor)
    await town.ask(disbursing(loan_id))
    return loan_id
