"""Recorded sales with what each gave to whom."""

from shared.contracts.sales import ListSales, Sale, Sales, Share
from shared.db import Row, Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_sales(query: Received[ListSales], tx: Tx) -> Sales:
    """The newest recorded first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT no, sale_id, outlet, till, receipt, line, sku, quantity, unit_price, discount,
               quantity * unit_price - discount AS net,
               EXISTS (SELECT FROM sale_void v WHERE v.sale = sale.no) AS voided,
               ((SELECT coalesce(sum(r.quantity), 0) FROM returned r WHERE r.sale = sale.no)
                - (SELECT coalesce(sum(u.quantity), 0) FROM return_void u WHERE u.sale = sale.no))::int AS returned,
               sold_at, recorded_at, list_price, promo_id, promo_cost, outlet_bears, serial, exchange, remarks
        FROM sale
        WHERE ($1::text IS NULL OR outlet = $1)
          AND ($2::text IS NULL OR receipt = $2)
          AND ($3::text IS NULL OR sku = $3)
          AND ($4::bigint IS NULL OR no < $4)
        ORDER BY no DESC
        LIMIT $5
        """,
        asked.outlet,
        asked.receipt,
        asked.sku,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    splits = await _list_splits(tx, [row["no"] for row in shown])
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Sales(items=[_sale(row, splits[row["no"]]) for row in shown], next=following)


async def _list_splits(tx: Tx, numbers: list[int]) -> dict[int, list[Row]]:
    """The runs of these sales, summed; one row for each maker in the product's order."""
    rows = await tx.fetch(
        """
        SELECT p.sale, paid.position, m.maker_id,
               sum(p.units * paid.share)::bigint AS amount,
               sum(p.units * p.outlet)::bigint AS outlet_share,
               sum(p.units * p.programme)::bigint AS programme_share
        FROM sale_split p
        CROSS JOIN LATERAL unnest(p.accounts, p.shares) WITH ORDINALITY AS paid (account, share, position)
        JOIN maker m ON m.account = paid.account
        WHERE p.sale = ANY ($1::bigint[])
        GROUP BY p.sale, paid.position, m.maker_id
        ORDER BY p.sale, paid.position
        """,
        numbers,
    )
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["sale"], []).append(row)
    return found


def _sale(row: Row, makers: list[Row]) -> Sale:
    return Sale(
        **row,
        outlet_share=makers[0]["outlet_share"],
        programme_share=makers[0]["programme_share"],
        shares=[Share(maker_id=maker["maker_id"], amount=maker["amount"]) for maker in makers],
    )
