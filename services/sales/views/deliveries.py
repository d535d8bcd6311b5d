"""Deliveries as those see them who sent them and who wait for them."""

from typing import Any

from shared.contracts.sales.goods import Deliveries, Delivery, DeliveryLine, GetDelivery, ListDeliveries, ReceivedLine
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_deliveries(query: Received[ListDeliveries], tx: Tx) -> Deliveries:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT no, delivery_id, note_number, kind, from_outlet, outlet, state, note,
               dispatched_at, received_at, cancelled_at
        FROM delivery
        WHERE ($1::text IS NULL OR outlet = $1 OR from_outlet = $1)
          AND ($2::text IS NULL OR state = $2)
          AND ($3::text IS NULL OR kind = $3)
          AND ($4::bigint IS NULL OR no < $4)
        ORDER BY no DESC
        LIMIT $5
        """,
        asked.outlet,
        asked.state,
        asked.kind,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    lines = await _list_lines(tx, [row["no"] for row in shown])
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Deliveries(items=[_delivery(row, lines[row["no"]]) for row in shown], next=following)


async def get_delivery(query: Received[GetDelivery], tx: Tx) -> Delivery:
    """Raises NotFound, for an outlet also when it is neither sent there nor from there."""
    row = await tx.fetchrow(
        """
        SELECT no, delivery_id, note_number, kind, from_outlet, outlet, state, note,
               dispatched_at, received_at, cancelled_at
        FROM delivery
        WHERE delivery_id = $1 AND ($2::text IS NULL OR outlet = $2 OR from_outlet = $2)
        """,
        query.data.delivery_id,
        query.data.outlet,
    )
    if row is None:
        raise NotFound("delivery_unknown", "there is no such delivery")
    lines = await _list_lines(tx, [row["no"]])
    return _delivery(row, lines[row["no"]])


async def _list_lines(tx: Tx, numbers: list[int]) -> dict[int, list[Row]]:
    """Of each delivery in the order of its note, with the pieces that have names."""
    rows = await tx.fetch(
        """
        SELECT line.delivery, line.sku, line.sent, line.received, line.damaged, piece.*
        FROM delivery_line line
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(serial ORDER BY serial), '{}') AS serials,
                   coalesce(array_agg(serial ORDER BY serial) FILTER (WHERE arrived = 'received'), '{}') AS whole,
                   coalesce(array_agg(serial ORDER BY serial) FILTER (WHERE arrived = 'damaged'), '{}') AS broken
            FROM delivery_unit
            WHERE delivery = line.delivery AND sku = line.sku
        ) piece
        WHERE line.delivery = ANY ($1::bigint[])
        ORDER BY line.delivery, line.position
        """,
        numbers,
    )
    found: dict[int, list[Row]] = {no: [] for no in numbers}
    for row in rows:
        found[row["delivery"]].append(row)
    return found


def _delivery(row: Row, lines: list[Row]) -> Delivery:
    facts: dict[str, Any] = dict(row)
    sent = [DeliveryLine(sku=line["sku"], quantity=line["sent"], serials=line["serials"]) for line in lines]
    received = [_received(line) for line in lines] if row["received_at"] else None
    return Delivery(**facts, number=row["note_number"], lines=sent, received=received)


def _received(line: Row) -> ReceivedLine:
    return ReceivedLine(
        sku=line["sku"],
        received=line["received"],
        damaged=line["damaged"],
        serials=line["whole"],
        damaged_serials=line["broken"],
    )
