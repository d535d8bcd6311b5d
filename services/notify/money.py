"""What makers are told of their money: what a notice about a sale, a loan, a tax or a statement is filled with."""

from typing import Any
from uuid import UUID

from shared.contracts.sales import ItemReturned, ItemSold, ReturnVoided, SaleVoided
from shared.contracts.sales.loans import LoanClosed, LoanDisbursed, LoanRepaid
from shared.contracts.sales.statements import StatementPublished
from shared.contracts.sales.taxes import TaxThresholdPassed

Params = dict[str, Any]
Told = tuple[UUID, Params]
"""A maker, and what her notice is filled with."""


def of_sale(sold: ItemSold) -> list[Told]:
    """Each maker is told her own amount, not the others'."""
    params: Params = {
        "sku": sold.sku,
        "quantity": sold.quantity,
        "outlet": sold.outlet,
        "sold_at": sold.sold_at.isoformat(),
    }
    return [(share.maker_id, params | {"amount": share.amount}) for share in sold.shares]


def of_return(returned: ItemReturned) -> list[Told]:
    params: Params = {
        "sku": returned.sku,
        "quantity": returned.quantity,
        "outlet": returned.outlet,
        "returned_at": returned.returned_at.isoformat(),
    }
    return [(share.maker_id, params | {"amount": share.amount}) for share in returned.shares]


def of_void(voided: SaleVoided | ReturnVoided) -> list[Told]:
    """Nothing to tell when no piece is moved: all of it had come back before."""
    params: Params = {
        "sku": voided.sku,
        "quantity": voided.quantity,
        "outlet": voided.outlet,
        "voided_at": voided.voided_at.isoformat(),
    }
    return [(share.maker_id, params | {"amount": share.amount}) for share in voided.shares if voided.quantity]


def of_disbursement(disbursed: LoanDisbursed) -> list[Told]:
    params: Params = {
        "lender": disbursed.lender,
        "principal": disbursed.principal,
        "disbursed_on": disbursed.disbursed_on.isoformat(),
    }
    return [(disbursed.maker_id, params)]


def of_repayment(repaid: LoanRepaid) -> list[Told]:
    """`kept`: out of what she is paid, not by herself."""
    params: Params = {
        "lender": repaid.lender,
        "amount": repaid.principal + repaid.service,
        "outstanding": repaid.outstanding,
        "paid_on": repaid.paid_on.isoformat(),
        "kept": repaid.how == "payout",
    }
    return [(repaid.maker_id, params)]


def of_closing(closed: LoanClosed) -> list[Told]:
    return [(closed.maker_id, {"lender": closed.lender, "closed_on": closed.closed_on.isoformat()})]


def of_turnover(passed: TaxThresholdPassed) -> list[Told]:
    return [(passed.maker_id, {"year": passed.year, "free": passed.free})]


def of_statement(published: StatementPublished) -> list[Told]:
    """Where she reads it is asked for when it is sent: whoever has the link needs no login."""
    params: Params = {
        "statement_id": str(published.statement_id),
        "month": f"{published.month}-01",
        "opening": published.opening,
        "closing": published.closing,
    }
    return [(published.maker_id, params)]
