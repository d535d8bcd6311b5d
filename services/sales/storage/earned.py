"""Who has earned something: who was named for which day, and who is to be named yet."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from shared.db import Tx


class Earned(NamedTuple):
    """A maker's first income of a day."""

    day: date
    maker_id: UUID


async def add_earned(tx: Tx, after: int, upto: int) -> list[Earned]:
    """The makers whom sales with these numbers gave something, and who were not named for that day before."""
    rows = await tx.fetch(
        """
        WITH told AS (
            INSERT INTO earned (day, account)
            SELECT DISTINCT t.day, t.credit
            FROM transfer t
            JOIN account a ON a.id = t.credit
            WHERE t.id > $1 AND t.id <= $2 AND t.kind = 'sale' AND a.kind = 'maker-payable'
            ON CONFLICT (day, account) DO NOTHING
            RETURNING day, account
        )
        SELECT told.day, a.owner::uuid AS maker_id
        FROM told
        JOIN account a ON a.id = told.account
        ORDER BY told.day, a.owner
        """,
        after,
        upto,
    )
    return [Earned(*row) for row in rows]
