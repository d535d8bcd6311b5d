"""Makers of a list: who is registered already, and all the new ones at once, one statement for each table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from services.training.vault import SealedNik
from shared.db import Row, Tx


class NewMaker(NamedTuple):
    """A maker with her first home."""

    maker_id: UUID
    name: str
    phone: str
    email: str | None
    language: str
    since: date
    block: str
    unit: str


async def lock_rusun(tx: Tx, code: str) -> None:
    """Two lists for one rusun are taken in one after the other: the second sees whom the first has registered."""
    await tx.execute("SELECT FROM rusun WHERE code = $1 FOR NO KEY UPDATE", code)


async def list_known_niks(tx: Tx, fingerprints: Sequence[bytes]) -> dict[bytes, UUID]:
    """Whose they are."""
    rows = await tx.fetch(
        "SELECT fingerprint, maker_id FROM maker_nik WHERE fingerprint = ANY ($1::bytea[])", fingerprints
    )
    return {row["fingerprint"]: row["maker_id"] for row in rows}


async def list_known_homes(tx: Tx, rusun: str, phones: Sequence[str], units: Sequence[str]) -> list[Row]:
    """`maker_id, name, phone, unit, has_nik`: who was ever written down in this rusun and has such a number or unit."""
    return await tx.fetch(
        """
        SELECT DISTINCT m.maker_id, m.name, m.phone, h.unit, n.maker_id IS NOT NULL AS has_nik
        FROM maker m
        JOIN (
            SELECT maker_id, rusun, unit FROM maker_home
            UNION ALL
            SELECT maker_id, rusun, unit FROM maker_home_replaced
        ) h ON h.maker_id = m.maker_id AND h.rusun = $1
        LEFT JOIN maker_nik n ON n.maker_id = m.maker_id
        WHERE m.phone = ANY ($2::text[]) OR h.unit = ANY ($3::text[])
        ORDER BY m.maker_id
        """,
        rusun,
        phones,
        units,
    )


async def count_phones(tx: Tx, phones: Sequence[str]) -> dict[str, int]:
    """How many makers have each of these numbers."""
    rows = await tx.fetch(
        "SELECT phone, count(*) AS makers FROM maker WHERE phone = ANY ($1::text[]) GROUP BY phone", phones
    )
    return {row["phone"]: row["makers"] for row in rows}


async def add_makers(tx: Tx, makers: Sequence[NewMaker], at: datetime, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO maker (maker_id, name, phone, email, language, registered_at, registered_by)
        SELECT *, $6, $7 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        """,
        [maker.maker_id for maker in makers],
        [maker.name for maker in makers],
        [maker.phone for maker in makers],
        [maker.email for maker in makers],
        [maker.language for maker in makers],
        at,
        by,
    )


async def add_homes(tx: Tx, rusun: str, makers: Sequence[NewMaker], at: datetime, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO maker_home (maker_id, since, block, unit, rusun, recorded_at, recorded_by)
        SELECT *, $5, $6, $7 FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[])
        """,
        [maker.maker_id for maker in makers],
        [maker.since for maker in makers],
        [maker.block for maker in makers],
        [maker.unit for maker in makers],
        rusun,
        at,
        by,
    )


async def add_niks(tx: Tx, niks: Mapping[UUID, SealedNik]) -> set[UUID]:
    """Those makers whose NIK nobody else has by now."""
    rows = await tx.fetch(
        """
        INSERT INTO maker_nik (maker_id, sealed, fingerprint, last_four)
        SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[])
        ON CONFLICT (fingerprint) DO NOTHING
        RETURNING maker_id
        """,
        list(niks),
        [nik.sealed for nik in niks.values()],
        [nik.fingerprint for nik in niks.values()],
        [nik.last_four for nik in niks.values()],
    )
    return {row["maker_id"] for row in rows}


async def drop_makers(tx: Tx, maker_ids: Sequence[UUID]) -> None:
    """Whom somebody else has registered at the same moment, before anything is told of her."""
    await tx.execute("DELETE FROM maker WHERE maker_id = ANY ($1::uuid[])", maker_ids)
