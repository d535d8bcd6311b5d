"""Who has earned something: read from the ledger once, in the order of its numbers, behind all who still write.

Numbers are given out before their transactions commit, so the last one says nothing of those before it. A number is
remembered together with the transactions of that moment. When these have ended, whoever held a number up to it has
committed or never will: the inbox is written before the ledger, so nobody holds one without being seen among them.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from shared.db import Tx

LOCK = 0x6561726E6564


class Reading(NamedTuple):
    """How far the ledger was read, how far it may be read next, and whether that may be done now."""

    position: int
    upto: int
    settled: bool


class Earned(NamedTuple):
    """A maker's first income of a day."""

    day: date
    maker_id: UUID


async def lock_reading(tx: Tx) -> bool:
    """False when another replica has the turn. No row is locked: who locks one is among those who still write."""
    return bool(await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK))


async def get_reading(tx: Tx) -> Reading:
    """A horizon that no transaction has come to yet is another server's, whose dump this database was made of."""
    row = await tx.fetchrow(
        """
        SELECT position, upto,
               pg_snapshot_xmin(now) >= horizon OR horizon > pg_snapshot_xmax(now) AS settled
        FROM earned_reading, pg_current_snapshot() AS now
        """
    )
    return Reading(*row) if row else Reading(0, 0, settled=True)


async def get_last_number(tx: Tx) -> int:
    """The last that the ledger has given out; its transaction may be running."""
    last: int = await tx.fetchval("SELECT last_value - (NOT is_called)::int FROM transfer_number")
    return last


async def mark_upto(tx: Tx, upto: int) -> None:
    """To be read when all have ended that run now. A statement after the one that `upto` comes from."""
    await tx.execute(
        "UPDATE earned_reading SET upto = $1, horizon = pg_snapshot_xmax(pg_current_snapshot())",
        upto,
    )


async def mark_read(tx: Tx, position: int) -> None:
    await tx.execute("UPDATE earned_reading SET position = $1", position)


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
