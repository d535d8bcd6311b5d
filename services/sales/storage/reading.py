"""The ledger read once, in the order of its numbers, behind all who still write.

Numbers are given out before their transactions commit, so the last one says nothing of those before it. A number is
remembered together with the transactions of that moment. When these have ended, whoever held a number up to it has
committed or never will: the inbox is written before the ledger, so nobody holds one without being seen among them.
"""

from enum import Enum
from typing import NamedTuple

from shared.db import Tx


class Reader(Enum):
    """Who reads, each at its own pace; the value is the lock by which replicas take turns."""

    EARNED = 0x6561726E6564
    SEALS = 0x7365616C73

    @property
    def key(self) -> str:
        return self.name.lower()


class Reading(NamedTuple):
    """How far the ledger was read, how far it may be read next, and whether that may be done now."""

    position: int
    upto: int
    settled: bool


async def lock_reading(tx: Tx, reader: Reader) -> bool:
    """False when another replica has the turn. No row is locked: who locks one is among those who still write."""
    return bool(await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", reader.value))


async def get_reading(tx: Tx, reader: Reader) -> Reading:
    """A horizon that no transaction has come to yet is another server's, whose dump this database was made of."""
    row = await tx.fetchrow(
        """
        SELECT position, upto,
               pg_snapshot_xmin(now) >= horizon OR horizon > pg_snapshot_xmax(now) AS settled
        FROM ledger_reading, pg_current_snapshot() AS now
        WHERE reader = $1
        """,
        reader.key,
    )
    return Reading(*row) if row else Reading(0, 0, settled=True)


async def get_last_number(tx: Tx) -> int:
    """The last that the ledger has given out; its transaction may be running."""
    last: int = await tx.fetchval("SELECT last_value - (NOT is_called)::int FROM transfer_number")
    return last


async def mark_upto(tx: Tx, reader: Reader, upto: int) -> None:
    """To be read when all have ended that run now. A statement after the one that `upto` comes from.

    Our own number among the transactions is above all of theirs. A snapshot's `xmax` is not: it is only above those
    that have ended.
    """
    await tx.execute(
        "UPDATE ledger_reading SET upto = $2, horizon = pg_current_xact_id() WHERE reader = $1",
        reader.key,
        upto,
    )


async def mark_read(tx: Tx, reader: Reader, position: int) -> None:
    await tx.execute("UPDATE ledger_reading SET position = $2 WHERE reader = $1", reader.key, position)
