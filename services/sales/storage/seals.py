"""Seals of the ledger: what they say, and what the ledger says for its numbers. Read part by part, at any size."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from services.sales.domain.seals import PART, Part, Seal
from shared.db import Row, Tx

PARTS_AT_ONCE = 20

LOWEST = -(2**63)

DIGESTS = """
    SELECT t.id / $3::int AS part, count(*)::int AS entries, sum(t.amount)::bigint AS amount,
           sha256(convert_to(string_agg(
               concat_ws('|', t.id, to_char(t.booked, 'YYYY-MM-DD'), to_char(t.day, 'YYYY-MM-DD'), t.kind,
                         d.kind, d.owner, c.kind, c.owner, t.amount,
                         to_char(t.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), t.cause),
               E'\\n' ORDER BY t.id, t.day), 'UTF8')) AS digest
    FROM transfer t
    LEFT JOIN account d ON d.id = t.debit
    LEFT JOIN account c ON c.id = t.credit
    WHERE t.id > $1 AND t.id <= $2
    GROUP BY 1
    ORDER BY 1
"""
"""The text of an entry is published: columns of the export, in its order, without the numbers of accounts."""


async def digest(tx: Tx, after: int, upto: int) -> list[Part]:
    """Of the entries with these numbers, by part. Computed where they are, some parts at a time."""
    parts: list[Part] = []
    async for first, last in _spans(tx, after, upto):
        parts += [Part(*row) for row in await tx.fetch(DIGESTS, first, last, PART)]
    return parts


async def _spans(tx: Tx, after: int, upto: int) -> AsyncIterator[tuple[int, int]]:
    """Each begins where there is something and ends with a part, so that no part is in two."""
    while True:
        first: int | None = await tx.fetchval(
            "SELECT id FROM transfer WHERE id > $1 AND id <= $2 ORDER BY id LIMIT 1", after, upto
        )
        if first is None:
            return
        last = min(upto, (first // PART + PARTS_AT_ONCE) * PART - 1)
        yield first - 1, last
        after = last


async def add_seal(tx: Tx, seal: Seal) -> None:
    """With its parts."""
    await tx.execute(
        """
        INSERT INTO ledger_seal (no, day, upto, entries, amount, hash, previous, sealed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        *seal[:-1],
    )
    await tx.execute(
        """
        INSERT INTO ledger_seal_part (seal, part, entries, amount, digest)
        SELECT $1, * FROM unnest($2::bigint[], $3::int[], $4::bigint[], $5::bytea[])
        """,
        seal.no,
        *[[part[column] for part in seal.parts] for column in range(4)],
    )


async def get_last(tx: Tx) -> Seal | None:
    """Without its parts."""
    row = await tx.fetchrow(f"{SEALS} ORDER BY no DESC LIMIT 1")
    return Seal(*row) if row else None


SEALS = "SELECT no, day, upto, entries, amount, hash, previous, sealed_at FROM ledger_seal"


async def list_seals(tx: Tx, before: int | None, limit: int) -> list[Row]:
    """The latest first."""
    return await tx.fetch(f"{SEALS} WHERE $1::int IS NULL OR no < $1 ORDER BY no DESC LIMIT $2", before, limit)


async def list_numbers(tx: Tx) -> Sequence[int]:
    """Of all seals, the first one first."""
    return [row["no"] for row in await tx.fetch("SELECT no FROM ledger_seal ORDER BY no")]


async def get_seal(tx: Tx, no: int) -> Seal:
    """With its parts. It must be there."""
    row = await tx.fetchrow(f"{SEALS} WHERE no = $1", no)
    assert row is not None  # its number was just read
    parts = await tx.fetch(
        "SELECT part, entries, amount, digest FROM ledger_seal_part WHERE seal = $1 ORDER BY part", no
    )
    return Seal(*row)._replace(parts=[Part(*part) for part in parts])


async def count_unsealed(tx: Tx) -> int:
    entries: int = await tx.fetchval(
        "SELECT count(*) FROM transfer WHERE id > coalesce((SELECT max(upto) FROM ledger_seal), $1)", LOWEST
    )
    return entries


async def get_oldest(tx: Tx, position: int) -> datetime | None:
    """When the first entry after this number was recorded."""
    at: datetime | None = await tx.fetchval(
        "SELECT recorded_at FROM transfer WHERE id > $1 ORDER BY id LIMIT 1", position
    )
    return at


async def get_age(tx: Tx) -> float:
    """Seconds since the last seal, or, without one, since the first entry was recorded."""
    age: float = await tx.fetchval(
        """
        SELECT coalesce(extract(epoch FROM now() - coalesce(
            (SELECT sealed_at FROM ledger_seal ORDER BY no DESC LIMIT 1),
            (SELECT recorded_at FROM transfer ORDER BY id LIMIT 1))), 0)::float8
        """
    )
    return age
