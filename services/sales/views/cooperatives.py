"""Cooperatives and where they are paid."""

from datetime import date

from services.sales.domain.calendar import business_day
from shared.contracts.sales.paying import Cooperative, Cooperatives, ListCooperatives
from shared.db import Row, Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor

SAID = """
    WITH said AS (
        SELECT no, cooperative AS code, name, bank, account_number, account_name, valid_from, by, at,
               CASE WHEN valid_from > $1 THEN 'coming'
                    WHEN no = first_value(no) OVER (
                        PARTITION BY cooperative, valid_from > $1 ORDER BY valid_from DESC, no DESC) THEN 'current'
                    ELSE 'past' END AS state
        FROM cooperative_account
    )
    SELECT said.*
    FROM said
    LEFT JOIN cooperative_account last ON last.no = $3
    WHERE ($2::text IS NULL OR code = $2)
      AND ($3::bigint IS NULL OR code > last.cooperative
           OR code = last.cooperative AND (said.valid_from, said.no) < (last.valid_from, last.no))
      AND ($4::bigint IS NULL OR said.no = $4)
    ORDER BY code, said.valid_from DESC, said.no DESC
    LIMIT $5
"""


async def list_cooperatives(query: Received[ListCooperatives], tx: Tx) -> Cooperatives:
    """By code, what is said for the latest day first."""
    asked = query.data
    rows: list[Row] = await tx.fetch(
        SAID, business_day(query.now), asked.code, decode_number(asked.cursor), None, asked.limit + 1
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Cooperatives(items=[Cooperative(**row) for row in shown], next=following)


async def get_cooperative(tx: Tx, no: int, today: date) -> Cooperative:
    """One thing that was said; it must be there."""
    [row] = await tx.fetch(SAID, today, None, None, no, 1)
    return Cooperative(**row)
