"""Sales at another price than the list's, and who bears the difference."""

from typing import get_args

from shared.contracts.sales.tills import ListVariances, PriceRemark, Variance, Variances, VarianceTotal
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_variances(query: Received[ListVariances], tx: Tx) -> Variances:
    """The newest recorded first. What came back is left out, a line too of which all did: nobody bears that."""
    asked = query.data
    remarks = [asked.remark] if asked.remark else list(get_args(PriceRemark))
    rows = await tx.fetch(
        """
        SELECT no, sale_id, outlet, till, receipt, line, sku, quantity, returned, list_price, unit_price, discount,
               net, difference, promo_id, promo_cost, outlet_bears, remarks, sold_at
        FROM variance
        WHERE remarks && $1::text[]
          AND ($2::text IS NULL OR outlet = $2)
          AND ($3::date IS NULL OR day >= $3) AND ($4::date IS NULL OR day <= $4)
          AND ($5::bigint IS NULL OR no < $5)
        ORDER BY no DESC
        LIMIT $6
        """,
        remarks,
        asked.outlet,
        asked.since,
        asked.until,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    return Variances(
        items=[Variance(**row) for row in shown],
        totals=await _list_totals(tx, asked, remarks),
        next=encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None,
    )


async def _list_totals(tx: Tx, asked: ListVariances, remarks: list[str]) -> list[VarianceTotal]:
    rows = await tx.fetch(
        """
        SELECT remark, count(*) AS lines, sum(pieces)::bigint AS pieces,
               sum(pieces * list_price)::bigint AS listed, sum(net)::bigint AS net,
               sum(difference)::bigint AS difference, sum(promo_cost)::bigint AS promo_cost,
               sum(outlet_bears)::bigint AS outlet_bears
        FROM variance
        CROSS JOIN LATERAL unnest(remarks) AS given (remark)
        WHERE remark = ANY ($1::text[])
          AND ($2::text IS NULL OR outlet = $2)
          AND ($3::date IS NULL OR day >= $3) AND ($4::date IS NULL OR day <= $4)
        GROUP BY remark
        ORDER BY remark
        """,
        remarks,
        asked.outlet,
        asked.since,
        asked.until,
    )
    return [VarianceTotal(**row) for row in rows]
