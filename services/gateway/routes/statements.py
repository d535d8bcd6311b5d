"""What makers' accounts came to: statements, made up and as files."""

from services.gateway.papers import maker
from services.gateway.routes.route import COORDINATOR, MONEY, STOCK, get, paper, post
from shared.contracts.sales import GetStatement, parties, statements

STATEMENTS = (
    paper(
        maker.statement_pdf,
        get("/v1/makers/{maker_id}/statement.pdf", GetStatement, MONEY, "A maker's statement to be printed"),
    ),
    paper(
        maker.statement_json,
        get("/v1/makers/{maker_id}/statement.json", GetStatement, MONEY, "A maker's account back to her sessions"),
    ),
    get(
        "/v1/outlets/{code}/statement",
        parties.GetOutletStatement,
        STOCK,
        "What an outlet sold, kept and handed over",
        own="code",
    ),
    get(
        "/v1/cooperatives/{code}/statement",
        parties.GetCooperativeStatement,
        MONEY,
        "What a cooperative paid on, lent and got back",
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
