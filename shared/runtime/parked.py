"""Messages that wait: for what they need (tried again by themselves) or for a person. Nothing here is ever deleted."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.db import Row, Tx
from shared.errors import KaryaError
from shared.runtime.decode import Unreadable
from shared.runtime.envelope import Arrival, Received, named_id

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 1800, 3600))
"""How long a message waits after its first, second, ... failed try; the last one goes on for ever."""


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """A message about to be parked."""

    id: UUID
    event_id: UUID
    type: str
    subject: str
    envelope: dict[str, Any]
    error: KaryaError
    arrival: Arrival
    cause: Received[Any] | None = None


def of_refused(message: Received[Any], error: KaryaError) -> ParkedMessage:
    """A message that was read and cannot be handled. Its id holds the content: one event id may be used for two."""
    envelope = message.envelope.model_dump(mode="json")
    parked_id = named_id("parked", message.id, message.digest().hex())
    return ParkedMessage(
        parked_id,
        message.id,
        message.data.wire,
        storable(message.data.subject),
        envelope,
        error,
        message.arrival,
        message,
    )


def of_unreadable(item: Unreadable) -> ParkedMessage:
    """A message that cannot be read."""
    kind, subject = storable(str(item.item.get("type", ""))[:128]), storable(str(item.item.get("subject") or "")[:512])
    return ParkedMessage(item.id, item.id, kind, subject, item.item, item.error, item.arrival)


def next_try(error: KaryaError, attempts: int, at: datetime) -> datetime | None:
    """When to try again by itself, after `attempts` tries; None: a person must look."""
    if error.tries is not None and attempts > error.tries:
        return None
    return at + DELAYS[min(attempts, len(DELAYS)) - 1]


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


async def add_parked(tx: Tx, messages: Sequence[ParkedMessage], at: datetime) -> set[UUID]:
    """Parks messages; the ids of those that were not parked before. A parked one that comes again stays as it is."""
    if not messages:
        return set()
    retries = [next_try(m.error, 1, at) for m in messages]
    rows = await tx.fetch(
        """
        INSERT INTO parked (id, event_id, type, subject, envelope, arrival, kind, code, detail, candidates,
                            state, told, next_try_at, parked_at, tried_at)
        SELECT id, event_id, type, subject, envelope::jsonb, arrival, kind, code, detail, candidates::jsonb,
               CASE WHEN next_try_at IS NULL THEN 'person' ELSE 'waiting' END,
               CASE WHEN next_try_at IS NULL THEN 'person' ELSE 'waiting' END, next_try_at, $10, $10
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                    $9::text[], $11::timestamptz[], $12::bigint[])
             AS m (id, event_id, type, subject, envelope, kind, code, detail, candidates, next_try_at, arrival)
        ORDER BY id
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """,
        [m.id for m in messages],
        [m.event_id for m in messages],
        [m.type for m in messages],
        [m.subject for m in messages],
        [_json(m.envelope) for m in messages],
        [m.error.kind for m in messages],
        [m.error.code for m in messages],
        [m.error.detail[:500] for m in messages],
        [json.dumps(getattr(m.error, "candidates", [])) for m in messages],
        at,
        retries,
        [m.arrival.key for m in messages],
    )
    return {row["id"] for row in rows}


async def get_arrivals(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, int]:
    """The key of the arrival that brought each parked message first."""
    if not ids:
        return {}
    rows = await tx.fetch("SELECT id, arrival FROM parked WHERE id = ANY($1::uuid[])", ids)
    return {row["id"]: row["arrival"] for row in rows}


async def claim_due(tx: Tx, types: Sequence[str], at: datetime, limit: int) -> list[Row]:
    """Locks messages that are due, passing over those that another replica tries; `id, type, envelope, attempts`."""
    return await tx.fetch(
        """
        SELECT id, type, envelope, attempts FROM parked
        WHERE state = 'waiting' AND next_try_at <= $1 AND type = ANY($2::text[])
        ORDER BY next_try_at
        LIMIT $3
        FOR UPDATE SKIP LOCKED
        """,
        at,
        types,
        limit,
    )


async def lock_parked(tx: Tx, parked_id: UUID) -> Row | None:
    return await tx.fetchrow("SELECT * FROM parked WHERE id = $1 FOR UPDATE", parked_id)


async def mark_passed(tx: Tx, ids: Sequence[UUID], by: str, at: datetime) -> None:
    """They have been handled after all."""
    await tx.execute(
        """
        UPDATE parked SET state = 'redriven', next_try_at = NULL, attempts = attempts + 1,
                          resolved_at = $2, resolved_by = $3, resolution = 'handled'
        WHERE id = ANY($1::uuid[])
        """,
        ids,
        at,
        by,
    )


async def mark_failed(tx: Tx, failures: Sequence[tuple[Row, KaryaError]], at: datetime) -> None:
    """One more try of each has failed, maybe for another reason than before."""
    if not failures:
        return
    await tx.execute(
        """
        UPDATE parked p SET attempts = f.attempts, next_try_at = f.again, kind = f.kind, code = f.code,
                            detail = f.detail, candidates = f.candidates::jsonb,
                            state = CASE WHEN f.again IS NULL THEN 'person' ELSE 'waiting' END
        FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
             AS f (id, attempts, again, kind, code, detail, candidates)
        WHERE p.id = f.id
        """,
        [row["id"] for row, _ in failures],
        [row["attempts"] + 1 for row, _ in failures],
        [next_try(error, row["attempts"] + 1, at) for row, error in failures],
        [error.kind for _, error in failures],
        [error.code for _, error in failures],
        [error.detail[:500] for _, error in failures],
        [json.dumps(getattr(error, "candidates", [])) for _, error in failures],
    )


async def mark_discarded(tx: Tx, parked_id: UUID, by: str, reason: str, at: datetime) -> None:
    await tx.execute(
        """
        UPDATE parked SET state = 'discarded', next_try_at = NULL, resolved_at = $2, resolved_by = $3, resolution = $4
        WHERE id = $1
        """,
        parked_id,
        at,
        by,
        reason,
    )


async def list_open_counts(tx: Tx) -> list[Row]:
    """`kind, code, n` of what waits or needs a person."""
    return await tx.fetch(
        "SELECT kind, code, count(*) AS n FROM parked WHERE state IN ('waiting', 'person') GROUP BY kind, code"
    )


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot keep (NUL, halves of characters): nothing is too odd to park."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _json(envelope: dict[str, Any]) -> str:
    return storable(json.dumps(envelope, ensure_ascii=False).replace("\\u0000", "\\ufffd"))
