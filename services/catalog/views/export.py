"""All products as one file: a table for spreadsheets, or the whole of them for programs."""

import asyncio
import csv
import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from services.catalog.domain.showing import cell
from services.catalog.storage import products as storage
from services.catalog.views.products import fetch_products
from shared.contracts.catalog import Product
from shared.contracts.catalog.showing import ExportCsv, ExportJson
from shared.contracts.message import Document
from shared.db import Tx
from shared.errors import Rejected
from shared.runtime.envelope import Received

MOST = 20_000
COLUMNS = (
    "sku", "title", "craft", "technique", "material", "hours", "state", "price", "floor", "next_price",
    "next_price_from", "makers", "photos", "approved_at",
)  # fmt: skip


async def export_csv(query: Received[ExportCsv], tx: Tx) -> Document:
    """By SKU, or what fits the words best first."""
    products = await _fetch(query, tx)
    content = await asyncio.to_thread(write_csv, products, query.now)
    return Document(media_type="text/csv", filename=f"products-{query.now:%Y-%m-%d}.csv", content=content)


async def export_json(query: Received[ExportJson], tx: Tx) -> Document:
    """As each product is shown."""
    products = await _fetch(query, tx)
    content = await asyncio.to_thread(_write_json, products)
    return Document(media_type="application/json", filename=f"products-{query.now:%Y-%m-%d}.json", content=content)


async def _fetch(query: Received[ExportCsv] | Received[ExportJson], tx: Tx) -> list[Product]:
    rows = await fetch_products(tx, query.data, query.now, MOST + 1)
    if len(rows) > MOST:
        raise Rejected("too_many_products", f"more than {MOST} products; ask for a part of them")
    return [storage.as_product(row, query.now) for row in rows]


def write_csv(products: Sequence[Product], now: datetime) -> bytes:
    """With a byte order mark: without it spreadsheets take UTF-8 for something else."""
    file = StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    table.writerows([[cell(text) for text in _line(product, now)] for product in products])
    return file.getvalue().encode("utf-8-sig")


def _line(product: Product, now: datetime) -> list[str]:
    coming = next((price for price in product.prices if price.valid_from > now and price.price != product.price), None)
    values = (
        product.sku,
        product.title,
        product.craft,
        product.technique,
        product.material,
        product.hours,
        product.state,
        product.price,
        product.floor,
        coming.price if coming else None,
        coming.valid_from.isoformat() if coming else None,
        " ".join([str(maker.maker_id) for maker in product.makers]),
        len(product.photos),
        product.approved_at.isoformat(),
    )
    return ["" if value is None else str(value) for value in values]


def _write_json(products: Sequence[Product]) -> bytes:
    whole = {"products": [product.model_dump(mode="json") for product in products]}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()
