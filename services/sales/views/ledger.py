"""The ledger as a maker and as an accountant sees it. Balances are sums of transfers, never columns."""

from datetime import date

from services.sales.storage.settlement import books
from shared.contracts.sales import (
    AccountBalance,
    GetStatement,
    GetTrialBalance,
    Statement,
    StatementLine,
    TrialBalance,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def get_statement(query: Received[GetStatement], tx: Tx) -> Statement:
    """A maker's account, the newest entry first. Raises NotFound for a maker who is not known."""
    asked = query.data
    account = await books.get_maker_account(tx, asked.maker_id)
    if account is None:
        raise NotFound("maker_unknown", f"maker {asked.maker_id} is not known")
    rows = await _list_entries(tx, account, decode_number(asked.cursor), asked.limit + 1)
    shown = rows[: asked.limit]
    causes = {row["cause"] for row in shown}
    facts = await _list_pieces(tx, causes) | await _list_settled(tx, causes)
    return Statement(
        maker_id=asked.maker_id,
        balance=rows[0]["owed"] if rows else await books.get_owed(tx, account),
        items=[StatementLine.model_validate({**row, **facts.get(row["cause"], {})}) for row in shown],
        next=encode_cursor(shown[-1]["id"]) if len(rows) > len(shown) else None,
    )


async def _list_entries(tx: Tx, account: int, before: int | None, limit: int) -> list[Row]:
    """The newest first, each with the balance after it; `owed` is the balance now. All of one moment."""
    return await tx.fetch(
        """
        WITH shown AS (
            (SELECT id, cause, kind, amount, recorded_at FROM transfer
             WHERE credit = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3)
            UNION ALL
            (SELECT id, cause, kind, -amount, recorded_at FROM transfer
             WHERE debit = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3)
            ORDER BY id DESC
            LIMIT $3
        ), entry AS (
            SELECT id, amount FROM transfer WHERE credit = $1
            UNION ALL
            SELECT id, -amount FROM transfer WHERE debit = $1
        ), booked AS (
            SELECT sum(amount)::bigint AS owed,
                   coalesce(sum(amount) FILTER (WHERE id < (SELECT min(id) FROM shown)), 0) AS opening
            FROM entry
        )
        SELECT id, cause, kind, recorded_at AS at, amount, owed,
               (opening + sum(amount) OVER (ORDER BY id))::bigint AS balance
        FROM shown
        CROSS JOIN booked
        ORDER BY id DESC
        """,
        account,
        before,
        limit,
    )


async def _list_pieces(tx: Tx, causes: set[int]) -> dict[int, Row]:
    """Of sales, and of what takes pieces back: which pieces they were, and what they gave to whom.

    Pieces come back in the order of the runs that their sale was split into: how many of them came back before says
    which ones these were, when that is not recorded. After a return that was voided, a void takes all others.
    """
    rows = await tx.fetch(
        """
        WITH fact AS (
            SELECT cause, s.no AS sale, coalesce(r.returned_at, v.voided_at, u.voided_at, s.sold_at) AS at,
                   coalesce(r.quantity, v.quantity, u.quantity, s.quantity) AS quantity,
                   (SELECT coalesce(sum(b.quantity), 0) FROM returned b WHERE b.sale = s.no AND b.no < cause) AS before,
                   coalesce(r.taken::bigint[], u.taken::bigint[],
                            CASE WHEN v.no IS NOT NULL THEN rest_after_returns(s.no) END) AS taken
            FROM unnest($1::bigint[]) AS cause
            LEFT JOIN returned r ON r.no = cause
            LEFT JOIN sale_void v ON v.no = cause
            LEFT JOIN return_void u ON u.no = cause
            JOIN sale s ON s.no = coalesce(r.sale, v.sale, u.sale, cause)
        ), run AS (
            SELECT sale, net, outlet, programme, units, run, sum(units) OVER (PARTITION BY sale ORDER BY run) AS until
            FROM sale_split WHERE sale IN (SELECT sale FROM fact)
        ), split AS (
            SELECT f.cause, sum(n * net)::bigint AS net, sum(n * outlet)::bigint AS outlet_share,
                   sum(n * programme)::bigint AS programme_share
            FROM fact f
            JOIN run USING (sale)
            CROSS JOIN LATERAL coalesce(
                f.taken[run + 1], greatest(0, least(until, before + quantity) - greatest(until - units, before))) AS n
            GROUP BY f.cause
        )
        SELECT f.cause, f.at, s.sale_id, s.outlet, s.till, s.receipt, s.line, s.sku, f.quantity, s.unit_price,
               f.quantity * s.unit_price - split.net AS discount, split.net, outlet_share, programme_share
        FROM fact f
        JOIN split USING (cause)
        JOIN sale s ON s.no = f.sale
        """,
        causes,
    )
    return {row["cause"]: row for row in rows}


async def _list_settled(tx: Tx, causes: set[int]) -> dict[int, Row]:
    """Of batches that were paid and of debts that were written off: when, and which it was."""
    rows = await tx.fetch(
        """
        SELECT s.fact, s.at, p.payout_id, w.write_off_id
        FROM settlement_step s
        LEFT JOIN payout p ON p.no = s.fact
        LEFT JOIN write_off w ON w.no = s.fact
        WHERE s.fact = ANY ($1::bigint[]) AND s.state IN ('paid', 'posted')
        """,
        causes,
    )
    return {row["fact"]: row for row in rows}


async def get_trial_balance(query: Received[GetTrialBalance], tx: Tx) -> TrialBalance:
    """All accounts, each side summed by itself in one pass over the ledger, up to the day that is asked for."""
    rows = await tx.fetch(
        """
        WITH pair AS (
            SELECT debit, credit, sum(amount) AS amount FROM transfer WHERE booked <= $1 GROUP BY debit, credit
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
        """,
        query.data.until or date.max,
    )
    accounts = [AccountBalance(**row) for row in rows]
    return TrialBalance(ledger_sum=sum([account.balance for account in accounts]), items=accounts)
