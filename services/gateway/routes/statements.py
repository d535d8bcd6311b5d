"""What makers' accounts came to: statements, made up and as files."""

from services.gateway.routes.route import COORDINATOR, MONEY, get, post
from shared.contracts.sales import statements

STATEMENTS = (
    post("/v1/statements", statements.PublishStatements, MONEY, "Make up statements and tell their makers", 201),
    get("/v1/statements", statements.ListStatements, MONEY, "List statements that were made up"),
    get(
        "/v1/statements/{statement_id}/link",
        statements.GetStatementLink,
        COORDINATOR,
        "Where a maker reads her statement without a login",
    ),
)
