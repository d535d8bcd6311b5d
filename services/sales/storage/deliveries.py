"""Delivery notes: what was sent from where to where, and what arrived."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.sales.domain.deliveries import Fate, Note, Trip
from shared.contracts.sales.goods import DeliveryLine, DeliveryState, ReceivedLine
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


async def add_delivery(tx: Tx, delivery_id: UUID, number: str, trip: Trip, at: datetime) -> int:
    """Its number among all facts."""
    no: int = await tx.fetchval(
        """
        INSERT INTO delivery (delivery_id, note_number, kind, from_outlet, outlet, note, dispatched_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        RETURNING no
        """,
        delivery_id,
        number,
        trip.kind,
        trip.from_outlet,
        trip.outlet,
        trip.note,
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


async def add_delivery_units(tx: Tx, no: int, serials: Sequence[str]) -> None:
    """The pieces that the lines name, with what they were before."""
    if serials:
        await tx.execute(
            """
            INSERT INTO delivery_unit (delivery, serial, sku, was)
            SELECT $1, serial, sku, state FROM unit WHERE serial = ANY ($2::text[])
            """,
            no,
            serials,
        )


async def lock_delivery(tx: Tx, delivery_id: UUID) -> Note | None:
    """Of two who receive the same delivery the second waits here."""
    row = await tx.fetchrow(
        """
        SELECT no, delivery_id, note_number, kind, from_outlet, outlet, note, state, dispatched_at
        FROM delivery WHERE delivery_id = $1 FOR UPDATE
        """,
        delivery_id,
    )
    return note_of(row) if row else None


def note_of(row: Row) -> Note:
    trip = Trip(row["kind"], row["from_outlet"], row["outlet"], row["note"])
    return Note(row["no"], row["delivery_id"], row["note_number"], trip, row["state"], row["dispatched_at"])


async def list_sent(tx: Tx, no: int) -> list[DeliveryLine]:
    """In the order of the delivery note."""
    rows = await tx.fetch(
        """
        SELECT sku, sent, ARRAY(
            SELECT serial FROM delivery_unit unit
            WHERE unit.delivery = line.delivery AND unit.sku = line.sku ORDER BY serial
        ) AS serials
        FROM delivery_line line WHERE delivery = $1 ORDER BY position
        """,
        no,
    )
    return [DeliveryLine(sku=row["sku"], quantity=row["sent"], serials=row["serials"]) for row in rows]


async def get_states_before(tx: Tx, no: int) -> dict[str, str]:
    """What each piece was before it was sent, by serial."""
    rows = await tx.fetch("SELECT serial, was FROM delivery_unit WHERE delivery = $1", no)
    return {row["serial"]: row["was"] for row in rows}


async def mark_received(tx: Tx, no: int, state: DeliveryState, at: datetime) -> None:
    await tx.execute("UPDATE delivery SET received_at = $2, state = $3 WHERE no = $1", no, at, state)


async def mark_lines_received(tx: Tx, no: int, lines: Sequence[ReceivedLine]) -> None:
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


async def mark_units_arrived(tx: Tx, no: int, fates: Mapping[str, Fate]) -> None:
    if fates:
        await tx.execute(
            """
            UPDATE delivery_unit unit SET arrived = told.fate
            FROM unnest($2::text[], $3::text[]) AS told (serial, fate)
            WHERE unit.delivery = $1 AND unit.serial = told.serial
            """,
            no,
            list(fates),
            list(fates.values()),
        )


async def mark_cancelled(tx: Tx, no: int, reason: str, at: datetime) -> None:
    await tx.execute(
        "UPDATE delivery SET state = 'cancelled', cancelled_at = $2, cancelled_for = $3 WHERE no = $1", no, at, reason
    )


async def mark_resolved(tx: Tx, no: int) -> None:
    """Once nothing of it is open."""
    await tx.execute(
        """
        UPDATE delivery SET state = 'resolved'
        WHERE no = $1 AND state = 'partial'
          AND NOT EXISTS (SELECT FROM claim WHERE claim.delivery = $1 AND settled < quantity)
        """,
        no,
    )
