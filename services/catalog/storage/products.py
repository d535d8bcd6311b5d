"""Products, their numbers and their dated prices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.catalog.domain.products import price_at
from services.catalog.storage import Mark
from shared.contracts.catalog import Price, Product
from shared.db import Row, Tx


async def claim_sku_number(tx: Tx, craft: str) -> int:
    """The craft's next number. Its row stays locked until the end: no number is lost or given twice."""
    number: int = await tx.fetchval(
        """
        INSERT INTO sku_counter (craft, last) VALUES ($1, 1)
        ON CONFLICT (craft) DO UPDATE SET last = sku_counter.last + 1
        RETURNING last
        """,
        craft,
    )
    return number


async def add_product(tx: Tx, sku: str, submission_id: UUID, approved_at: datetime) -> bool:
    """The product of a submission, as it was submitted. False when the SKU is taken."""
    added = await tx.fetchval(
        """
        INSERT INTO product (sku, submission_id, title, craft, technique, material, story_id, approved_at)
        SELECT $1, submission_id, title, craft, technique, material, story, $3
        FROM submission WHERE submission_id = $2
        ON CONFLICT (sku) DO NOTHING
        RETURNING true
        """,
        sku,
        submission_id,
        approved_at,
    )
    return bool(added)


async def lock_product(tx: Tx, sku: str) -> bool:
    """False when there is no such product."""
    return bool(await tx.fetchval("SELECT true FROM product WHERE sku = $1 FOR UPDATE", sku))


async def add_price(tx: Tx, sku: str, price: Price, mark: Mark) -> bool:
    """False when the product has a price that starts at the same moment."""
    added = await tx.fetchval(
        """
        INSERT INTO price (sku, valid_from, price, floor, set_at, set_by)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (sku, valid_from) DO NOTHING
        RETURNING true
        """,
        sku,
        price.valid_from,
        price.price,
        price.floor,
        mark.at,
        mark.by,
    )
    return bool(added)


async def get_product(tx: Tx, sku: str, moment: datetime) -> Product | None:
    """The product with the price that holds at `moment`."""
    row = await tx.fetchrow("SELECT * FROM whole_product WHERE sku = $1", sku)
    return as_product(row, moment) if row else None


async def list_unknown_skus(tx: Tx, skus: Sequence[str]) -> list[str]:
    """Those of `skus` that are no product's, in their order."""
    rows = await tx.fetch(
        """
        SELECT asked.sku FROM unnest($1::text[]) WITH ORDINALITY AS asked (sku, position)
        WHERE NOT EXISTS (SELECT FROM product p WHERE p.sku = asked.sku)
        ORDER BY position
        """,
        skus,
    )
    return [row["sku"] for row in rows]


def as_product(row: Row, moment: datetime) -> Product:
    """A row of `whole_product`, with the price that holds at `moment`."""
    prices = [Price.model_validate(price) for price in row["prices"]]
    held = price_at(prices, moment)
    return Product.model_validate(dict(row) | {"prices": prices, "price": held.price, "floor": held.floor})
