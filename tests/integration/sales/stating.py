"""What tests of statements are made of: days that pass, statements that are made up, and what must always hold."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.sales.handlers.statements import publish_statements
from services.sales.links import Links
from services.sales.views.ledger import get_statement
from services.sales.views.statements import published
from shared.contracts.sales import GetStatement, Statement, StatementLine
from shared.contracts.sales.statements import (
    Publication,
    PublishedStatement,
    PublishStatements,
    ReadStatement,
    StatementPublished,
)
from shared.db import Pool
from tests.integration.sales.builders import ANI, do, received
from tests.integration.sales.settling import RINI, tell

LINKS = Links(bytes(range(32)))
HOME = "https://karya.example"


def day(number: int) -> datetime:
    """Ten in the morning of a day of November 2026 in Jakarta."""
    return datetime(2026, 11, 1, 3, tzinfo=UTC) + timedelta(days=number - 1)


async def recorded_on(pool: Pool, at: datetime) -> None:
    """All entries that were recorded since the last call were recorded then. Only a superuser can do such a thing."""
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL session_replication_role = replica")
        await tx.execute("CREATE TABLE IF NOT EXISTS told_when (id bigint PRIMARY KEY)")
        await tx.execute(
            """
            WITH fresh AS (
                INSERT INTO told_when SELECT id FROM transfer ON CONFLICT DO NOTHING RETURNING id
            )
            UPDATE transfer SET recorded_at = $1 FROM fresh WHERE transfer.id = fresh.id
            """,
            at,
        )


async def whole(pool: Pool, maker: UUID = ANI, since: date | None = None, until: date | None = None) -> Statement:
    """A statement with the lines of all its pages, and what must hold of every one."""
    items: list[StatementLine] = []
    cursor = None
    while True:
        page = await do(
            pool, get_statement, GetStatement(maker_id=maker, since=since, until=until, limit=3, cursor=cursor)
        )
        items, cursor = [*items, *page.items], page.next
        if cursor is None:
            break
    found = page.model_copy(update={"items": items})
    check(found)
    return found


def check(statement: Statement) -> None:
    """Opening and lines are closing, and the balance runs from the one to the other."""
    assert statement.opening + sum([line.amount for line in statement.items]) == statement.closing
    running = statement.opening
    for line in reversed(statement.items):
        running += line.amount
        assert line.balance == running
    assert running == statement.closing


def figures(statement: Statement) -> list[dict[str, Any]]:
    """All of its lines but for what becomes of them."""
    becomes = {"payout_id", "payout_state", "remittance_id", "remitted_on"}
    waits = {"waits", "waiting_amount", "payable_from", "due_by"}
    return [line.model_dump(exclude=becomes | waits) for line in statement.items]


async def publish(
    pool: Pool, month: str = "2026-11", now: datetime | None = None, cooperative: str | None = None
) -> tuple[Publication, list[StatementPublished]]:
    asked = PublishStatements(month=month, cooperative=cooperative)
    reply, events = await tell(pool, publish_statements, asked, RINI, now or day(30))
    return reply, [event for event in events if isinstance(event, StatementPublished)]


async def read(pool: Pool, token: str, now: datetime | None = None, limit: int = 500) -> PublishedStatement:
    async with pool.acquire() as tx, tx.transaction():
        asked = received(ReadStatement(token=token, limit=limit), now or day(30))
        return await published.read_statement(asked, tx, LINKS)
