"""Shelves: what is there to be had on each, and what of it is held for somebody."""

from collections.abc import Collection

from services.sales.domain.stock import Shelf
from shared.db import Row, Tx


async def lock_shelves(tx: Tx, shelves: Collection[Shelf]) -> dict[Shelf, int]:
    """How many pieces are available on each: what lies there and is not reserved.

    A shelf that was always empty is set up, so that it can be locked: what others book of it waits, or is seen.
    """
    rows = await tx.fetch(
        """
        INSERT INTO stock AS s (outlet, sku, balance)
        SELECT outlet, sku, 0 FROM unnest($1::text[], $2::text[]) AS shelf (outlet, sku)
        ORDER BY outlet, sku
        ON CONFLICT (outlet, sku) DO UPDATE SET balance = s.balance
        RETURNING outlet, sku, balance - reserved AS available
        """,
        *_columns(shelves),
    )
    return {(row["outlet"], row["sku"]): row["available"] for row in rows}


def _columns(shelves: Collection[Shelf]) -> tuple[list[str], list[str]]:
    return [outlet for outlet, _ in shelves], [sku for _, sku in shelves]


async def claim_pieces(tx: Tx, shelf: Shelf, quantity: int) -> bool:
    """Reserves them, if so many are available: of two who want the last ones exactly one gets them."""
    return bool(
        await tx.fetchval(
            """
            UPDATE stock SET reserved = reserved + $3
            WHERE outlet = $1 AND sku = $2 AND balance - reserved >= $3
            RETURNING true
            """,
            *shelf,
            quantity,
        )
    )


async def mark_released(tx: Tx, shelf: Shelf, quantity: int) -> tuple[int, int]:
    """How many were available before, and are now."""
    row: Row | None = await tx.fetchrow(
        """
        UPDATE stock SET reserved = reserved - $3
        WHERE outlet = $1 AND sku = $2
        RETURNING balance - reserved - $3 AS before, balance - reserved AS after
        """,
        *shelf,
        quantity,
    )
    assert row is not None  # the reservation was made on it
    return row["before"], row["after"]
