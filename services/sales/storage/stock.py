"""Stock: movements, and the balances that are their sum."""

from collections.abc import Sequence

from services.sales.domain.stock import Movement, Shelf, fold
from shared.db import Tx, copy_rows


async def add_movements(tx: Tx, movements: Sequence[Movement]) -> dict[Shelf, int]:
    """Adds the movements and moves the balances; the balances as they are now."""
    await copy_rows(tx, "stock_movement", Movement._fields, movements)
    return await _add_to_balances(tx, fold(movements))


async def _add_to_balances(tx: Tx, changes: dict[Shelf, int]) -> dict[Shelf, int]:
    """In one order everywhere, so that two replicas never wait for each other in a circle."""
    if not changes:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO stock AS s (outlet, sku, balance)
        SELECT outlet, sku, delta FROM unnest($1::text[], $2::text[], $3::bigint[]) AS change (outlet, sku, delta)
        ORDER BY outlet, sku
        ON CONFLICT (outlet, sku) DO UPDATE SET balance = s.balance + excluded.balance
        RETURNING outlet, sku, balance
        """,
        [outlet for outlet, _ in changes],
        [sku for _, sku in changes],
        list(changes.values()),
    )
    return {(row["outlet"], row["sku"]): row["balance"] for row in rows}
