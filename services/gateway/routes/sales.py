"""Outlets, sales and the books."""

from services.gateway.routes.route import COORDINATOR, MONEY, WATCH, get, post
from shared.contracts import sales

SALES = (
    post("/v1/outlets", sales.RegisterOutlet, COORDINATOR, "Register an outlet", 201),
    get("/v1/outlets", sales.ListOutlets, WATCH, "List outlets with their agreements"),
    post("/v1/outlets/{code}/agreements", sales.AgreeTerms, MONEY, "Agree terms with an outlet", 201),
    get("/v1/reports", sales.SummariseFeed, WATCH, "What became of all that tills reported"),
    get("/v1/sales", sales.ListSales, MONEY, "List sales and how each was split"),
    post("/v1/sales/{sale_id}/void", sales.VoidSale, COORDINATOR, "Take a sale back that was none"),
    get("/v1/makers/{maker_id}/statement", sales.GetStatement, MONEY, "Show a maker's account"),
    get("/v1/ledger/trial-balance", sales.GetTrialBalance, MONEY, "Show all accounts and their sum"),
)
