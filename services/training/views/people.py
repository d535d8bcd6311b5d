"""Makers: who they are, where they live today, how to reach them."""

from datetime import date, datetime
from uuid import UUID

from services.training.domain.calendar import jakarta_day
from services.training.domain.people import e164
from services.training.storage import makers
from shared.contracts.training import Contact, Contacts, GetContacts, GetMaker, ListMakers, Maker, Makers, Purpose
from shared.contracts.training.names import GetNames, MakerName, MakerNames
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_place, encode_cursor


async def get_maker(query: Received[GetMaker], tx: Tx) -> Maker:
    """Where she lives today, her latest consents, her NIK by its last four digits."""
    maker = await makers.get_maker(tx, query.data.maker_id, jakarta_day(query.now))
    if maker is None:
        raise _unknown(query.data.maker_id)
    return maker


async def find_maker(tx: Tx, maker_id: UUID) -> None:
    """Raises NotFound when nobody has this id."""
    if not await tx.fetchval("SELECT EXISTS (SELECT FROM maker WHERE maker_id = $1)", maker_id):
        raise _unknown(maker_id)


async def list_makers(query: Received[ListMakers], tx: Tx) -> Makers:
    """In the order in which they registered, each with her home of today, or of the day that is asked for."""
    day, limit = query.data.at or jakarta_day(query.now), query.data.limit
    after = decode_place(query.data.cursor)
    found = await _find_makers(tx, query.data, day, after)
    items = await makers.list_makers(tx, found[:limit], day)
    more = len(found) > limit
    return Makers(items=items, next=encode_cursor(items[-1].registered_at, items[-1].maker_id) if more else None)


async def get_contacts(query: Received[GetContacts], tx: Tx) -> Contacts:
    """How to reach these makers; those whom nobody knows are left out."""
    rows = await tx.fetch(
        """
        SELECT m.maker_id, m.name, m.phone, m.email, m.language,
               m.anonymised_at IS NULL AND coalesce(c.granted, false) AS may_notify
        FROM maker m
        LEFT JOIN standing_consent c ON c.maker_id = m.maker_id AND c.purpose = $2
        WHERE m.maker_id = ANY ($1::uuid[])
        ORDER BY m.maker_id
        """,
        query.data.maker_ids,
        Purpose.NOTICES,
    )
    return Contacts(items=[Contact(**row) for row in rows])


async def get_names(query: Received[GetNames], tx: Tx) -> MakerNames:
    """For papers. Those whom nobody knows are left out."""
    rows = await tx.fetch(
        "SELECT maker_id, name FROM maker WHERE maker_id = ANY ($1::uuid[]) ORDER BY maker_id", query.data.maker_ids
    )
    return MakerNames(items=[MakerName(**row) for row in rows])


async def _find_makers(tx: Tx, asked: ListMakers, day: date, after: tuple[datetime | None, UUID | None]) -> list[UUID]:
    """One more than are asked for, when there are."""
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
          AND ($5::text IS NULL OR strpos(lower(m.name), lower($5)) > 0)
          AND ($6::text IS NULL OR m.phone = $6)
        ORDER BY m.registered_at, m.maker_id
        LIMIT $7
        """,
        day,
        asked.rusun,
        *after,
        asked.name,
        asked.phone and e164(asked.phone),
        asked.limit + 1,
    )
    return [row["maker_id"] for row in rows]


def _unknown(maker_id: UUID) -> NotFound:
    return NotFound("maker_not_found", f"There is no maker {maker_id}")
