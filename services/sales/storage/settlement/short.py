"""Who waits when an outlet's money does not reach for all that it has sold."""

from datetime import date

from shared.contracts.sales import Share
from shared.db import Tx


async def is_first(tx: Tx, no: int, outlet: str, through: date) -> bool:
    """Whether nothing that stands was remitted for sales up to this day before."""
    return not await tx.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM remittance m
            WHERE m.outlet = $1 AND m.through = $2 AND m.no < $3
              AND NOT EXISTS (SELECT FROM remittance_reversal v WHERE v.remittance = m.no)
        )
        """,
        outlet,
        through,
        no,
    )


async def list_waiting(tx: Tx, outlet: str, through: date) -> list[Share]:
    """What is makers' of an outlet's open sales up to this day, as far as the programme does not advance it."""
    rows = await tx.fetch(
        """
        SELECT m.maker_id, sum((p.units - p.taken_back) * paid.share)::bigint AS amount
        FROM sale s
        JOIN agreement a ON a.outlet = s.outlet AND a.valid_from = s.agreed_from AND NOT a.advances
        JOIN sale_split p ON p.sale = s.no
        CROSS JOIN LATERAL unnest(p.accounts, p.shares) AS paid (account, share)
        JOIN maker m ON m.account = paid.account
        WHERE s.no IN (
            SELECT e.cause FROM outlet_entry e
            WHERE e.outlet = $1 AND e.day <= $2 AND e.kind = 'sale'
              AND NOT EXISTS (SELECT FROM remitted r WHERE r.cause = e.cause AND r.outlet = $1)
        )
        GROUP BY m.maker_id
        HAVING sum((p.units - p.taken_back) * paid.share) > 0
        ORDER BY m.maker_id
        """,
        outlet,
        through,
    )
    return [Share(**row) for row in rows]
