"""The ledger as settlement reads it: to a position that holds, or while it stands still."""

from collections.abc import Sequence
from uuid import UUID

from services.sales.domain.settlement import Earned
from shared.db import Row, Tx

PATIENCE = "SET LOCAL lock_timeout = '3s'"
"""The tills' postings queue behind whoever waits for the ledger. Then rather not now: the command can be repeated."""


async def get_position(tx: Tx) -> int:
    """The last row of the ledger, when every row up to it that will ever be is committed.

    Rows get their numbers while they are written and not when they are committed: below the highest that can be seen
    there may be others on their way. Whoever writes rows holds the table in a mode that SHARE waits for, so when the
    lock is had nobody is writing and no number is on its way; who comes later gets a higher one. It is needed for
    that moment only: going back to the savepoint gives it up, and the tills go on while the rows are summed.
    """
    moment = tx.transaction()
    await moment.start()
    await tx.execute(f"{PATIENCE}; LOCK TABLE transfer IN SHARE MODE")
    position: int = await tx.fetchval("SELECT coalesce(max(id), 0) FROM transfer")
    await moment.rollback()
    return position


async def lock_ledger(tx: Tx) -> None:
    """Nobody posts until the end of the transaction, except us."""
    await tx.execute(f"{PATIENCE}; LOCK TABLE transfer IN SHARE ROW EXCLUSIVE MODE")


async def get_account(tx: Tx, kind: str, owner: str) -> int:
    """It must be open."""
    account: int = await tx.fetchval("SELECT id FROM account WHERE kind = $1 AND owner = $2", kind, owner)
    return account


async def get_owed(tx: Tx, account: int) -> int:
    """Everything credited less everything debited, in rupiah."""
    owed: int = await tx.fetchval(
        """
        SELECT (SELECT coalesce(sum(amount), 0) FROM transfer WHERE credit = $1)::bigint
             - (SELECT coalesce(sum(amount), 0) FROM transfer WHERE debit = $1)::bigint
        """,
        account,
    )
    return owed


async def list_claimed(tx: Tx, batch: int) -> list[Row]:
    """`maker_id, account, after, open` of this batch's makers: where her last paid line ended, what it left owing."""
    return await tx.fetch(
        """
        SELECT m.maker_id, m.account, coalesce(last.position, 0) AS after, coalesce(last.open, 0) AS open
        FROM payout_open o
        JOIN maker m USING (maker_id)
        LEFT JOIN LATERAL (
            SELECT p.position, l.debt - l.recovery AS open
            FROM payout_line l
            JOIN payout p ON p.no = l.payout
            JOIN settlement_step s ON s.fact = p.no AND s.state = 'paid'
            WHERE l.maker_id = o.maker_id
            ORDER BY l.payout DESC
            LIMIT 1
        ) last ON true
        WHERE o.payout = $1
        ORDER BY m.maker_id
        """,
        batch,
    )


async def list_earned(tx: Tx, claimed: Sequence[Row], position: int) -> list[Earned]:
    """What these makers earned and owe, by maker, up to the position; `claimed` as `list_claimed` gives it.

    What takes pieces back counts with the sale of these pieces: when she earned from it in the same time, it makes
    that less (`fresh`); otherwise it had been paid out, and is a debt. A return that was voided gives what it took:
    when that was a debt before, it is earned anew.
    """
    # The accounts are given once more as a list: the planner knows its values and looks only their rows up.
    rows = await tx.fetch(
        """
        WITH claimed AS (
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::bigint[])
                AS maker (maker_id, account, after, open)
        ), entry AS (
            SELECT maker_id, open, kind, cause, amount FROM transfer JOIN claimed ON account = credit
            WHERE credit = ANY ($2::int[]) AND id > after AND id <= $5
            UNION ALL
            SELECT maker_id, open, kind, cause, -amount FROM transfer JOIN claimed ON account = debit
            WHERE debit = ANY ($2::int[]) AND id > after AND id <= $5 AND kind <> 'payout'
        ), piece AS (
            SELECT e.maker_id, e.open, e.amount,
                   bool_or(e.kind = 'sale') OVER each
                   OR bool_or(u.no IS NOT NULL) OVER each AND sum(e.amount) OVER each > 0 AS fresh
            FROM entry e
            LEFT JOIN returned r ON r.no = e.cause
            LEFT JOIN sale_void v ON v.no = e.cause
            LEFT JOIN return_void u ON u.no = e.cause
            WINDOW each AS (PARTITION BY e.maker_id, coalesce(r.sale, v.sale, u.sale, e.cause))
        )
        SELECT maker_id,
               coalesce(sum(amount) FILTER (WHERE fresh), 0)::bigint AS gross,
               (open - coalesce(sum(amount) FILTER (WHERE NOT fresh), 0))::bigint AS debt
        FROM piece
        GROUP BY maker_id, open
        ORDER BY maker_id
        """,
        *zip(*claimed, strict=True),
        position,
    )
    return [Earned(*row) for row in rows]


async def get_maker_account(tx: Tx, maker_id: UUID) -> int | None:
    account: int | None = await tx.fetchval("SELECT account FROM maker WHERE maker_id = $1", maker_id)
    return account
