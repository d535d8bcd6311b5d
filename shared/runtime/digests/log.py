"""The producer's side: what has left this service, by the time of its id, and sending some of it again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.db import Row, Tx
from shared.runtime.digests import spans


async def list_sent(tx: Tx, types: Sequence[str], edges: Sequence[int]) -> list[Row]:
    """`bucket, n, hash` of what has left the outbox: all of the log, less what is still held.

    What is held is looked up by its key, see `outbox.list_unsent`. Empty buckets are left out. The hash is the one by
    which PostgreSQL divides tables: the same in every version.
    """
    return await tx.fetch(
        """
        WITH held AS (SELECT day, id FROM outbox UNION SELECT day, id FROM unroutable),
        told AS (
            SELECT id, 1 AS one FROM event_log
            WHERE day = ANY($1::date[]) AND id >= $2 AND id < $3 AND type = ANY($4::text[])
            UNION ALL
            SELECT held.id, -1 FROM held
            CROSS JOIN LATERAL (SELECT type FROM event_log WHERE (day, id) = (held.day, held.id) LIMIT 1) AS l
            WHERE held.id >= $2 AND held.id < $3 AND l.type = ANY($4::text[]))
        SELECT width_bucket(id, $5::uuid[]) - 1 AS bucket, sum(one) AS n, bit_xor(uuid_hash_extended(id, 0)) AS hash
        FROM told
        GROUP BY 1
        HAVING sum(one) <> 0 OR bit_xor(uuid_hash_extended(id, 0)) <> 0
        """,
        spans.days(edges[0], edges[-1]),
        spans.first_id(edges[0]),
        spans.first_id(edges[-1]),
        types,
        [spans.first_id(edge) for edge in edges],
    )


async def get_oldest_held(tx: Tx, types: Sequence[str]) -> UUID | None:
    """The first of these events that has not left yet."""
    oldest: UUID | None = await tx.fetchval(
        """
        SELECT held.id
        FROM (SELECT day, id FROM outbox UNION ALL SELECT day, id FROM unroutable) AS held
        CROSS JOIN LATERAL (SELECT type FROM event_log WHERE (day, id) = (held.day, held.id) LIMIT 1) AS l
        WHERE l.type = ANY($1::text[])
        ORDER BY held.id
        LIMIT 1
        """,
        types,
    )
    return oldest


async def get_oldest_open(tx: Tx) -> datetime | None:
    """When the oldest other transaction of this service began. What it writes bears that time or a later one.

    To be asked first: what is committed between two questions is then seen by the second.
    """
    began: datetime | None = await tx.fetchval(
        """
        SELECT min(xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
        """
    )
    return began


async def list_logged(tx: Tx, types: Sequence[str], first: UUID, end: UUID, limit: int) -> list[Row]:
    """`id, held` of the ids from `first` until before `end`, in order; `held`: it has not left yet."""
    return await tx.fetch(
        """
        SELECT l.id, h.id IS NOT NULL AS held
        FROM event_log l
        LEFT JOIN (SELECT id FROM outbox UNION SELECT id FROM unroutable) AS h ON h.id = l.id
        WHERE l.day = ANY($1::date[]) AND l.id >= $2 AND l.id < $3 AND l.type = ANY($4::text[])
        ORDER BY l.id
        LIMIT $5
        """,
        spans.days(spans.minted_at(first), spans.minted_at(end)),
        first,
        end,
        types,
        limit,
    )


async def add_again(tx: Tx, ids: Sequence[UUID]) -> int:
    """Puts pointers to logged events back into the outbox, except to those that are held already. Returns how many."""
    minted = [spans.moment(spans.minted_at(key)).date() for key in ids]
    before = [day - timedelta(days=1) for day in minted]  # an event that began just before midnight
    added = await tx.fetchval(
        """
        WITH asked AS (
            SELECT l.day, l.id
            FROM event_log l JOIN unnest($1::date[], $2::uuid[]) AS named (day, id) USING (day, id)
            EXCEPT SELECT day, id FROM outbox
            EXCEPT SELECT day, id FROM unroutable),
        again AS (INSERT INTO outbox (day, id) SELECT day, id FROM asked ORDER BY id RETURNING 1)
        SELECT count(*) FROM again
        """,
        [*minted, *before],
        [*ids, *ids],
    )
    return int(added)
