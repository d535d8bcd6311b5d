"""Whether products are offered, and what buyers read of them."""

from services.catalog.storage import Mark
from shared.contracts.catalog.showing import State
from shared.db import Tx


async def lock_state(tx: Tx, sku: str) -> State | None:
    """None when there is no such product."""
    state: State | None = await tx.fetchval("SELECT state FROM product WHERE sku = $1 FOR UPDATE", sku)
    return state


async def mark_state(tx: Tx, sku: str, state: State) -> None:
    await tx.execute("UPDATE product SET state = $2 WHERE sku = $1", sku, state)


async def add_state(tx: Tx, sku: str, state: State, reason: str, mark: Mark) -> None:
    """The record of it."""
    await tx.execute(
        "INSERT INTO product_state (sku, state, reason, set_at, set_by) VALUES ($1, $2, $3, $4, $5)",
        sku,
        state,
        reason,
        mark.at,
        mark.by,
    )


async def mark_story(tx: Tx, sku: str, story_id: str | None, story_en: str | None) -> bool:
    """False when there is no such product."""
    marked = await tx.fetchval(
        "UPDATE product SET story_id = $2, story_en = $3 WHERE sku = $1 RETURNING true", sku, story_id, story_en
    )
    return bool(marked)
