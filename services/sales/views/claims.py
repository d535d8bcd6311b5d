"""What did not arrive whole: who has to answer for it, and what became of it."""

from services.sales.storage.claims import list_settlements
from shared.contracts.sales.goods import Claim, Claims, ListClaims
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_claims(query: Received[ListClaims], tx: Tx) -> Claims:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT c.no, c.claim_id, d.delivery_id, d.note_number AS number, c.outlet, c.responsible, c.sku, c.kind,
               c.quantity, c.quantity - c.settled AS left, c.opened_at,
               CASE WHEN c.settled < c.quantity THEN 'open' ELSE 'settled' END AS state,
               ARRAY(
                   SELECT serial FROM delivery_unit unit
                   WHERE unit.delivery = c.delivery AND unit.sku = c.sku AND unit.arrived = c.kind ORDER BY serial
               ) AS serials
        FROM claim c
        JOIN delivery d ON d.no = c.delivery
        WHERE ($1::text IS NULL OR c.outlet = $1 OR c.responsible = $1)
          AND ($2::text IS NULL OR (c.settled < c.quantity) = ($2 = 'open'))
          AND ($3::bigint IS NULL OR c.no < $3)
        ORDER BY c.no DESC
        LIMIT $4
        """,
        asked.outlet,
        asked.state,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    settled = await list_settlements(tx, [row["no"] for row in shown])
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Claims(items=[Claim(**row, settlements=settled[row["no"]]) for row in shown], next=following)
