"""Why a maker has not been paid yet, sale by sale."""

from collections.abc import Collection
from datetime import date

from services.sales.domain.calendar import business_day
from services.sales.domain.rhythms import Rhythm, period_of
from services.sales.storage.settlement import books
from services.sales.storage.settlement import remittances as storage
from shared.contracts.sales.remittances import GetWaiting, Waiting, WaitingSale
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def get_waiting(query: Received[GetWaiting], tx: Tx) -> Waiting:
    """Raises NotFound for a maker who is not known."""
    asked = query.data
    account = await books.get_maker_account(tx, asked.maker_id)
    if account is None:
        raise NotFound("maker_unknown", f"maker {asked.maker_id} is not known")
    found = await list_waiting(tx, account, business_day(query.now))
    after = decode_number(asked.cursor)
    left = [no for no in found if after is None or no > after]
    shown = left[: asked.limit]
    return Waiting(
        maker_id=asked.maker_id,
        **sum_waiting(found.values()),
        items=[found[no] for no in shown],
        next=encode_cursor(shown[-1]) if len(left) > len(shown) else None,
    )


def sum_waiting(sales: Collection[WaitingSale]) -> dict[str, int]:
    """What she waits for, by why she does."""
    return {why: sum([sale.amount for sale in sales if sale.why == why]) for why in ("hold", "outlet", "payable")}


async def list_waiting(tx: Tx, account: int, today: date) -> dict[int, WaitingSale]:
    """All sales of a maker's account that are in no payout yet, by number."""
    rows = await _list_rows(tx, account, today)
    rhythms = await storage.list_rhythms(tx, {row["outlet"] for row in rows})
    return {row["no"]: _sale(row, rhythms[row["outlet"]], today) for row in rows}


def _sale(row: Row, rhythms: list[Rhythm], today: date) -> WaitingSale:
    """Money that the programme advances, or that is there, nobody has to hand over."""
    due_by = None if row["remitted"] or row["advances"] else period_of(row["day"], rhythms).due_by
    return WaitingSale.model_validate({**row, "due_by": due_by, "late": due_by is not None and due_by < today})


async def _list_rows(tx: Tx, account: int, today: date) -> list[Row]:
    """What of a maker's account is in no line, by the sale that it is about; the oldest recorded first.

    The same as freezing looks at, but of all cooperatives. What had been paid before it came back is a debt, and does
    not wait.
    """
    return await tx.fetch(
        """
        WITH entry AS (
            SELECT cause, amount FROM transfer WHERE credit = $1 AND kind IN ('sale', 'return', 'void')
            UNION ALL
            SELECT cause, -amount FROM transfer WHERE debit = $1 AND kind IN ('sale', 'return', 'void')
        ), of_sale AS (
            SELECT e.cause, e.amount, coalesce(r.sale, v.sale, u.sale, e.cause) AS sale, u.no IS NOT NULL AS again,
                   EXISTS (SELECT FROM remitted WHERE cause = e.cause) AS remitted
            FROM entry e
            LEFT JOIN returned r ON r.no = e.cause
            LEFT JOIN sale_void v ON v.no = e.cause
            LEFT JOIN return_void u ON u.no = e.cause
            WHERE NOT EXISTS (SELECT FROM payout_item i WHERE i.account = $1 AND i.cause = e.cause)
        ), piece AS (
            SELECT sale, sum(amount)::bigint AS amount,
                   bool_or(cause = sale) OR bool_or(again) AND sum(amount) > 0 AS fresh,
                   coalesce(bool_and(remitted) FILTER (WHERE cause = sale),
                            bool_and(remitted) FILTER (WHERE again)) AS remitted
            FROM of_sale GROUP BY sale
        )
        SELECT s.no, s.sale_id, s.sku, s.outlet, s.till, s.receipt, s.line, s.day, p.amount, p.remitted, a.advances,
               s.day + a.hold_days AS held_until, CASE WHEN s.day + a.hold_days > $2 THEN 'hold'
               WHEN p.remitted OR a.advances THEN 'payable' ELSE 'outlet' END AS why
        FROM piece p
        JOIN sale s ON s.no = p.sale
        JOIN agreement a ON a.outlet = s.outlet AND a.valid_from = s.agreed_from
        WHERE p.fresh AND p.amount <> 0
        ORDER BY s.no
        """,
        account,
        today,
    )
