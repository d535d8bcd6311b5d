"""Events leave only through here: written in the handler's transaction, sent by the relay when it is committed."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts.message import Event
from shared.db import Row, Tx, copy_rows
from shared.runtime.envelope import Sealed, Sealer
from shared.runtime.handler import Caused

POINTER = ("day", "id")


async def put(tx: Tx, service: str, caused: Sequence[Caused], at: datetime) -> None:
    """Adds what the handler's messages caused, to the log (for ever) and to the outbox (until it is sent)."""
    sealer = Sealer(service, at)
    await _add(tx, [sealer.seal(c.event, c.cause) for c in caused])


async def put_own(tx: Tx, service: str, events: Sequence[Event], at: datetime) -> None:
    """Adds events that no message caused: those of a background job."""
    sealer = Sealer(service, at)
    await _add(tx, [sealer.seal(event) for event in events])


async def _add(tx: Tx, sealed: Sequence[Sealed]) -> None:
    await copy_rows(tx, "event_log", Sealed._fields, sealed)
    await copy_rows(tx, "outbox", POINTER, [(day, key) for day, key, *_ in sealed])


async def list_unsent(tx: Tx, limit: int) -> list[Row]:
    """`seq, type, envelope` of the oldest events in the outbox."""
    return await tx.fetch(
        """
        SELECT o.seq, l.type, l.envelope
        FROM outbox o JOIN event_log l ON (l.day, l.id) = (o.day, o.id)
        ORDER BY o.seq
        LIMIT $1
        """,
        limit,
    )


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
