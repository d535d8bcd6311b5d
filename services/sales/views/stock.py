"""What lies at an outlet and what is on its way there; what runs out, and what does not sell."""

from datetime import timedelta

from services.sales.views.outlets import check_outlet
from shared.contracts.sales.goods import (
    GetStock,
    ListLowStock,
    ListSlowSellers,
    LowLine,
    LowStock,
    SlowLine,
    SlowSellers,
    Stock,
    StockLine,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor

COVER_DAYS = 7
"""For so many days the stock should last: until the next delivery comes."""


async def get_stock(query: Received[GetStock], tx: Tx) -> Stock:
    """By SKU. Raises NotFound for an outlet that is not registered."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    await check_outlet(tx, asked.code)
    rows = await tx.fetch(
        """
        WITH moving AS (
            SELECT line.sku, sum(line.sent) AS sent
            FROM delivery d
            JOIN delivery_line line ON line.delivery = d.no
            WHERE d.outlet = $1 AND d.state = 'dispatched'
            GROUP BY line.sku
        ), shelf AS (
            SELECT sku, balance, reserved FROM stock WHERE outlet = $1
        )
        SELECT sku,
               greatest(coalesce(balance, 0), 0) AS on_hand,
               greatest(-coalesce(balance, 0), 0) AS deficit,
               coalesce(sent, 0)::bigint AS in_transit,
               coalesce(reserved, 0) AS reserved,
               greatest(coalesce(balance, 0), 0) - coalesce(reserved, 0) AS available
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


async def list_low_stock(query: Received[ListLowStock], tx: Tx) -> LowStock:
    """By SKU. Raises NotFound for an outlet that is not registered."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    await check_outlet(tx, asked.code)
    rows = await tx.fetch(
        """
        SELECT sku, on_hand, in_transit, sold,
               round(on_hand * $4::numeric / nullif(sold, 0), 1)::float8 AS cover
        FROM stock
        CROSS JOIN LATERAL (SELECT greatest(balance, 0) AS on_hand) shelf
        CROSS JOIN LATERAL (
            SELECT greatest(-coalesce(sum(delta), 0), 0)::bigint AS sold FROM stock_movement m
            WHERE m.outlet = stock.outlet AND m.sku = stock.sku
              AND m.kind IN ('sold', 'voided', 'returned') AND m.occurred_at > $5
        ) pace
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(line.sent), 0)::bigint AS in_transit
            FROM delivery d
            JOIN delivery_line line ON line.delivery = d.no AND line.sku = stock.sku
            WHERE d.outlet = stock.outlet AND d.state = 'dispatched'
        ) coming
        WHERE outlet = $1 AND ($2::text IS NULL OR sku > $2)
          AND (on_hand <= $3 OR on_hand * $4 < sold * $6)
        ORDER BY sku
        LIMIT $7
        """,
        asked.code,
        after[0] if after else None,
        asked.threshold,
        asked.days,
        query.now - timedelta(days=asked.days),
        COVER_DAYS,
        asked.limit + 1,
    )
    shown = [LowLine(**row) for row in rows[: asked.limit]]
    following = encode_cursor(shown[-1].sku) if len(rows) > asked.limit else None
    return LowStock(outlet=asked.code, items=shown, next=following)


async def list_slow_sellers(query: Received[ListSlowSellers], tx: Tx) -> SlowSellers:
    """By SKU. A piece that came back was sold all the same: somebody wanted it. What was voided was a slip.

    What was not there when the days began had no chance: a product that was sold out, and came again, is not slow.
    Raises NotFound for an outlet that is not registered.
    """
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    await check_outlet(tx, asked.code)
    rows = await tx.fetch(
        """
        SELECT sku, balance AS on_hand, received_at, last_sold_at FROM stock
        CROSS JOIN LATERAL (
            SELECT min(occurred_at) AS received_at FROM goods_movement m
            WHERE m.outlet = stock.outlet AND m.sku = stock.sku AND m.delta > 0
        ) goods
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(delta), 0) AS since FROM stock_movement m
            WHERE m.outlet = stock.outlet AND m.sku = stock.sku AND m.occurred_at > $3
        ) moved
        LEFT JOIN LATERAL (
            SELECT sold_at AS last_sold_at FROM sale
            WHERE sale.outlet = stock.outlet AND sale.sku = stock.sku
              AND NOT EXISTS (SELECT FROM sale_void WHERE sale_void.sale = sale.no)
            ORDER BY sold_at DESC
            LIMIT 1
        ) last ON true
        WHERE outlet = $1 AND ($2::text IS NULL OR sku > $2)
          AND least(balance, balance - since) > 0 AND received_at <= $3 AND (last_sold_at IS NULL OR last_sold_at < $3)
        ORDER BY sku
        LIMIT $4
        """,
        asked.code,
        after[0] if after else None,
        query.now - timedelta(days=asked.days),
        asked.limit + 1,
    )
    shown = [SlowLine(**row) for row in rows[: asked.limit]]
    last = shown[-1].sku if len(rows) > asked.limit else None
    return SlowSellers(outlet=asked.code, items=shown, next=encode_cursor(last) if last else None)
