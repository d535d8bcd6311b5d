"""Makers: who they are, where they live today, how to reach them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training.domain.calendar import jakarta_day
from services.training.domain.people import masked
from shared.contracts.training import Contact, Contacts, GetContacts, GetMaker, ListMakers, Maker, Makers, Purpose
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor


async def get_maker(query: Received[GetMaker], tx: Tx) -> Maker:
    """Where she lives today, her latest consents, her NIK by its last four digits."""
    makers = await _read_makers(tx, [query.data.maker_id], jakarta_day(query.now))
    if not makers:
        raise NotFound("maker_not_found", f"There is no maker {query.data.maker_id}")
    return makers[0]


async def list_makers(query: Received[ListMakers], tx: Tx) -> Makers:
    """In the order in which they registered; with `rusun`, those who live there today."""
    today, limit = jakarta_day(query.now), query.data.limit
    after = decode_place(query.data.cursor)
    found = await _find_makers(tx, today, query.data.rusun, after, limit + 1)
    items = await _read_makers(tx, found[:limit], today)
    more = len(found) > limit
    return Makers(items=items, next=encode_cursor(items[-1].registered_at, items[-1].maker_id) if more else None)


async def get_contacts(query: Received[GetContacts], tx: Tx) -> Contacts:
    """How to reach these makers; those whom nobody knows are left out."""
    rows = await tx.fetch(
        """
        SELECT m.maker_id, m.name, m.phone, m.email, m.language, coalesce(c.granted, false) AS may_notify
        FROM maker m
        LEFT JOIN standing_consent c ON c.maker_id = m.maker_id AND c.purpose = $2
        WHERE m.maker_id = ANY ($1::uuid[])
        ORDER BY m.maker_id
        """,
        query.data.maker_ids,
        Purpose.NOTICES,
    )
    return Contacts(items=[Contact(**row) for row in rows])


async def _find_makers(
    tx: Tx, today: date, rusun: str | None, after: tuple[datetime | None, UUID | None], limit: int
) -> list[UUID]:
    rows = await tx.fetch(
        """
        SELECT m.maker_id
        FROM maker m
        CROSS JOIN LATERAL (
            SELECT rusun FROM maker_home
            WHERE maker_id = m.maker_id AND since <= $1
            ORDER BY since DESC LIMIT 1
        ) home
        WHERE ($2::text IS NULL OR home.rusun = $2)
          AND ($3::timestamptz IS NULL OR (m.registered_at, m.maker_id) > ($3, $4::uuid))
        ORDER BY m.registered_at, m.maker_id
        LIMIT $5
        """,
        today,
        rusun,
        *after,
        limit,
    )
    return [row["maker_id"] for row in rows]


async def _read_makers(tx: Tx, maker_ids: Sequence[UUID], today: date) -> list[Maker]:
    rows = await tx.fetch(
        """
        SELECT m.maker_id, m.name, m.phone, m.email, m.language, m.registered_at,
               home.rusun, home.block, home.unit, n.last_four,
               ARRAY (
                   SELECT jsonb_build_object('purpose', purpose, 'granted', granted, 'since', at)
                   FROM standing_consent
                   WHERE maker_id = m.maker_id
                   ORDER BY purpose
               ) AS consents
        FROM maker m
        CROSS JOIN LATERAL (
            SELECT rusun, block, unit FROM maker_home
            WHERE maker_id = m.maker_id AND since <= $2
            ORDER BY since DESC LIMIT 1
        ) home
        LEFT JOIN maker_nik n USING (maker_id)
        WHERE m.maker_id = ANY ($1::uuid[])
        ORDER BY m.registered_at, m.maker_id
        """,
        maker_ids,
        today,
    )
    return [_maker(row) for row in rows]


def _maker(row: Row) -> Maker:
    fields: dict[str, Any] = dict(row)
    return Maker(nik=masked(fields.pop("last_four")), **fields)
