"""Those who teach, where, and by which curriculum."""

from services.training.storage.teaching import as_curriculum
from shared.contracts.training.teaching import (
    Curricula,
    ListCurricula,
    ListPlaces,
    ListTrainers,
    Place,
    Places,
    Trainer,
    Trainers,
)
from shared.db import Row, Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, decode_number, encode_cursor


async def list_trainers(query: Received[ListTrainers], tx: Tx) -> Trainers:
    """By name."""
    asked = query.data
    after = decode_cursor(asked.cursor, 2)
    rows = await tx.fetch(
        """
        SELECT trainer_id, name, kind, crafts, institution, account
        FROM trainer
        WHERE ($1::text IS NULL OR $1 = ANY (crafts))
          AND ($2::text IS NULL OR kind = $2)
          AND ($3::text IS NULL OR (name, trainer_id::text) > ($3, $4))
        ORDER BY name, trainer_id::text
        LIMIT $5
        """,
        asked.craft,
        asked.kind,
        *(after or (None, None)),
        asked.limit + 1,
    )
    items = [Trainer(**row) for row in rows[: asked.limit]]
    more = len(rows) > len(items)
    return Trainers(items=items, next=encode_cursor(items[-1].name, items[-1].trainer_id) if more else None)


async def list_places(query: Received[ListPlaces], tx: Tx) -> Places:
    """By code."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    rows = await tx.fetch(
        """
        SELECT code, name, rusun, capacity
        FROM place
        WHERE ($1::text IS NULL OR rusun = $1) AND ($2::text IS NULL OR code > $2)
        ORDER BY code
        LIMIT $3
        """,
        asked.rusun,
        after[0] if after else None,
        asked.limit + 1,
    )
    items = [Place(**row) for row in rows[: asked.limit]]
    return Places(items=items, next=encode_cursor(items[-1].code) if len(rows) > len(items) else None)


async def list_curricula(query: Received[ListCurricula], tx: Tx) -> Curricula:
    """Each in its newest version; of one code all versions."""
    asked = query.data
    rows = await (_list_versions(query, tx) if asked.code else _list_newest(query, tx))
    shown = rows[: asked.limit]
    following = None
    if len(rows) > len(shown):
        following = encode_cursor(shown[-1]["version" if asked.code else "code"])
    return Curricula(items=[as_curriculum(row) for row in shown], next=following)


async def _list_newest(query: Received[ListCurricula], tx: Tx) -> list[Row]:
    after = decode_cursor(query.data.cursor, 1)
    return await tx.fetch(
        """
        SELECT DISTINCT ON (code) *
        FROM curriculum
        WHERE ($1::text IS NULL OR craft = $1) AND ($2::text IS NULL OR code > $2)
        ORDER BY code, version DESC
        LIMIT $3
        """,
        query.data.craft,
        after[0] if after else None,
        query.data.limit + 1,
    )


async def _list_versions(query: Received[ListCurricula], tx: Tx) -> list[Row]:
    return await tx.fetch(
        """
        SELECT *
        FROM curriculum
        WHERE code = $1 AND ($2::text IS NULL OR craft = $2) AND ($3::bigint IS NULL OR version < $3)
        ORDER BY version DESC
        LIMIT $4
        """,
        query.data.code,
        query.data.craft,
        decode_number(query.data.cursor),
        query.data.limit + 1,
    )
