"""Freezing: what of her account is in no line yet, and which of it a cooperative may pay now. In sets."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.settlement import Earned
from shared.contracts.sales.paying import ListedItem
from shared.db import Row, Tx


class Batch(NamedTuple):
    """A batch as it is frozen, without its lines."""

    no: int
    payout_id: UUID
    day: date
    cooperative: str


async def lock_makers(tx: Tx, cooperative: str) -> list[Row]:
    """`maker_id, account` of those who ever had a home of this cooperative.

    Whoever else freezes something of one of them waits, in one order everywhere.
    """
    return await tx.fetch(
        """
        SELECT maker_id, account FROM maker
        WHERE maker_id IN (SELECT maker_id FROM maker_home WHERE cooperative = $1)
        ORDER BY maker_id
        FOR NO KEY UPDATE
        """,
        cooperative,
    )


# The accounts are given as a list: the planner knows its values and looks only their rows up. How much of it is in no
# line yet it cannot know: so what is large is counted through and looked up, and never joined with itself.
ITEMS = """
    WITH hers AS (
        SELECT maker_id, account FROM unnest($5::uuid[], $6::int[]) AS maker (maker_id, account)
    ), entry AS (
        SELECT credit AS account, cause, kind, amount FROM transfer WHERE credit = ANY ($6::int[])
        UNION ALL
        SELECT debit, cause, kind, -amount FROM transfer WHERE debit = ANY ($6::int[])
    ), loose AS (
        SELECT account, cause, sum(amount)::bigint AS amount
        FROM (
            SELECT account, cause, amount, false AS listed FROM entry WHERE kind IN ('sale', 'return', 'void')
            UNION ALL
            SELECT account, cause, 0, true FROM payout_item WHERE account = ANY ($6::int[])
        ) known
        GROUP BY account, cause
        HAVING NOT bool_or(listed)
    ), of_sale AS (
        SELECT l.account, l.cause, l.amount, s.no AS sale, s.no = l.cause AS sold, u.no IS NOT NULL AS again,
               a.advances, EXISTS (SELECT FROM remitted WHERE cause = l.cause) AS remitted,
               s.day + a.hold_days <= $2 AND $3 = coalesce(
                   (SELECT cooperative FROM maker_home h
                    WHERE h.maker_id = m.maker_id AND h.since <= s.day ORDER BY since DESC LIMIT 1),
                   (SELECT cooperative FROM maker_home h WHERE h.maker_id = m.maker_id ORDER BY since LIMIT 1)
               ) AS ripe
        FROM loose l
        JOIN maker m ON m.account = l.account
        LEFT JOIN returned r ON r.no = l.cause
        LEFT JOIN sale_void v ON v.no = l.cause
        LEFT JOIN return_void u ON u.no = l.cause
        JOIN sale s ON s.no = coalesce(r.sale, v.sale, u.sale, l.cause)
        JOIN agreement a ON a.outlet = s.outlet AND a.valid_from = s.agreed_from
    ), of_piece AS (
        SELECT account, cause, amount, sale, ripe, advances,
               bool_or(sold) OVER each OR bool_or(again) OVER each AND sum(amount) OVER each > 0 AS fresh,
               coalesce(bool_and(remitted) FILTER (WHERE sold) OVER each,
                        bool_and(remitted) FILTER (WHERE again) OVER each) AS remitted
        FROM of_sale
        WINDOW each AS (PARTITION BY account, sale)
    ), judged AS (
        SELECT account, cause, amount, fresh, remitted, fresh AND ripe AND (remitted OR advances) AS payable,
               NOT fresh AND EXISTS (
                   SELECT FROM payout_item i
                   WHERE i.account = p.account AND i.cause = p.sale
                     AND NOT EXISTS (SELECT FROM settlement_step WHERE fact = i.payout AND state <> 'frozen')
               ) AS waits
        FROM of_piece p
    ), sum AS (
        SELECT account, sum(amount) FILTER (WHERE payable) AS gross,
               coalesce(sum(amount) FILTER (WHERE payable AND remitted), 0) AS remitted,
               coalesce(sum(amount) FILTER (WHERE fresh OR waits), 0) AS unsettled
        FROM judged
        GROUP BY account
    ), pending AS (
        SELECT h.account, sum(CASE
                   WHEN EXISTS (SELECT FROM settlement_step WHERE fact = l.payout AND state = 'sent') THEN l.amount
                   ELSE l.amount + l.loan END) AS amount
        FROM payout_line l
        JOIN hers h USING (maker_id)
        WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = l.payout AND state IN ('paid', 'cancelled'))
          AND NOT EXISTS (
              SELECT FROM payout_row r
              JOIN payout_result s ON s.row_no = r.no AND s.outcome = 'paid'
              WHERE r.payout = l.payout AND r.maker_id = l.maker_id
          )
        GROUP BY h.account
    ), balance AS (
        SELECT account, sum(amount) AS amount FROM entry GROUP BY account
    ), drawn AS (
        SELECT h.maker_id, h.account, s.gross, greatest(s.remitted, 0) AS remitted,
               greatest(s.unsettled + coalesce(p.amount, 0) - b.amount, 0) AS debt
        FROM sum s
        JOIN hers h USING (account)
        JOIN balance b USING (account)
        LEFT JOIN pending p USING (account)
        WHERE s.gross > 0
        ORDER BY h.maker_id
        LIMIT $4
    ), added AS (
        INSERT INTO payout_item (cause, payout, amount, account, earned)
        SELECT cause, $1, amount, account, payable
        FROM judged
        WHERE (payable OR NOT (fresh OR waits)) AND (account IN (SELECT account FROM drawn)) IS TRUE
    )
    SELECT maker_id, gross::bigint, debt::bigint, remitted::bigint FROM drawn ORDER BY maker_id
"""


async def add_items(tx: Tx, batch: Batch, makers: Sequence[Row], most: int) -> list[Earned]:
    """What these makers earned and owe, by maker, at most so many of them; what it is made of is in a line from now on.

    `makers`: as `lock_makers` gives them. All of one moment: what is committed later goes to the next batch. What takes
    pieces back counts with their sale. Is that in no line, it makes it less, and both wait together for the day, the
    outlet's money and the cooperative of the home on the day of sale. Is it in one, that much is a debt; but while that
    batch may still be cancelled it waits. A return that was voided gives what it took: when that was a debt before, it
    is earned anew.
    """
    if not makers:
        return []
    accounts = [row["account"] for row in makers]
    rows = await tx.fetch(
        ITEMS, batch.no, batch.day, batch.cooperative, most, [row["maker_id"] for row in makers], accounts
    )
    return [Earned(**row) for row in rows]


async def list_items(tx: Tx, batch: int) -> list[ListedItem]:
    """What its lines are made of, by names that mean the same everywhere."""
    rows = await tx.fetch(
        """
        SELECT m.maker_id, i.amount, i.earned, coalesce(r.return_id, undone.return_id, s.sale_id) AS id,
               CASE WHEN r.no IS NOT NULL THEN 'return' WHEN v.no IS NOT NULL THEN 'void'
                    WHEN u.no IS NOT NULL THEN 'return-void' ELSE 'sale' END AS kind
        FROM payout_item i
        JOIN maker m USING (account)
        LEFT JOIN returned r ON r.no = i.cause
        LEFT JOIN sale_void v ON v.no = i.cause
        LEFT JOIN return_void u ON u.no = i.cause
        LEFT JOIN returned undone ON undone.no = u.returned
        LEFT JOIN sale s ON s.no = coalesce(v.sale, i.cause)
        WHERE i.payout = $1
        ORDER BY m.maker_id, i.cause
        """,
        batch,
    )
    return [ListedItem(**row) for row in rows]


async def give_back_items(tx: Tx, batch: int) -> None:
    """They can be in another line: the batch must have been cancelled."""
    await tx.execute("DELETE FROM payout_item WHERE payout = $1", batch)
