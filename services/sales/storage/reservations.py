"""Pieces that are held for a business client."""

from datetime import datetime
from uuid import UUID

from shared.contracts.sales.goods import ReserveStock
from shared.db import Row, Tx


async def add_reservation(tx: Tx, reservation_id: UUID, wanted: ReserveStock, at: datetime) -> None:
    await tx.execute(
        """
        INSERT INTO reservation (reservation_id, reserved_at, quantity, outlet, sku, client, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        reservation_id,
        at,
        wanted.quantity,
        wanted.code,
        wanted.sku,
        wanted.client,
        wanted.note,
    )


async def lock_reservation(tx: Tx, reservation_id: UUID) -> Row | None:
    return await tx.fetchrow(
        """
        SELECT no, reservation_id, outlet, sku, quantity, client, note, reserved_at, released_at
        FROM reservation WHERE reservation_id = $1 FOR UPDATE
        """,
        reservation_id,
    )


async def mark_released(tx: Tx, no: int, at: datetime) -> None:
    await tx.execute("UPDATE reservation SET released_at = $2 WHERE no = $1", no, at)
