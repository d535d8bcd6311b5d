"""The books: accounts, entries, months, seals."""

from services.gateway.routes.route import MONEY, WATCH, get, post
from shared.contracts.sales import books

BOOKS = (
    get("/v1/ledger/chart", books.ShowChart, MONEY, "Show what accounts there are, by number"),
    get("/v1/ledger/accounts", books.ListAccounts, MONEY, "List accounts with their owners and balances"),
    get("/v1/ledger/movements", books.GetMovements, MONEY, "Show what moved in a month, by account"),
    get("/v1/ledger/entries", books.ListEntries, MONEY, "List entries of the ledger"),
    get("/v1/ledger/seals", books.ListSeals, WATCH, "List the seals of the ledger"),
    get("/v1/periods", books.ListPeriods, MONEY, "List months that are closed"),
    post("/v1/periods/{month}/close", books.ClosePeriod, MONEY, "Close a month; two people must"),
    get("/v1/periods/{month}/adjustments", books.ListAdjustments, MONEY, "List what came too late for a month"),
)
