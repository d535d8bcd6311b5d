"""What lies at an outlet, and what is on its way there."""

from shared.contracts.sales import GetStock, Stock, StockLine
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor


async def get_stock(query: Received[GetStock], tx: Tx) -> Stock:
    """By SKU. Raises NotFound for an outlet that is not registered."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    if not await tx.fetchval("SELECT true FROM outlet WHERE code = $1", asked.code):
        raise NotFound("outlet_unknown", f"no outlet {asked.code} is registered")
    rows = await tx.fetch(
        """
        WITH moving AS (
            SELECT line.sku, sum(line.sent) AS sent
            FROM delivery d
            JOIN delivery_line line ON line.delivery = d.no
            WHERE d.outlet = $1 AND d.received_at IS NULL
            GROUP BY line.sku
        ), shelf AS (
            SELECT sku, balance FROM stock WHERE outlet = $1
        )
        SELECT sku,
               greatest(coalesce(balance, 0), 0) AS on_hand,
               greatest(-coalesce(balance, 0), 0) AS deficit,
               coalesce(sent, 0)::bigint AS in_transit
        FROM shelf
        FULL JOIN moving USING (sku)
        WHERE ($2::text IS NULL OR sku = $2) AND ($3::text IS NULL OR sku > $3)
        ORDER BY sku
        LIMIT $4
        """,
        asked.code,
        asked.sku,
        after[0] if after else None,
        asked.limit + 1,
    )
    shown = [StockLine(**row) for row in rows[: asked.limit]]
    return Stock(outlet=asked.code, items=shown, next=encode_cursor(shown[-1].sku) if len(rows) > asked.limit else None)
