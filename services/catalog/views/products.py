"""Products with the price of now: one, all that fit, what words find."""

from datetime import datetime
from typing import Any

from services.catalog.domain.showing import words_of
from services.catalog.storage import products as storage
from shared.contracts.catalog import GetProduct, ListProducts, Product, Products
from shared.contracts.catalog.showing import Filter
from shared.db import Row, Tx
from shared.errors import Invalid, NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor


async def list_products(query: Received[ListProducts], tx: Tx) -> Products:
    """By SKU, or what fits the words best first; each with the price of now."""
    asked = query.data
    rows = await fetch_products(tx, asked, query.now, asked.limit + 1, asked.cursor)
    shown = rows[: asked.limit]
    more = len(rows) > len(shown)
    following = encode_cursor(*([shown[-1]["rank"]] if asked.q else []), shown[-1]["sku"]) if more else None
    return Products(items=[storage.as_product(row, query.now) for row in shown], next=following)


async def get_product(query: Received[GetProduct], tx: Tx) -> Product:
    """With the price of now and all its prices."""
    product = await storage.get_product(tx, query.data.sku, query.now)
    if product is None:
        raise NotFound("product_unknown", f"no product {query.data.sku}")
    return product


async def fetch_products(tx: Tx, asked: Filter, now: datetime, limit: int, cursor: str | None = None) -> list[Row]:
    """So many rows of `whole_product` that fit, from the cursor on."""
    fit = [asked.craft, asked.technique, asked.maker_id, asked.state, asked.price_from, asked.price_to, now]
    if asked.q is None:
        after = decode_cursor(cursor, 1)
        return await _list(tx, fit, after[0] if after else None, limit)
    words = words_of(asked.q)
    if not words:
        raise _invalid("q", "holds no word")
    return await _search(tx, fit, words, _place(cursor), limit)


def _place(cursor: str | None) -> tuple[float | None, str | None]:
    after = decode_cursor(cursor, 2)
    if after is None:
        return None, None
    try:
        return float(after[0]), after[1]
    except ValueError:
        raise _invalid("cursor", "not a cursor of this list") from None


async def _list(tx: Tx, fit: list[Any], after: str | None, limit: int) -> list[Row]:
    return await tx.fetch(
        """
        SELECT w.* FROM (
            SELECT sku FROM product p
            WHERE product_fits(p, $1, $2, $3, $4, $5, $6, $7) AND ($8::text IS NULL OR sku > $8)
            ORDER BY sku
            LIMIT $9
        ) found
        JOIN whole_product w USING (sku)
        ORDER BY sku
        """,
        *fit,
        after,
        limit,
    )


async def _search(
    tx: Tx, fit: list[Any], words: list[str], after: tuple[float | None, str | None], limit: int
) -> list[Row]:
    """The words are looked up in their index first: a statement of its own, or a plan for both would do without."""
    return await tx.fetch(
        """
        SELECT w.*, found.rank FROM (
            SELECT sku, rank FROM (
                SELECT p.sku, ts_rank(p.search, words_query($8::text[])) AS rank
                FROM product p
                WHERE p.search @@ (SELECT words_query($8::text[]))
                  AND product_fits(p, $1, $2, $3, $4, $5, $6, $7)
            ) ranked
            WHERE $9::float4 IS NULL OR rank < $9 OR rank = $9 AND sku > $10::text
            ORDER BY rank DESC, sku
            LIMIT $11
        ) found
        JOIN whole_product w USING (sku)
        ORDER BY found.rank DESC, sku
        """,
        *fit,
        words,
        *after,
        limit,
    )


def _invalid(field: str, reason: str) -> Invalid:
    return Invalid("invalid", f"{field}: {reason}", errors=[{"field": field, "reason": reason}])
