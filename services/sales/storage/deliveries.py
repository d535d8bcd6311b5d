"""Delivery notes: what was sent to an outlet and what arrived."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.contracts.sales import DeliveryLine, DispatchDelivery, ReceivedLine
from shared.db import Row, Tx


async def claim_note_number(tx: Tx, year: int) -> int:
    """The year's next number, from 1, without gaps: who dispatches at the same time waits."""
    number: int = await tx.fetchval(
        """
        INSERT INTO delivery_note (year, last) VALUES ($1, 1)
        ON CONFLICT (year) DO UPDATE SET last = delivery_note.last + 1
        RETURNING last
        """,
        year,
    )
    return number


async def add_delivery(tx: Tx, delivery_id: UUID, number: str, delivery: DispatchDelivery, at: datetime) -> int:
    """Its number among all facts."""
    no: int = await tx.fetchval(
        """
        INSERT INTO delivery (delivery_id, note_number, outlet, note, dispatched_at)
        VALUES ($1, $2, $3, $4, $5)
        RETURNING no
        """,
        delivery_id,
        number,
        delivery.outlet,
        delivery.note,
        at,
    )
    return no


async def add_delivery_lines(tx: Tx, no: int, lines: Sequence[DeliveryLine]) -> None:
    await tx.execute(
        """
        INSERT INTO delivery_line (delivery, position, sku, sent)
        SELECT $1, position, sku, sent
        FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS line (sku, sent, position)
        """,
        no,
        [line.sku for line in lines],
        [line.quantity for line in lines],
    )


async def lock_delivery(tx: Tx, delivery_id: UUID) -> Row | None:
    """Of two who receive the same delivery the second waits here."""
    return await tx.fetchrow(
        """
        SELECT no, note_number, outlet, dispatched_at, received_at
        FROM delivery WHERE delivery_id = $1 FOR UPDATE
        """,
        delivery_id,
    )


async def list_sent(tx: Tx, no: int) -> list[DeliveryLine]:
    """In the order of the delivery note."""
    rows = await tx.fetch("SELECT sku, sent FROM delivery_line WHERE delivery = $1 ORDER BY position", no)
    return [DeliveryLine(sku=row["sku"], quantity=row["sent"]) for row in rows]


async def mark_received(tx: Tx, no: int, lines: Sequence[ReceivedLine], at: datetime) -> None:
    await tx.execute("UPDATE delivery SET received_at = $2 WHERE no = $1", no, at)
    await tx.execute(
        """
        UPDATE delivery_line line SET received = told.received, damaged = told.damaged
        FROM unnest($2::text[], $3::int[], $4::int[]) AS told (sku, received, damaged)
        WHERE line.delivery = $1 AND line.sku = told.sku
        """,
        no,
        [line.sku for line in lines],
        [line.received for line in lines],
        [line.damaged for line in lines],
    )
