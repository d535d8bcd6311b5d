"""What is held for business clients."""

from services.sales.views.outlets import check_outlet
from shared.contracts.sales.goods import ListReservations, Reservation, Reservations
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_reservations(query: Received[ListReservations], tx: Tx) -> Reservations:
    """The newest first. Raises NotFound for an outlet that is not registered."""
    asked = query.data
    await check_outlet(tx, asked.code)
    rows = await tx.fetch(
        """
        SELECT no, reservation_id, outlet, sku, quantity, client, note, reserved_at, released_at,
               CASE WHEN released_at IS NULL THEN 'open' ELSE 'released' END AS state
        FROM reservation
        WHERE outlet = $1
          AND ($2::text IS NULL OR (released_at IS NULL) = ($2 = 'open'))
          AND ($3::bigint IS NULL OR no < $3)
        ORDER BY no DESC
        LIMIT $4
        """,
        asked.code,
        asked.state,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Reservations(items=[Reservation(**row) for row in shown], next=following)
