"""The ledger as a maker and as an accountant sees it. Balances are sums of transfers, never columns."""

from shared.contracts.sales import (
    AccountBalance,
    GetStatement,
    GetTrialBalance,
    Statement,
    StatementLine,
    TrialBalance,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def get_statement(query: Received[GetStatement], tx: Tx) -> Statement:
    """A maker's account, the newest entry first. Raises NotFound for a maker who is not known."""
    asked = query.data
    account = await tx.fetchval("SELECT account FROM maker WHERE maker_id = $1", asked.maker_id)
    if account is None:
        raise NotFound("maker_unknown", f"maker {asked.maker_id} is not known")
    rows = await tx.fetch(
        """
        SELECT entry.id, entry.kind, entry.amount, sale.sale_id, sale.outlet, sale.sku,
               coalesce(r.quantity, sale.quantity) AS quantity,
               coalesce(r.returned_at, sale.sold_at) AS at
        FROM (
            (SELECT id, cause, kind, amount FROM transfer
             WHERE credit = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3)
            UNION ALL
            (SELECT id, cause, kind, -amount FROM transfer
             WHERE debit = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3)
            ORDER BY id DESC
            LIMIT $3
        ) entry
        LEFT JOIN returned r ON r.no = entry.cause
        JOIN sale ON sale.no = coalesce(r.sale, entry.cause)
        ORDER BY entry.id DESC
        """,
        account,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    return Statement(
        maker_id=asked.maker_id,
        balance=await _get_owed(tx, account),
        items=[StatementLine(**row) for row in shown],
        next=encode_cursor(shown[-1]["id"]) if len(rows) > len(shown) else None,
    )


async def _get_owed(tx: Tx, account: int) -> int:
    """Everything credited less everything debited, in rupiah."""
    owed: int = await tx.fetchval(
        """
        SELECT (SELECT coalesce(sum(amount), 0) FROM transfer WHERE credit = $1)::bigint
             - (SELECT coalesce(sum(amount), 0) FROM transfer WHERE debit = $1)::bigint
        """,
        account,
    )
    return owed


async def get_trial_balance(_: Received[GetTrialBalance], tx: Tx) -> TrialBalance:
    """All accounts, each side summed by itself in one pass over the ledger."""
    rows = await tx.fetch(
        """
        WITH pair AS (
            SELECT debit, credit, sum(amount) AS amount FROM transfer GROUP BY debit, credit
        ), side AS (
            SELECT debit AS id, amount AS debit, 0 AS credit FROM pair
            UNION ALL
            SELECT credit, 0, amount FROM pair
        )
        SELECT account.kind, account.owner,
               coalesce(sum(side.debit), 0)::bigint AS debit,
               coalesce(sum(side.credit), 0)::bigint AS credit,
               (coalesce(sum(side.debit), 0) - coalesce(sum(side.credit), 0))::bigint AS balance
        FROM account
        LEFT JOIN side USING (id)
        GROUP BY account.kind, account.owner
        ORDER BY account.kind, account.owner
        """
    )
    accounts = [AccountBalance(**row) for row in rows]
    return TrialBalance(ledger_sum=sum([account.balance for account in accounts]), items=accounts)
