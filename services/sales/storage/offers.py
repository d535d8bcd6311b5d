"""What the catalog offers."""

from collections.abc import Sequence
from datetime import datetime

from shared.db import Tx


async def mark_offer(tx: Tx, sku: str, offered: bool, at: datetime) -> None:
    """The latest word counts; of two at one moment the no."""
    await tx.execute(
        """
        INSERT INTO product_offer (sku, offered, at) VALUES ($1, $2, $3)
        ON CONFLICT (sku) DO UPDATE SET offered = excluded.offered, at = excluded.at
        WHERE product_offer.at < excluded.at OR product_offer.at = excluded.at AND NOT excluded.offered
        """,
        sku,
        offered,
        at,
    )


async def list_not_offered(tx: Tx, skus: Sequence[str]) -> list[str]:
    """Those of `skus` that are paused or retired."""
    rows = await tx.fetch(
        "SELECT sku FROM product_offer WHERE sku = ANY ($1::text[]) AND NOT offered ORDER BY sku", skus
    )
    return [row["sku"] for row in rows]
