"""Remittances that were entered wrong: what rests on them, and what of them is taken back."""

from services.sales.domain.ledger import Transfer
from shared.contracts.sales.remittances import Reversal
from shared.db import Row, Tx


async def list_posted(tx: Tx, remittance: Row) -> list[Transfer]:
    """What it has posted. `remittance`: as `remittances.get_remittance` gives it."""
    rows = await tx.fetch(
        """
        SELECT t.cause, t.kind, t.debit, t.credit, t.amount, t.day
        FROM outlet o
        JOIN transfer t ON t.credit = o.receivable OR t.debit = o.receivable AND t.credit = o.commission
        WHERE o.code = $1 AND t.cause = $2 AND t.day = $3 AND t.kind IN ('remittance', 'commission')
        """,
        remittance["outlet"],
        remittance["no"],
        remittance["received_on"],
    )
    return [Transfer(*row) for row in rows]


async def get_commission(tx: Tx, remittance: Row) -> int:
    """What the outlet kept of the sales that it settled."""
    kept: int = await tx.fetchval(
        """
        SELECT coalesce(sum(CASE WHEN t.debit = o.commission THEN t.amount ELSE -t.amount END), 0)::bigint
        FROM outlet o
        JOIN transfer t ON t.credit = o.receivable OR t.debit = o.receivable AND t.credit = o.commission
        WHERE o.code = $1 AND t.cause = $2 AND t.day = $3 AND t.kind = 'commission'
        """,
        remittance["outlet"],
        remittance["no"],
        remittance["received_on"],
    )
    return kept


async def is_reversed(tx: Tx, no: int) -> bool:
    return bool(await tx.fetchval("SELECT EXISTS (SELECT FROM remittance_reversal WHERE remittance = $1)", no))


async def lock_makers(tx: Tx, no: int) -> None:
    """Of the sales that a remittance settled: no batch of theirs is frozen until the end of the transaction. In one
    order everywhere.
    """
    await tx.execute(
        """
        SELECT FROM maker
        WHERE account IN (
            SELECT unnest(p.accounts) FROM remitted r JOIN sale_split p ON p.sale = r.cause WHERE r.remittance = $1
        )
        ORDER BY maker_id
        FOR NO KEY UPDATE
        """,
        no,
    )


async def is_in_payout(tx: Tx, no: int) -> bool:
    """Whether a sale that a remittance settled is in a line of a payout."""
    return bool(
        await tx.fetchval(
            """
            SELECT EXISTS (
                SELECT FROM remitted r
                JOIN sale_split p ON p.sale = r.cause
                CROSS JOIN LATERAL unnest(p.accounts) AS paid (account)
                JOIN payout_item i ON i.account = paid.account AND i.cause = r.cause
                WHERE r.remittance = $1
            )
            """,
            no,
        )
    )


async def add_reversal(tx: Tx, no: int, reversal: Reversal) -> int:
    """Its number among all facts."""
    number: int = await tx.fetchval(
        """
        INSERT INTO remittance_reversal (remittance, reversed_at, by, reason) VALUES ($1, $2, $3, $4) RETURNING no
        """,
        no,
        reversal.at,
        reversal.by,
        reversal.reason,
    )
    return number


async def mark_open(tx: Tx, no: int) -> None:
    """What a remittance has settled is owed again, and its reference is free."""
    await tx.execute(
        """
        WITH opened AS (DELETE FROM remitted WHERE remittance = $1)
        DELETE FROM remittance_reference WHERE remittance = $1
        """,
        no,
    )
