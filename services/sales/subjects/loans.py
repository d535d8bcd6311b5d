"""Loans as a whole: which request goes to which handler, and what looks at them. A page of the index in `app`."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers.settlement import loans, repayments
from services.sales.views import loans as views
from services.sales.watch import loans as watch
from shared.contracts.message import Command, Query
from shared.contracts.sales.loans import (
    ApplyForLoan,
    ApproveLoan,
    CancelLoan,
    DisburseLoan,
    GetLoan,
    ListLoans,
    RepayLoan,
    SignMandate,
)
from shared.runtime.responder import CommandHandler, QueryHandler
from shared.runtime.service import Job

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    ApplyForLoan: loans.apply_for_loan,
    SignMandate: loans.sign_mandate,
    ApproveLoan: loans.approve_loan,
    DisburseLoan: loans.disburse_loan,
    RepayLoan: repayments.repay_loan,
    CancelLoan: loans.cancel_loan,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ListLoans: views.list_loans,
    GetLoan: views.get_loan,
}
JOBS = (Job("arrears", watch.look, every=3600.0),)
