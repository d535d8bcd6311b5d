"""Loans as they were agreed, disbursed and paid in cash. What batches kept back is told by the batches."""

from typing import Any
from uuid import UUID

from services.sales.domain.ledger import Fact
from services.sales.domain.loans import Paid, post_cash, post_loan
from services.sales.handlers.settlement.loans import open_accounts
from services.sales.replay.deliveries import BY
from services.sales.replay.links import Family, Links, Thing, in_turn, of_makers
from services.sales.storage import ledger
from services.sales.storage.settlement import acts, loans, repayments
from services.sales.storage.settlement.acts import Act
from services.sales.storage.settlement.loans import NewLoan
from services.sales.storage.settlement.repayments import Repaid
from shared.contracts.sales.loans import (
    ApplyForLoan,
    LoanApplied,
    LoanApproved,
    LoanCancelled,
    LoanClosed,
    LoanDisbursed,
    LoanInArrears,
    LoanRepaid,
    SignedMandate,
)
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def project_applied(tx: Tx, message: Received[LoanApplied]) -> None:
    """What for is not told: it is about a person."""
    told = message.data
    asked = ApplyForLoan.model_construct(**{name: getattr(told, name) for name in TERMS}, purpose="", mandate=None)
    no = await loans.add_loan(tx, NewLoan(told.loan_id, asked, told.lender, told.applied_on, told.instalments))
    await acts.add_step(tx, Act(no, BY, message.envelope.time), "applied")


TERMS = ("maker_id", "principal", "months", "service_fee_bps", "deduction_bps", "floor_income")


async def project_approved(tx: Tx, message: Received[LoanApproved]) -> None:
    told, no = message.data, (await _loan(tx, message.data.loan_id))["no"]
    mandate = SignedMandate.model_construct(reference="", signed_on=told.mandate_signed_on)
    await loans.add_mandate(tx, no, mandate, BY)
    await acts.add_step(tx, Act(no, BY, message.envelope.time), "approved")


async def project_disbursed(tx: Tx, message: Received[LoanDisbursed]) -> None:
    told, no = message.data, (await _loan(tx, message.data.loan_id))["no"]
    await loans.add_disbursement(tx, no, told.disbursed_on, "")
    accounts = await open_accounts(tx, told.maker_id, told.lender)
    await ledger.add_transfers(tx, [post_loan(Fact(no, told.disbursed_on), accounts, told.principal)])
    await acts.add_step(tx, Act(no, BY, message.envelope.time), "disbursed")


async def project_repaid(tx: Tx, message: Received[LoanRepaid]) -> None:
    """In cash; the receipt's number is not told. The other way round the batch has told it and posts it."""
    told = message.data
    if told.repayment_id is None:
        return
    part, loan = Paid(told.principal, told.service), (await _loan(tx, told.loan_id))["no"]
    repaid = Repaid(told.repayment_id, loan, part, told.paid_on, str(told.repayment_id))
    no = await repayments.add_repayment(tx, repaid)
    assert no is not None  # no other has this id
    accounts = await open_accounts(tx, told.maker_id, told.lender)
    await ledger.add_transfers(tx, post_cash(Fact(no, told.paid_on), accounts, part))


async def project_in_arrears(tx: Tx, message: Received[LoanInArrears]) -> None:
    told, no = message.data, (await _loan(tx, message.data.loan_id))["no"]
    await repayments.add_arrears(tx, told.month, {no: told.amount})


async def project_closed(tx: Tx, message: Received[LoanClosed]) -> None:
    await _end(tx, message, "closed")


async def project_cancelled(tx: Tx, message: Received[LoanCancelled]) -> None:
    await _end(tx, message, "cancelled")


async def _end(tx: Tx, message: Received[Any], state: str) -> None:
    no = (await _loan(tx, message.data.loan_id))["no"]
    await acts.add_step(tx, Act(no, BY, message.envelope.time), state)
    await loans.mark_settled(tx, [no])


async def _loan(tx: Tx, loan_id: UUID) -> Row:
    row = await loans.lock_loan(tx, loan_id)
    assert row is not None  # it was needed
    return row


def _itself(event: Any) -> list[Thing]:
    return [("loan", str(event.loan_id))]


FAMILY = Family(
    in_turn(
        {
            LoanApplied: project_applied,
            LoanApproved: project_approved,
            LoanDisbursed: project_disbursed,
            LoanRepaid: project_repaid,
            LoanInArrears: project_in_arrears,
            LoanClosed: project_closed,
            LoanCancelled: project_cancelled,
        }
    ),
    {
        LoanApplied: Links(lambda event: of_makers([event.maker_id]), _itself),
        **{
            kind: Links(_itself)
            for kind in (LoanApproved, LoanDisbursed, LoanRepaid, LoanInArrears, LoanClosed, LoanCancelled)
        },
    },
)
