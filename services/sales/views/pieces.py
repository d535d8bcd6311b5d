"""Where a piece with a serial is: in exactly one place."""

from services.sales.domain.units import as_labelled, is_ours, piece_of
from shared.contracts.sales.goods import GetPiecePlace, PiecePlace
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def get_piece_place(query: Received[GetPiecePlace], tx: Tx) -> PiecePlace:
    """By its label, or by an outlet's own serial. Raises NotFound when nobody has told of it."""
    asked = query.data
    row = await tx.fetchrow(
        """
        SELECT u.serial, u.sku, u.state, u.outlet, u.since, s.sale_id, d.delivery_id
        FROM unit u
        LEFT JOIN sale s ON s.no = u.cause AND u.state = 'sold'
        LEFT JOIN delivery d ON d.no = u.cause
        WHERE u.serial = $1
        """,
        piece_of(asked.outlet, asked.serial) if asked.outlet else asked.serial,
    )
    if row is None:
        hint = "" if is_ours(asked.serial) or asked.outlet else "; of an outlet's own serial say whose: ?outlet="
        raise NotFound("piece_unknown", f"no piece {asked.serial} is known{hint}")
    return PiecePlace(**dict(row) | {"serial": as_labelled(row["serial"])})
