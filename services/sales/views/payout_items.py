"""What a line of a batch is made of: each sale that it pays, and what came back."""

from services.sales.domain.calendar import business_day
from shared.contracts.sales.paying import ListPayoutItems, PayoutItem, PayoutItems
from shared.contracts.sales.settlement import PayoutLine
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_payout_items(query: Received[ListPayoutItems], tx: Tx) -> PayoutItems:
    """In the order in which they were recorded. Raises NotFound when the maker has no line in this batch."""
    asked = query.data
    line = await _get_line(tx, asked)
    if line is None:
        raise NotFound("payout_line_unknown", f"batch {asked.payout_id} has no line of maker {asked.maker_id}")
    rows = await _list_items(tx, line, decode_number(asked.cursor), asked.limit + 1)
    shown = rows[: asked.limit]
    return PayoutItems(
        payout_id=asked.payout_id,
        line=PayoutLine(**line),
        items=[PayoutItem(**{**row, "day": business_day(row["at"])}) for row in shown],
        next=encode_cursor(shown[-1]["cause"]) if len(rows) > len(shown) else None,
    )


async def _get_line(tx: Tx, asked: ListPayoutItems) -> Row | None:
    return await tx.fetchrow(
        """
        SELECT l.payout, m.account, l.maker_id, l.gross, l.debt, l.recovery, l.remitted, l.loan, l.amount
        FROM payout_line l
        JOIN payout p ON p.no = l.payout
        JOIN maker m USING (maker_id)
        WHERE p.payout_id = $1 AND l.maker_id = $2
        """,
        asked.payout_id,
        asked.maker_id,
    )


async def _list_items(tx: Tx, line: Row, after: int | None, limit: int) -> list[Row]:
    """None when the batch was cancelled: what it was made of may be in another line."""
    return await tx.fetch(
        """
        SELECT i.cause, i.amount, i.earned, s.sale_id, s.day AS sold_on, s.outlet, s.till, s.receipt, s.line, s.sku,
               coalesce(r.returned_at, v.voided_at, u.voided_at, s.sold_at) AS at,
               coalesce(r.quantity, v.quantity, u.quantity, s.quantity) AS quantity,
               CASE WHEN r.no IS NOT NULL THEN 'return' WHEN v.no IS NOT NULL THEN 'void'
                    WHEN u.no IS NOT NULL THEN 'return-void' ELSE 'sale' END AS kind
        FROM payout_item i
        LEFT JOIN returned r ON r.no = i.cause
        LEFT JOIN sale_void v ON v.no = i.cause
        LEFT JOIN return_void u ON u.no = i.cause
        JOIN sale s ON s.no = coalesce(r.sale, v.sale, u.sale, i.cause)
        WHERE i.payout = $1 AND i.account = $2 AND ($3::bigint IS NULL OR i.cause > $3)
        ORDER BY i.cause
        LIMIT $4
        """,
        line["payout"],
        line["account"],
        after,
        limit,
    )
