"""The consumer's side: what has arrived, how far it has been compared, and what was missing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.db import Row, Tx
from shared.runtime.digests import spans
from shared.runtime.digests.spans import Span

MOST_TRIES = 8


async def list_taken(tx: Tx, edges: Sequence[int]) -> list[Row]:
    """`bucket, n, hash` of our own events in the inbox. Only what comes from outside has a digest of its content."""
    return await tx.fetch(
        """
        SELECT width_bucket(id, $1::uuid[]) - 1 AS bucket, count(*) AS n, bit_xor(uuid_hash_extended(id, 0)) AS hash
        FROM inbox
        WHERE day = ANY($2::date[]) AND id >= $3 AND id < $4 AND digest IS NULL
        GROUP BY 1
        """,
        [spans.first_id(edge) for edge in edges],
        spans.days(edges[0], edges[-1]),
        spans.first_id(edges[0]),
        spans.first_id(edges[-1]),
    )


async def claim_comparison(tx: Tx, types: Sequence[str], at: datetime, every: timedelta) -> Row | None:
    """`since, sound_until, deep_at` for the replica whose turn it is; None for the others, until `every` has passed.

    Other types than before begin anew: the inbox does not say of which type an id is.
    """
    return await tx.fetchrow(
        """
        UPDATE comparing SET
            types = $1::text[],
            asked_at = $2,
            since = CASE WHEN types IN ($1, '{}') THEN since ELSE $2 END,
            sound_until = CASE WHEN types IN ($1, '{}') THEN sound_until ELSE $2 END
        WHERE asked_at <= $2::timestamptz - $3::interval
        RETURNING since, sound_until, deep_at
        """,
        types,
        at,
        every,
    )


async def mark_sound(tx: Tx, until: datetime, deep_at: datetime) -> None:
    """Everything before `until` has been compared; all of the last day at `deep_at`."""
    await tx.execute(
        "UPDATE comparing SET sound_until = greatest(sound_until, $1), deep_at = greatest(deep_at, $2)", until, deep_at
    )


async def mark_compared(tx: Tx, producer: str, at: datetime, window: Span, missing: int) -> None:
    """`window.n`: events of this producer that were compared."""
    await tx.execute(
        """
        INSERT INTO compared (producer, at, since, until, events, missing) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (producer) DO UPDATE SET
            at = excluded.at, since = excluded.since, until = excluded.until, events = excluded.events,
            missing = excluded.missing
        """,
        producer,
        at,
        spans.moment(window.since),
        spans.moment(window.until),
        window.n,
        missing,
    )


async def add_missing(tx: Tx, producer: str, ids: Sequence[UUID], at: datetime) -> int:
    """Notes those that have not arrived; how many of them are new. What could not be read has arrived: it is parked."""
    added = await tx.fetch(
        """
        INSERT INTO difference (id, day, producer, found_at, next_at)
        SELECT sent.id, sent.day, $3, $4, $4
        FROM unnest($1::uuid[], $2::date[]) AS sent (id, day)
        WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.id = sent.id AND i.day BETWEEN sent.day - 1 AND sent.day)
          AND NOT EXISTS (
            SELECT FROM parked p
            WHERE p.arrival = 0 AND p.id = p.event_id AND p.envelope ->> 'id' = sent.id::text)
        ON CONFLICT DO NOTHING
        RETURNING 1
        """,
        ids,
        [spans.moment(spans.minted_at(key)).date() for key in ids],
        producer,
        at,
    )
    return len(added)


async def add_unknown(tx: Tx, span: Span, logged: Sequence[UUID], at: datetime) -> list[UUID]:
    """Notes what has arrived although no producer has it in its log; those that are new."""
    added = await tx.fetch(
        """
        INSERT INTO difference (id, day, found_at)
        SELECT i.id, i.day, $5
        FROM inbox i
        WHERE i.day = ANY($1::date[]) AND i.id >= $2 AND i.id < $3 AND i.digest IS NULL
          AND NOT EXISTS (SELECT FROM unnest($4::uuid[]) AS l (id) WHERE l.id = i.id)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        spans.days(span.since, span.until),
        spans.first_id(span.since),
        spans.first_id(span.until),
        logged,
        at,
    )
    return [row["id"] for row in added]


async def mark_arrived(tx: Tx) -> int:
    """Forgets what was missing and has arrived since, and counts it for its producer. Returns how many."""
    counted = await tx.fetchval(
        """
        WITH here AS (
            DELETE FROM difference d USING inbox i
            WHERE d.producer IS NOT NULL AND i.id = d.id AND i.day BETWEEN d.day - 1 AND d.day
            RETURNING d.producer),
        counted AS (
            UPDATE compared c SET arrived = c.arrived + h.n
            FROM (SELECT producer, count(*) AS n FROM here GROUP BY producer) AS h
            WHERE c.producer = h.producer)
        SELECT count(*) FROM here
        """
    )
    return int(counted)


async def claim_due(tx: Tx, at: datetime, limit: int) -> list[Row]:
    """`producer, id` of what is to be sent again now; the next time comes later and later, and then no more."""
    return await tx.fetch(
        """
        UPDATE difference SET
            tries = tries + 1,
            next_at = CASE WHEN tries + 1 < $3 THEN $1 + interval '1 minute' * power(4, tries) ELSE 'infinity' END
        WHERE id IN (
            SELECT id FROM difference WHERE next_at <= $1 ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING producer, id
        """,
        at,
        limit,
        MOST_TRIES,
    )


async def get_state(tx: Tx) -> Row | None:
    """`age`: seconds since the last comparison; `unsettled`: still missing though sent again three times."""
    return await tx.fetchrow(
        """
        SELECT extract(epoch FROM now() - coalesce((SELECT min(at) FROM compared), since))::float8 AS age,
               (SELECT count(*) FROM difference WHERE tries >= 3) AS unsettled
        FROM comparing
        WHERE types <> '{}'
        """
    )


async def list_compared(tx: Tx) -> list[Row]:
    """The last comparison with each producer."""
    return await tx.fetch(
        """
        SELECT c.producer, c.at, c.since, c.until, c.events, c.missing, c.arrived,
               (SELECT count(*) FROM difference d WHERE d.producer = c.producer) AS waiting,
               (SELECT count(*) FROM difference d WHERE d.producer IS NULL) AS unknown
        FROM compared c
        ORDER BY c.producer
        """
    )
