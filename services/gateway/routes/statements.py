"""What makers' accounts came to: statements, made up and as files."""

from services.gateway.papers import maker
from services.gateway.papers import parties as of_parties
from services.gateway.routes.route import COORDINATOR, MONEY, STOCK, get, own, paper, post
from shared.contracts.sales import GetStatement, statements
from shared.contracts.sales.parties import GetCooperativeStatement as CooperativeStatement
from shared.contracts.sales.parties import GetOutletStatement as OutletStatement

STATEMENTS = (
    paper(
        maker.statement_pdf,
        get("/v1/makers/{maker_id}/statement.pdf", GetStatement, MONEY, "A maker's statement to be printed"),
    ),
    paper(
        maker.statement_json,
        get("/v1/makers/{maker_id}/statement.json", GetStatement, MONEY, "A maker's account back to her sessions"),
    ),
    *[
        own("code", row)
        for row in (
            get("/v1/outlets/{code}/statement", OutletStatement, STOCK, "What an outlet sold, kept and handed over"),
            paper(
                of_parties.outlet_pdf,
                get("/v1/outlets/{code}/statement.pdf", OutletStatement, STOCK, "An outlet's statement to be printed"),
            ),
            paper(
                of_parties.outlet_csv,
                get("/v1/outlets/{code}/statement.csv", OutletStatement, STOCK, "An outlet's statement as a table"),
            ),
        )
    ],
    get("/v1/cooperatives/{code}/statement", CooperativeStatement, MONEY, "What a cooperative paid on, lent, got back"),
    paper(
        of_parties.cooperative_pdf,
        get("/v1/cooperatives/{code}/statement.pdf", CooperativeStatement, MONEY, "The same to be printed, with names"),
    ),
    post("/v1/statements", statements.PublishStatements, MONEY, "Make up statements and tell their makers", 201),
    get("/v1/statements", statements.ListStatements, MONEY, "List statements that were made up"),
    get(
        "/v1/statements/{statement_id}/link",
        statements.GetStatementLink,
        COORDINATOR,
        "Where a maker reads her statement without a login",
    ),
)
