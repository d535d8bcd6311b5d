"""Rusun and makers: what is written of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.training.domain.people import Rusun
from services.training.vault import SealedNik
from shared.contracts import training as contract
from shared.contracts.training import Maker
from shared.db import Row, Tx


class Contact(NamedTuple):
    """None leaves what is written; an empty e-mail address takes hers away."""

    name: str | None
    phone: str | None
    email: str | None
    language: str | None


async def add_cooperative(tx: Tx, code: str, name: str) -> None:
    """Adds it unless it is there; `get_cooperative_name` tells under which name."""
    await tx.execute(
        """
        INSERT INTO cooperative (code, name) VALUES ($1, $2)
        ON CONFLICT (code) DO NOTHING
        """,
        code,
        name,
    )


async def get_cooperative_name(tx: Tx, code: str) -> str | None:
    name: str | None = await tx.fetchval("SELECT name FROM cooperative WHERE code = $1", code)
    return name


async def add_rusun(tx: Tx, rusun: contract.Rusun, at: datetime, by: str) -> bool:
    """False when the code is taken."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO rusun (code, name, cooperative, registered_at, registered_by)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (code) DO NOTHING
            RETURNING true
            """,
            rusun.code,
            rusun.name,
            rusun.cooperative,
            at,
            by,
        )
    )


async def get_rusun(tx: Tx, code: str) -> Rusun | None:
    row = await tx.fetchrow("SELECT code, name, cooperative FROM rusun WHERE code = $1", code)
    return Rusun(**row) if row else None


async def lock_maker(tx: Tx, maker_id: UUID) -> Row | None:
    """`registered_at, anonymised_at`; whoever else would change something of hers waits. None: nobody has this id."""
    return await tx.fetchrow(
        "SELECT registered_at, anonymised_at FROM maker WHERE maker_id = $1 FOR NO KEY UPDATE", maker_id
    )


async def list_anonymised(tx: Tx, maker_ids: Sequence[UUID]) -> list[UUID]:
    """Those of them who are."""
    rows = await tx.fetch(
        """
        SELECT maker_id FROM maker WHERE maker_id = ANY ($1::uuid[]) AND anonymised_at IS NOT NULL ORDER BY maker_id
        """,
        maker_ids,
    )
    return [row["maker_id"] for row in rows]


async def count_others(tx: Tx, maker_id: UUID, phone: str) -> int:
    """Other makers with this number."""
    others: int = await tx.fetchval("SELECT count(*) FROM maker WHERE phone = $2 AND maker_id <> $1", maker_id, phone)
    return others


async def add_maker(tx: Tx, maker: Maker, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO maker (maker_id, name, phone, email, language, registered_at, registered_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        maker.maker_id,
        maker.name,
        maker.phone,
        maker.email,
        maker.language,
        maker.registered_at,
        by,
    )


async def mark_contact(tx: Tx, maker_id: UUID, contact: Contact) -> str:
    """Writes what is given over what was; her phone as it is now."""
    phone: str = await tx.fetchval(
        """
        UPDATE maker
        SET name = coalesce($2, name), phone = coalesce($3, phone), language = coalesce($5, language),
            email = CASE WHEN $4 = '' THEN NULL ELSE coalesce($4, email) END
        WHERE maker_id = $1
        RETURNING phone
        """,
        maker_id,
        *contact,
    )
    return phone


async def drop_nik(tx: Tx, maker_id: UUID) -> None:
    await tx.execute("DELETE FROM maker_nik WHERE maker_id = $1", maker_id)


async def add_nik(tx: Tx, maker_id: UUID, nik: SealedNik) -> bool:
    """False when another maker has this NIK."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO maker_nik (maker_id, sealed, fingerprint, last_four)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (fingerprint) DO NOTHING
            RETURNING true
            """,
            maker_id,
            nik.sealed,
            nik.fingerprint,
            nik.last_four,
        )
    )
