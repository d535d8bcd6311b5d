"""Products with the price of now."""

from services.catalog.storage import products as storage
from shared.contracts.catalog import GetProduct, ListProducts, Product, Products
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor


async def list_products(query: Received[ListProducts], tx: Tx) -> Products:
    """By SKU, each with the price of now."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    rows = await tx.fetch(
        """
        SELECT * FROM whole_product p
        WHERE ($1::text IS NULL OR craft = $1)
          AND ($2::uuid IS NULL OR EXISTS (
              SELECT FROM submission_maker m WHERE m.maker_id = $2 AND m.submission_id = p.submission_id))
          AND ($3::text IS NULL OR sku > $3)
        ORDER BY sku
        LIMIT $4
        """,
        asked.craft,
        asked.maker_id,
        after[0] if after else None,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["sku"]) if len(rows) > len(shown) else None
    return Products(items=[storage.as_product(row, query.now) for row in shown], next=following)


async def get_product(query: Received[GetProduct], tx: Tx) -> Product:
    """With the price of now and all its prices."""
    product = await storage.get_product(tx, query.data.sku, query.now)
    if product is None:
        raise NotFound("product_unknown", f"no product {query.data.sku}")
    return product
