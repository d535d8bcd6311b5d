"""Every statement that changes parked messages, and those that lock them."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.db import Row, Tx
from shared.errors import KaryaError
from shared.runtime.envelope import Received
from shared.runtime.parked.message import ParkedMessage, next_try, storable, storable_json


async def wake(
    tx: Tx, code: str, at: datetime, *, serials: Collection[str] = (), subjects: Collection[str] = ()
) -> int:
    """Makes due now what is open for this reason and tells of one of these serials, or has one of these subjects.

    For handlers: what they have just recorded may be what those waited for. Returns how many. One that is being tried
    at this very moment is passed over: nobody waits for another's try, and it is tried again in its turn.
    """
    if not serials and not subjects:
        return 0
    done = await tx.execute(
        """
        WITH helped AS (
            SELECT id FROM parked
            WHERE code = $1 AND state IN ('waiting', 'person')
              AND (serial = ANY($2::text[]) OR subject = ANY($3::text[]))
            ORDER BY id
            FOR UPDATE SKIP LOCKED
        ), woken AS (
            UPDATE parked p SET state = 'waiting', next_try_at = $4, wakes = p.wakes + 1
            FROM helped WHERE p.id = helped.id
            RETURNING p.id, p.code
        )
        INSERT INTO parked_act (parked_id, act, actor, at, outcome)
        SELECT id, 'woken', 'the runtime', $4, code FROM woken
        """,
        code,
        list(serials),
        list(subjects),
        at,
    )
    return int(done.rsplit(" ", 1)[1])


async def lock_waiting(tx: Tx, code: str, subjects: Collection[str]) -> None:
    """Locks what `wake` will wake by its subject, when whoever tries it now is done.

    For background jobs: what is being tried at this moment may have been taken up too early to see what was recorded.
    """
    await tx.execute(
        """
        SELECT FROM parked
        WHERE code = $1 AND state IN ('waiting', 'person') AND subject = ANY($2::text[])
        ORDER BY id
        FOR UPDATE
        """,
        code,
        list(subjects),
    )


async def add_parked(tx: Tx, messages: Sequence[ParkedMessage], at: datetime) -> set[UUID]:
    """Parks messages; the ids of those that were not parked before. A parked one that comes again stays as it is."""
    if not messages:
        return set()
    retries = [next_try(m.error, 1, at, at) for m in messages]
    rows = await tx.fetch(
        """
        WITH added AS (
            INSERT INTO parked (id, event_id, type, subject, envelope, arrival, kind, code, detail, candidates,
                                state, told, next_try_at, parked_at, tried_at)
            SELECT id, event_id, type, subject, envelope::jsonb, arrival, kind, code, detail, candidates::jsonb,
                   s.state, s.state, next_try_at, $10, $10
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                        $9::text[], $11::timestamptz[], $12::bigint[])
                 AS m (id, event_id, type, subject, envelope, kind, code, detail, candidates, next_try_at, arrival)
            CROSS JOIN LATERAL (SELECT CASE WHEN m.next_try_at IS NULL THEN 'person' ELSE 'waiting' END AS state) s
            ORDER BY id
            ON CONFLICT (id) DO NOTHING
            RETURNING id, code
        )
        INSERT INTO parked_act (parked_id, act, actor, at, outcome)
        SELECT id, 'parked', 'the runtime', $10, code FROM added
        RETURNING parked_id
        """,
        [m.id for m in messages],
        [m.event_id for m in messages],
        [m.type for m in messages],
        [m.subject for m in messages],
        [storable_json(m.envelope) for m in messages],
        [m.error.kind for m in messages],
        [m.error.code for m in messages],
        [m.error.detail[:500] for m in messages],
        [json.dumps(getattr(m.error, "candidates", [])) for m in messages],
        at,
        retries,
        [m.arrival.key for m in messages],
    )
    return {row["parked_id"] for row in rows}


async def get_arrivals(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, int]:
    """The key of the arrival that brought each parked message first."""
    if not ids:
        return {}
    rows = await tx.fetch("SELECT id, arrival FROM parked WHERE id = ANY($1::uuid[])", ids)
    return {row["id"]: row["arrival"] for row in rows}


async def claim_due(tx: Tx, types: Sequence[str], at: datetime, limit: int) -> list[Row]:
    """Locks messages that are due, passing over those that another replica tries."""
    return await tx.fetch(
        """
        SELECT * FROM parked
        WHERE state = 'waiting' AND next_try_at <= $1 AND type = ANY($2::text[])
        ORDER BY next_try_at
        LIMIT $3
        FOR UPDATE SKIP LOCKED
        """,
        at,
        types,
        limit,
    )


async def claim_open(tx: Tx, code: str, limit: int) -> list[Row]:
    """Locks open messages of one reason, those first that were not tried for longest; passes over those in hand."""
    return await tx.fetch(
        """
        SELECT * FROM parked
        WHERE code = $1 AND state IN ('waiting', 'person')
        ORDER BY tried_at
        LIMIT $2
        FOR UPDATE SKIP LOCKED
        """,
        code,
        limit,
    )


async def lock_parked(tx: Tx, parked_id: UUID) -> Row | None:
    return await tx.fetchrow("SELECT * FROM parked WHERE id = $1 FOR UPDATE", parked_id)


async def mark_corrected(tx: Tx, parked_id: UUID, message: Received[Any]) -> None:
    """It says something else from now on. What it said before is in its history."""
    await tx.execute(
        "UPDATE parked SET envelope = $2::text::jsonb, type = $3, subject = $4 WHERE id = $1",
        parked_id,
        storable_json(message.envelope.model_dump(mode="json")),
        message.data.wire,
        storable(message.data.subject),
    )


async def mark_known(tx: Tx, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """By which id in this house a message is known, since it can be read: (parked id, event id)."""
    await tx.execute(
        """
        UPDATE parked p SET event_id = k.event_id
        FROM unnest($1::uuid[], $2::uuid[]) AS k (id, event_id)
        WHERE p.id = k.id
        """,
        [parked_id for parked_id, _ in pairs],
        [event_id for _, event_id in pairs],
    )


async def mark_passed(tx: Tx, passed: Sequence[tuple[UUID, str]], by: str, at: datetime) -> None:
    """They have been handled after all: (id, what is said of it)."""
    await tx.execute(
        """
        UPDATE parked p SET state = 'redriven', next_try_at = NULL, attempts = p.attempts + 1, tried_at = $3,
                            resolved_at = $3, resolved_by = $4, resolution = d.resolution
        FROM unnest($1::uuid[], $2::text[]) AS d (id, resolution)
        WHERE p.id = d.id
        """,
        [parked_id for parked_id, _ in passed],
        [resolution for _, resolution in passed],
        at,
        by,
    )


async def mark_failed(tx: Tx, failures: Sequence[tuple[Row, KaryaError]], at: datetime) -> dict[UUID, str]:
    """One more try of each has failed, maybe for another reason than before. The state of each by its id.

    What was woken during this very try stays due: the try may have come too early for what woke it.
    """
    if not failures:
        return {}
    rows = await tx.fetch(
        """
        UPDATE parked p
        SET attempts = f.attempts, kind = f.kind, code = f.code, detail = f.detail, tried_at = $9,
            candidates = f.candidates::jsonb,
            next_try_at = CASE WHEN p.wakes > f.wakes THEN p.next_try_at ELSE f.again END,
            state = CASE WHEN p.wakes > f.wakes OR f.again IS NOT NULL THEN 'waiting' ELSE 'person' END,
            told = CASE WHEN p.wakes > f.wakes OR f.again IS NOT NULL THEN p.told ELSE 'person' END
        FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
             AS f (id, attempts, again, kind, code, detail, candidates, wakes)
        WHERE p.id = f.id
        RETURNING p.id, p.state
        """,
        [row["id"] for row, _ in failures],
        [row["attempts"] + 1 for row, _ in failures],
        [next_try(error, row["attempts"] + 1, at, row["parked_at"]) for row, error in failures],
        [error.kind for _, error in failures],
        [error.code for _, error in failures],
        [storable(error.detail[:500]) for _, error in failures],
        [json.dumps(getattr(error, "candidates", [])) for _, error in failures],
        [row["wakes"] for row, _ in failures],
        at,
    )
    return {row["id"]: row["state"] for row in rows}


async def mark_discarded(tx: Tx, parked_id: UUID, by: str, resolution: str, at: datetime) -> None:
    await tx.execute(
        """
        UPDATE parked SET state = 'discarded', next_try_at = NULL, resolved_at = $2, resolved_by = $3, resolution = $4
        WHERE id = $1
        """,
        parked_id,
        at,
        by,
        resolution,
    )
