"""What cooperatives lend to makers, and what comes back."""

from services.gateway.routes.route import MONEY, get, post
from shared.contracts.sales import loans

LOANS = (
    post("/v1/loans", loans.ApplyForLoan, MONEY, "Apply for a loan of a maker's cooperative", 201),
    get("/v1/loans", loans.ListLoans, MONEY, "List loans"),
    get("/v1/loans/{loan_id}", loans.GetLoan, MONEY, "Show a loan with its instalments"),
    post("/v1/loans/{loan_id}/mandate", loans.SignMandate, MONEY, "Record that she signed the mandate"),
    post("/v1/loans/{loan_id}/approvals", loans.ApproveLoan, MONEY, "Agree to a loan; two people must"),
    post("/v1/loans/{loan_id}/disbursement", loans.DisburseLoan, MONEY, "Record that she was given the money"),
    post("/v1/loans/{loan_id}/repayments", loans.RepayLoan, MONEY, "Record what she paid back herself"),
    post("/v1/loans/{loan_id}/cancellation", loans.CancelLoan, MONEY, "Give up a loan before it is disbursed"),
)
