"""Statements that were made up, the links to them, and what is behind a link."""

from services.sales.domain import statements as domain
from services.sales.links import Links
from services.sales.storage import statements as storage
from services.sales.views.statements.lines import read_account
from services.sales.views.statements.span import Span
from shared.contracts.sales.statements import (
    GetStatementLink,
    GetStatementLinks,
    ListStatements,
    PublishedStatement,
    ReadStatement,
    StatementHead,
    StatementLink,
    StatementLinks,
    Statements,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_statements(query: Received[ListStatements], tx: Tx) -> Statements:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT no, statement_id, maker_id, month, opening, closing, lines, published_at
        FROM statement
        WHERE ($1::uuid IS NULL OR maker_id = $1)
          AND ($2::date IS NULL OR month = $2)
          AND ($3::bigint IS NULL OR no < $3)
        ORDER BY no DESC
        LIMIT $4
        """,
        asked.maker_id,
        domain.first_day(asked.month) if asked.month else None,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Statements(items=[_head(row) for row in shown], next=following)


def _head(row: Row) -> StatementHead:
    told = {**row, "month": domain.month_of(row["month"]), "expires_at": domain.expires(row["published_at"])}
    return StatementHead.model_validate(told)


async def get_statement_links(
    query: Received[GetStatementLinks], tx: Tx, links: Links | None, public_url: str
) -> StatementLinks:
    """As long as their pages can be read. None at all where no key of statements is set."""
    if links is None:
        return StatementLinks(items=[])
    found = await storage.list_since(tx, query.data.statement_ids, query.now - domain.READABLE)
    return StatementLinks(items=[StatementLink(statement_id=one, url=links.url(public_url, one)) for one in found])


async def get_statement_link(
    query: Received[GetStatementLink], tx: Tx, links: Links | None, public_url: str
) -> StatementLink:
    """Raises NotFound for a statement that there is not, or that can no longer be read."""
    wanted = query.data.statement_id
    if links is None or not await storage.list_since(tx, [wanted], query.now - domain.READABLE):
        raise NotFound("statement_unknown", "there is no such statement, or its page is closed")
    return StatementLink(statement_id=wanted, url=links.url(public_url, wanted))


async def read_statement(query: Received[ReadStatement], tx: Tx, links: Links | None) -> PublishedStatement:
    """Raises NotFound for a link that is none, or no longer."""
    asked = query.data
    statement_id = links.open(asked.token) if links else None
    row = await storage.get_statement(tx, statement_id) if statement_id else None
    if row is None:
        raise NotFound("statement_unknown", "there is no statement behind this link")
    expires_at = domain.expires(row["published_at"])
    if query.now >= expires_at:
        raise NotFound("statement_expired", "this link has expired")
    read = await read_account(tx, row["account"], Span(after=row["after"], upto=row["position"]), query)
    return PublishedStatement(
        maker_id=row["maker_id"],
        statement_id=statement_id,
        month=domain.month_of(row["month"]),
        published_at=row["published_at"],
        expires_at=expires_at,
        **read,
    )
