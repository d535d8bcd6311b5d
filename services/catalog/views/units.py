"""Pieces with a serial, and their labels."""

import asyncio

from services.catalog import labels
from services.catalog.storage import products
from services.catalog.storage import units as storage
from shared.contracts.catalog import GetLabels, GetUnit, ListUnits, Unit, Units
from shared.contracts.message import Document
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor


async def list_units(query: Received[ListUnits], tx: Tx, public_url: str) -> Units:
    """By serial."""
    asked = query.data
    await _check_product(tx, asked.sku)
    after = decode_cursor(asked.cursor, 1)
    rows = await tx.fetch(
        """
        SELECT serial, sku, labelled_at FROM unit
        WHERE sku = $1 AND ($2::text IS NULL OR serial > $2)
        ORDER BY serial
        LIMIT $3
        """,
        asked.sku,
        after[0] if after else None,
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["serial"]) if len(rows) > len(shown) else None
    return Units(items=[storage.as_unit(row, public_url) for row in shown], next=following)


async def get_unit(query: Received[GetUnit], tx: Tx, public_url: str) -> Unit:
    """What a scanner asks."""
    row = await tx.fetchrow("SELECT serial, sku, labelled_at FROM unit WHERE serial = $1", query.data.serial)
    if row is None:
        raise NotFound("unit_unknown", f"no piece {query.data.serial}")
    return storage.as_unit(row, public_url)


async def get_labels(query: Received[GetLabels], tx: Tx, public_url: str) -> Document:
    """Drawn in a thread: a sheet takes long enough for other requests to notice."""
    asked = query.data
    product = await products.get_product(tx, asked.sku, query.now)
    if product is None:
        raise NotFound("product_unknown", f"no product {asked.sku}")
    rows = await _fetch_from(tx, asked)
    if not rows or (asked.first and rows[0]["serial"] != asked.first):
        raise NotFound("unit_unknown", f"{asked.sku} has no piece {asked.first or 'with a serial'}")
    pieces = [storage.as_unit(row, public_url) for row in rows]
    content = await asyncio.to_thread(labels.draw, product, pieces)
    name = f"labels-{asked.sku}-{pieces[0].serial}.pdf"
    return Document(media_type="application/pdf", filename=name, content=content)


async def _fetch_from(tx: Tx, asked: GetLabels) -> list[Row]:
    return await tx.fetch(
        """
        SELECT serial, sku, labelled_at FROM unit
        WHERE sku = $1 AND ($2::text IS NULL OR serial >= $2)
        ORDER BY serial
        LIMIT $3
        """,
        asked.sku,
        asked.first,
        asked.count,
    )


async def _check_product(tx: Tx, sku: str) -> None:
    """An empty list would hide a slip of the pen."""
    if not await tx.fetchval("SELECT true FROM product WHERE sku = $1", sku):
        raise NotFound("product_unknown", f"no product {sku}")
