"""Events leave only through here: written in the handler's transaction, sent by the relay when it is committed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from shared.contracts.message import Event
from shared.db import Row, Tx
from shared.runtime.envelope import Sealed, Sealer
from shared.runtime.handler import Caused
from shared.runtime.recent import Recent

RECENT = Recent(4_000_000)
"""Some 4,000 sales: twice what a round sends."""


async def put(tx: Tx, service: str, caused: Sequence[Caused], at: datetime) -> None:
    """Adds what the handler's messages caused, to the log (for ever) and to the outbox (until it is sent)."""
    sealer = Sealer(service, at)
    await _add(tx, [sealer.seal(c.event, c.cause) for c in caused])


async def put_own(tx: Tx, service: str, events: Sequence[Event], at: datetime) -> None:
    """Adds events that no message caused: those of a background job."""
    sealer = Sealer(service, at)
    await _add(tx, [sealer.seal(event) for event in events])


async def _add(tx: Tx, sealed: Sequence[Sealed]) -> None:
    """One statement for both tables. COPY takes two round trips for each, and is no quicker at 500 events either."""
    if sealed:
        await tx.execute(
            """
            WITH logged AS (
                INSERT INTO event_log (day, id, type, subject, envelope)
                SELECT day, id, type, subject, envelope FROM unnest($1::sealed[]))
            INSERT INTO outbox (day, id) SELECT day, id FROM unnest($1::sealed[])
            """,
            sealed,
        )
        RECENT.keep(sealed)


async def take_turn(tx: Tx, lock: int) -> bool:
    """Whether the lock is free; it is ours until the end of the transaction. Its commit does not wait for the disk:
    rows that come back when PostgreSQL crashes are sent again, as they are when a relay is killed before it commits.
    """
    return bool(
        await tx.fetchval(
            "SELECT pg_try_advisory_xact_lock($1) FROM set_config('synchronous_commit', 'off', true)", lock
        )
    )


class Unsent(NamedTuple):
    """An event in the outbox, which `seq` puts in order."""

    seq: int
    type: str
    envelope: str


async def list_unsent(tx: Tx, limit: int) -> list[Unsent]:
    """The oldest events in the outbox. What this process has written itself it need not read back."""
    rows = await tx.fetch("SELECT seq, day, id FROM outbox ORDER BY seq LIMIT $1", limit)
    events = {row["id"]: RECENT.take(row["id"]) for row in rows}
    others = await _read(tx, [row for row in rows if events[row["id"]] is None])
    found = [(row["seq"], events[row["id"]] or others.get(row["id"])) for row in rows]
    return [Unsent(seq, event.type, event.envelope) for seq, event in found if event]


async def _read(tx: Tx, rows: Sequence[Row]) -> dict[UUID, Sealed]:
    """From the log, by id.

    Each is looked up by its key: the LIMIT inside keeps PostgreSQL from joining the whole log instead.
    """
    if not rows:
        return {}
    logged = await tx.fetch(
        """
        SELECT l.day, l.id, l.type, l.subject, l.envelope
        FROM unnest($1::date[], $2::uuid[]) AS o (day, id)
        CROSS JOIN LATERAL (SELECT * FROM event_log WHERE (day, id) = (o.day, o.id) LIMIT 1) AS l
        """,
        [row["day"] for row in rows],
        [row["id"] for row in rows],
    )
    return {row["id"]: Sealed(*row) for row in logged}


async def mark_sent(tx: Tx, seqs: Sequence[int]) -> None:
    if seqs:
        await tx.execute("DELETE FROM outbox WHERE seq = ANY($1::bigint[])", seqs)


async def mark_unroutable(tx: Tx, seqs: Sequence[int]) -> None:
    """Takes events that reached no queue from the head of the outbox, so that they hold nobody up."""
    if seqs:
        await tx.execute(
            """
            WITH gone AS (DELETE FROM outbox WHERE seq = ANY($1::bigint[]) RETURNING seq, day, id, at)
            INSERT INTO unroutable (seq, day, id, at) SELECT seq, day, id, at FROM gone
            """,
            seqs,
        )


async def claim_unroutable(tx: Tx, limit: int) -> int:
    """Puts unroutable events back into the outbox, the oldest first: by now their queue may be there."""
    moved = await tx.fetchval(
        """
        WITH back AS (
            DELETE FROM unroutable WHERE seq IN (
                SELECT seq FROM unroutable ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING seq, day, id, at),
        again AS (
            INSERT INTO outbox (day, id, at) SELECT day, id, at FROM back ORDER BY seq RETURNING 1)
        SELECT count(*) FROM again
        """,
        limit,
    )
    return int(moved)


async def get_lag(tx: Tx) -> Row | None:
    """`depth` (events not sent), `age` (seconds since the oldest), `unroutable`."""
    return await tx.fetchrow(
        """
        SELECT count(*) AS depth, coalesce(extract(epoch FROM now() - min(at)), 0)::float8 AS age,
               (SELECT count(*) FROM unroutable) AS unroutable
        FROM outbox
        """
    )
