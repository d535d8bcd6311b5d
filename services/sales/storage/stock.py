"""Stock: movements, and the balances that are their sum."""

from collections.abc import Sequence

from services.sales.domain.stock import Movement, Shelf, fold
from shared.db import Tx, copy_rows

Moved = dict[Shelf, tuple[int, int]]
"""How many pieces could be had of each shelf before, and can now: what lies there less what is reserved."""


async def add_movements(tx: Tx, movements: Sequence[Movement]) -> Moved:
    """Adds movements that no till told of, and moves the balances."""
    await copy_rows(tx, "goods_movement", Movement._fields, movements)
    return await move_balances(tx, movements)


async def move_balances(tx: Tx, movements: Sequence[Movement]) -> Moved:
    """For facts that are their own movement: sales, returns, voids.

    In one order everywhere, so that two replicas never wait for each other in a circle.
    """
    changes = fold(movements)
    if not changes:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO stock AS s (outlet, sku, balance)
        SELECT outlet, sku, delta FROM unnest($1::text[], $2::text[], $3::bigint[]) AS change (outlet, sku, delta)
        ORDER BY outlet, sku
        ON CONFLICT (outlet, sku) DO UPDATE SET balance = s.balance + excluded.balance
        RETURNING outlet, sku, balance - reserved AS available
        """,
        [outlet for outlet, _ in changes],
        [sku for _, sku in changes],
        list(changes.values()),
    )
    shelves = [((row["outlet"], row["sku"]), row["available"]) for row in rows]
    return {shelf: (available - changes[shelf], available) for shelf, available in shelves}
