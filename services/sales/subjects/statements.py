"""Statements: which request goes to which handler. A page of the index in `app`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from services.sales.handlers.statements import publish_statements
from services.sales.links import Links
from services.sales.views import ledger
from services.sales.views.statements import published
from services.sales.views.statements.cooperative import get_cooperative_statement
from services.sales.views.statements.outlet import get_outlet_statement
from shared.contracts.message import Command, Query
from shared.contracts.sales import GetStatement
from shared.contracts.sales.parties import GetCooperativeStatement, GetOutletStatement
from shared.contracts.sales.statements import (
    GetStatementLink,
    GetStatementLinks,
    ListStatements,
    PublishedStatement,
    PublishStatements,
    ReadStatement,
    StatementLink,
    StatementLinks,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.home import public_url
from shared.runtime.responder import CommandHandler, QueryHandler
from shared.settings import read_settings


@cache
def open_links() -> Links | None:
    """This process's links; None when no key is set. Raises ValueError for a key that is none."""
    return Links.of(read_settings(database_url="", amqp_url="").statement_key)


async def get_statement_links(query: Received[GetStatementLinks], tx: Tx) -> StatementLinks:
    """Hands the view what it must not look for itself."""
    return await published.get_statement_links(query, tx, open_links(), public_url())


async def get_statement_link(query: Received[GetStatementLink], tx: Tx) -> StatementLink:
    """As `get_statement_links`."""
    return await published.get_statement_link(query, tx, open_links(), public_url())


async def read_statement(query: Received[ReadStatement], tx: Tx) -> PublishedStatement:
    """As `get_statement_links`."""
    return await published.read_statement(query, tx, open_links())


COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    PublishStatements: publish_statements,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    GetStatement: ledger.get_statement,
    ListStatements: published.list_statements,
    GetStatementLinks: get_statement_links,
    GetStatementLink: get_statement_link,
    ReadStatement: read_statement,
    GetOutletStatement: get_outlet_statement,
    GetCooperativeStatement: get_cooperative_statement,
}
