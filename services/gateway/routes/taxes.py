"""What makers sold in a year, and which tax that would be."""

from services.gateway.routes.route import MONEY, get, post
from shared.contracts.sales import taxes

TAXES = (
    post("/v1/tax/rules", taxes.AddTaxRule, MONEY, "From which month on what is free, and the rate of the rest", 201),
    get("/v1/tax/rules", taxes.ListTaxRules, MONEY, "List the rules of the tax that is watched"),
    get("/v1/makers/{maker_id}/tax", taxes.GetMakerTax, MONEY, "A maker's turnover of a year and its tax, by month"),
    get("/v1/tax", taxes.ListTax, MONEY, "List a year's makers, the highest turnover first"),
    get("/v1/tax/{year}.csv", taxes.ExportTax, MONEY, "A year's turnover and tax as a table, without names"),
)
