"""Statements as they were made up: between which entries, and what the account came to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from shared.db import Row, Tx

PATIENCE = "SET LOCAL lock_timeout = '3s'"
"""As whoever else waits for the ledger: the tills' postings queue behind us."""


class NewStatement(NamedTuple):
    """As a row."""

    statement_id: UUID
    maker_id: UUID
    after: int
    position: int
    opening: int
    closing: int
    published_at: datetime
    month: date
    lines: int


class Cut(NamedTuple):
    """The last number of the ledger before the month, and the last one of the month."""

    before: int
    last: int


async def lock_statements(tx: Tx) -> None:
    """Nobody else makes any until the end of the transaction: each begins where the one before ends."""
    await tx.execute("LOCK TABLE statement IN SHARE ROW EXCLUSIVE MODE")


async def get_position(tx: Tx) -> int:
    """The last number of the ledger, when every entry up to it that will ever be is committed.

    Whoever posts holds the table in a mode that SHARE waits for: when the lock is had, no number is on its way. Going
    back to the savepoint gives it up at once.
    """
    moment = tx.transaction()
    await moment.start()
    await tx.execute(f"{PATIENCE}; LOCK TABLE transfer IN SHARE MODE")
    position: int = await tx.fetchval("SELECT coalesce(max(id), 0) FROM transfer")
    await moment.rollback()
    return position


async def get_cut(tx: Tx, position: int, since: datetime, until: datetime) -> Cut:
    """Where a month of recording, `since` to before `until`, lies among the entries up to the position."""
    row = await tx.fetchrow(
        """
        SELECT coalesce(min(id) FILTER (WHERE recorded_at >= $2) - 1, $1::bigint) AS before,
               coalesce(min(id) FILTER (WHERE recorded_at >= $3) - 1, $1::bigint) AS last
        FROM transfer
        WHERE id <= $1 AND recorded_at >= $2
        """,
        position,
        since,
        until,
    )
    assert row is not None  # it is a sum
    return Cut(*row)


async def list_moved(tx: Tx, cut: Cut, cooperative: str | None, today: date, limit: int) -> list[Row]:
    """`maker_id, after, opening, closing, lines` of makers on whose account something came since their last statement.

    In one pass over the ledger. `cooperative`: of those whose home is its today.
    """
    return await tx.fetch(
        """
        WITH last AS (
            SELECT maker_id, max(position) AS position FROM statement GROUP BY maker_id
        ), hers AS (
            SELECT m.maker_id, m.account, coalesce(last.position, $1::bigint) AS after
            FROM maker m
            LEFT JOIN last USING (maker_id)
            WHERE $3::text IS NULL OR $3 = (
                SELECT cooperative FROM maker_home h WHERE h.maker_id = m.maker_id
                ORDER BY since <= $4 DESC, CASE WHEN since <= $4 THEN since END DESC, since LIMIT 1)
        ), entry AS (
            SELECT credit AS account, id, amount FROM transfer WHERE id <= $2
            UNION ALL
            SELECT debit, id, -amount FROM transfer WHERE id <= $2
        )
        SELECT maker_id, after, coalesce(sum(amount) FILTER (WHERE id <= after), 0)::bigint AS opening,
               sum(amount)::bigint AS closing, count(*) FILTER (WHERE id > after) AS lines
        FROM hers
        JOIN entry USING (account)
        GROUP BY maker_id, after
        HAVING count(*) FILTER (WHERE id > after) > 0
        ORDER BY maker_id
        LIMIT $5
        """,
        *cut,
        cooperative,
        today,
        limit,
    )


async def add_statements(tx: Tx, statements: Sequence[NewStatement]) -> None:
    await tx.execute(
        """
        INSERT INTO statement (statement_id, maker_id, after, position, opening, closing, published_at, month, lines)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                             $7::timestamptz[], $8::date[], $9::int[])
        """,
        *zip(*statements, strict=True),
    )


async def get_statement(tx: Tx, statement_id: UUID) -> Row | None:
    """With her account."""
    return await tx.fetchrow(
        """
        SELECT s.maker_id, s.after, s.position, s.published_at, s.month, m.account
        FROM statement s
        JOIN maker m USING (maker_id)
        WHERE s.statement_id = $1
        """,
        statement_id,
    )


async def list_since(tx: Tx, statement_ids: Sequence[UUID], since: datetime) -> list[UUID]:
    """Those of them that were published after `since`."""
    rows = await tx.fetch(
        "SELECT statement_id FROM statement WHERE statement_id = ANY ($1::uuid[]) AND published_at > $2",
        statement_ids,
        since,
    )
    return [row["statement_id"] for row in rows]
