"""The ledger as settlement reads it: to a position that holds, or while it stands still."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.sales.domain.settlement import Earned
from shared.contracts.sales.settlement import Days
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
    """`maker_id, account, after, open` of this batch's makers.

    `after`: where her last paid line about every day ended; `open`: what it left owing, and what later lines pay.
    """
    return await tx.fetch(
        """
        SELECT m.maker_id, m.account, coalesce(whole.position, 0) AS after,
               coalesce(whole.open, 0) + coalesce(later.paid, 0)::bigint AS open
        FROM payout_open o
        JOIN maker m USING (maker_id)
        LEFT JOIN LATERAL (
            SELECT p.position, l.debt - l.recovery AS open
            FROM payout_line l
            JOIN payout p ON p.no = l.payout
            JOIN settlement_step s ON s.fact = p.no AND s.state = 'paid'
            WHERE l.maker_id = o.maker_id AND l.days = '{(,)}'
            ORDER BY p.position DESC
            LIMIT 1
        ) whole ON true
        LEFT JOIN LATERAL (
            SELECT sum(l.amount) AS paid
            FROM payout_line l
            JOIN payout p ON p.no = l.payout
            WHERE l.maker_id = o.maker_id AND p.position > coalesce(whole.position, -1)
              AND NOT EXISTS (SELECT FROM settlement_step WHERE fact = p.no AND state = 'cancelled')
        ) later ON true
        WHERE o.payout = $1
        ORDER BY m.maker_id
        """,
        batch,
    )


# The accounts are given once more as a list: the planner knows its values and looks only their rows up.
EARNED = """
    WITH claimed AS (
        SELECT maker_id, account, after, open, days
        FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::bigint[]) AS maker (maker_id, account, after, open)
        JOIN payout_open USING (maker_id)
        WHERE payout = $6
    ), entry AS (
        SELECT maker_id, id, day, kind, cause, amount FROM transfer JOIN claimed ON account = credit
        WHERE credit = ANY ($2::int[]) AND id > after AND id <= $5
        UNION ALL
        SELECT maker_id, id, day, kind, cause, -amount FROM transfer JOIN claimed ON account = debit
        WHERE debit = ANY ($2::int[]) AND id > after AND id <= $5 AND kind <> 'payout'
    ), of_piece AS (
        SELECT e.*, coalesce(r.sale, v.sale, u.sale, e.cause) AS sale, u.no IS NOT NULL AS given_back,
               coalesce((
                   SELECT (sold_at AT TIME ZONE 'Asia/Jakarta')::date FROM sale
                   WHERE no = coalesce(r.sale, v.sale, u.sale)
               ), e.day) AS sold_on
        FROM entry e
        LEFT JOIN returned r ON r.no = e.cause
        LEFT JOIN sale_void v ON v.no = e.cause
        LEFT JOIN return_void u ON u.no = e.cause
    ), line AS (
        SELECT l.maker_id, l.days, p.position
        FROM payout_line l
        JOIN payout p ON p.no = l.payout
        JOIN claimed c ON c.maker_id = l.maker_id AND p.position > c.after
        WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = p.no AND state = 'cancelled')
    ), seen AS (
        SELECT o.*, EXISTS (
            SELECT FROM line l WHERE l.maker_id = o.maker_id AND o.id <= l.position AND l.days @> o.sold_on
        ) AS settled
        FROM of_piece o
    ), piece AS (
        SELECT s.maker_id, s.amount, c.days @> s.sold_on AS hers,
               NOT s.settled AND (
                   bool_or(s.kind = 'sale') OVER each
                   OR bool_or(s.given_back) OVER each AND sum(s.amount) OVER each > 0
               ) AS fresh
        FROM seen s
        JOIN claimed c USING (maker_id)
        WINDOW each AS (PARTITION BY s.maker_id, s.sale, s.settled)
    ), sum AS (
        SELECT maker_id, sum(amount) AS balance,
               coalesce(sum(amount) FILTER (WHERE fresh), 0) AS unpaid,
               coalesce(sum(amount) FILTER (WHERE fresh AND hers), 0) AS gross
        FROM piece GROUP BY maker_id
    )
    SELECT maker_id, gross::bigint, (unpaid + open - balance)::bigint AS debt, days
    FROM sum JOIN claimed USING (maker_id)
    ORDER BY maker_id
"""


async def list_earned(tx: Tx, batch: int, claimed: Sequence[Row], position: int) -> list[Earned]:
    """What these makers earned and owe, by maker, up to the position; `claimed` as `list_claimed` gives it.

    What takes pieces back counts with the sale of these pieces, and with its day: when that sale is in no line yet, it
    makes that less (`fresh`); otherwise it had been paid out, and is a debt. A return that was voided gives what it
    took: when that was a debt before, it is earned anew. A line settles what was in the ledger up to its position of
    sales on its days, also while it is neither paid nor cancelled.
    """
    rows = await tx.fetch(
        EARNED,
        *zip(*claimed, strict=True),
        position,
        batch,
    )
    return [Earned(row["maker_id"], row["gross"], row["debt"], list_days(row["days"])) for row in rows]


def list_days(found: Sequence[Any]) -> list[Days]:
    """A multirange as the contract has it: every day is none in particular."""
    if len(found) == 1 and found[0].lower is None and found[0].upper is None:
        return []
    return [Days(since=span.lower, until=span.upper) for span in found]


async def get_maker_account(tx: Tx, maker_id: UUID) -> int | None:
    account: int | None = await tx.fetchval("SELECT account FROM maker WHERE maker_id = $1", maker_id)
    return account
