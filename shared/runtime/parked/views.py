"""What is asked of parked messages: lists, one, and sums by reason."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db import Row, Tx


async def get_parked(tx: Tx, parked_id: UUID) -> Row | None:
    return await tx.fetchrow("SELECT * FROM parked WHERE id = $1", parked_id)


async def list_parked(
    tx: Tx, states: Sequence[str], code: str | None, place: tuple[datetime | None, UUID | None], limit: int
) -> list[Row]:
    """The newest first, after the place (when it was parked, its id) where the last page ended."""
    return await tx.fetch(
        """
        SELECT * FROM parked
        WHERE state = ANY($1::text[]) AND ($2::text IS NULL OR code = $2)
          AND ($3::timestamptz IS NULL OR (parked_at, id) < ($3, $4::uuid))
        ORDER BY parked_at DESC, id DESC
        LIMIT $5
        """,
        states,
        code,
        *place,
        limit,
    )


async def list_reasons(tx: Tx) -> list[Row]:
    """`code, kind, count, waiting, person, oldest` of what is open, the most frequent first."""
    return await tx.fetch(
        """
        SELECT code, min(kind) AS kind, count(*) AS count, min(parked_at) AS oldest,
               count(*) FILTER (WHERE state = 'waiting') AS waiting,
               count(*) FILTER (WHERE state = 'person') AS person
        FROM parked
        WHERE state IN ('waiting', 'person')
        GROUP BY code
        ORDER BY count DESC, code
        """
    )


async def count_others(tx: Tx, code: str, tried: Sequence[UUID]) -> int:
    """How many open messages there are of this reason beside those."""
    counted = await tx.fetchval(
        "SELECT count(*) FROM parked WHERE code = $1 AND state IN ('waiting', 'person') AND id <> ALL($2::uuid[])",
        code,
        tried,
    )
    return int(counted)


async def list_open_counts(tx: Tx) -> list[Row]:
    """`kind, code, state, n` of what waits or needs a person."""
    return await tx.fetch(
        """
        SELECT kind, code, state, count(*) AS n FROM parked
        WHERE state IN ('waiting', 'person')
        GROUP BY kind, code, state
        """
    )
