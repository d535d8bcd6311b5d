"""Batches of payouts, makers who owe, write-offs."""

from datetime import datetime

from services.sales.storage.settlement import payouts, write_offs
from shared.contracts.sales.settlement import (
    Debt,
    Debts,
    GetPayout,
    GetWriteOff,
    ListDebts,
    ListPayouts,
    ListWriteOffs,
    Payout,
    Payouts,
    WriteOff,
    WriteOffs,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, decode_number, encode_cursor


async def get_payout(query: Received[GetPayout], tx: Tx) -> Payout:
    """With its lines. Raises NotFound."""
    payout = await payouts.get_payout(tx, query.data.payout_id)
    if payout is None:
        raise NotFound("payout_unknown", f"there is no batch {query.data.payout_id}")
    return payout


async def list_payouts(query: Received[ListPayouts], tx: Tx) -> Payouts:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT p.no, p.payout_id, p.cooperative, p.day, p.state, l.makers, l.total
        FROM payout_now p
        CROSS JOIN LATERAL (
            SELECT count(*) AS makers, sum(amount)::bigint AS total FROM payout_line WHERE payout = p.no
        ) l
        WHERE ($1::text IS NULL OR p.cooperative = $1)
          AND ($2::text IS NULL OR p.state = $2)
          AND ($3::bigint IS NULL OR p.no < $3)
        ORDER BY p.no DESC
        LIMIT $4
        """,
        asked.cooperative,
        asked.state,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Payouts(items=await payouts.list_heads(tx, shown), next=following)


async def list_debts(query: Received[ListDebts], tx: Tx) -> Debts:
    """By maker: in one pass over the ledger who is below 0, then of these alone since when."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    rows = await tx.fetch(
        """
        WITH pair AS (
            SELECT debit, credit, sum(amount) AS amount FROM transfer GROUP BY debit, credit
        ), side AS (
            SELECT credit AS account, amount FROM pair
            UNION ALL
            SELECT debit, -amount FROM pair
        )
        SELECT m.maker_id, m.account, -sum(side.amount)::bigint AS owed
        FROM side
        JOIN maker m USING (account)
        WHERE $1::text IS NULL OR m.maker_id::text > $1
        GROUP BY m.maker_id, m.account
        HAVING sum(side.amount) < 0
        ORDER BY m.maker_id::text
        LIMIT $2
        """,
        after[0] if after else None,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    since = await _list_since(tx, [row["account"] for row in shown])
    items = [Debt(maker_id=row["maker_id"], owed=row["owed"], since=since[row["account"]]) for row in shown]
    return Debts(items=items, next=encode_cursor(shown[-1]["maker_id"]) if len(rows) > len(shown) else None)


async def _list_since(tx: Tx, accounts: list[int]) -> dict[int, datetime]:
    """When the entry was recorded that brought each of these accounts below 0, to stay there until now."""
    rows = await tx.fetch(
        """
        WITH entry AS (
            SELECT credit AS account, id, recorded_at, amount FROM transfer WHERE credit = ANY ($1::int[])
            UNION ALL
            SELECT debit, id, recorded_at, -amount FROM transfer WHERE debit = ANY ($1::int[])
        ), running AS (
            SELECT account, id, recorded_at, sum(amount) OVER (PARTITION BY account ORDER BY id) AS balance FROM entry
        ), afloat AS (
            SELECT account, coalesce(max(id) FILTER (WHERE balance >= 0), 0) AS last FROM running GROUP BY account
        )
        SELECT account, min(recorded_at) AS since
        FROM running
        JOIN afloat USING (account)
        WHERE id > last
        GROUP BY account
        """,
        accounts,
    )
    return {row["account"]: row["since"] for row in rows}


async def get_write_off(query: Received[GetWriteOff], tx: Tx) -> WriteOff:
    """Raises NotFound."""
    found = await write_offs.get_write_off(tx, query.data.write_off_id)
    if found is None:
        raise NotFound("write_off_unknown", f"there is no write-off {query.data.write_off_id}")
    return found


async def list_write_offs(query: Received[ListWriteOffs], tx: Tx) -> WriteOffs:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT w.no, w.write_off_id, w.maker_id, w.amount, w.reason
        FROM write_off w
        CROSS JOIN LATERAL (SELECT state FROM settlement_step WHERE fact = w.no ORDER BY id DESC LIMIT 1) s
        WHERE ($1::uuid IS NULL OR w.maker_id = $1)
          AND ($2::text IS NULL OR s.state = $2)
          AND ($3::bigint IS NULL OR w.no < $3)
        ORDER BY w.no DESC
        LIMIT $4
        """,
        asked.maker_id,
        asked.state,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return WriteOffs(items=await write_offs.list_whole(tx, shown), next=following)
