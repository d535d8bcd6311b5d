"""Rusun and makers: what is written of them."""

from datetime import date, datetime
from uuid import UUID

from services.training.domain.people import Rusun
from services.training.vault import SealedNik
from shared.contracts import training as contract
from shared.contracts.training import Maker
from shared.db import Tx


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


async def get_registered_at(tx: Tx, maker_id: UUID) -> datetime | None:
    """None when nobody is registered under this id."""
    at: datetime | None = await tx.fetchval("SELECT registered_at FROM maker WHERE maker_id = $1", maker_id)
    return at


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


async def add_home(tx: Tx, maker: Maker, since: date) -> None:
    """A row of her home's history: from `since` on, until a later row."""
    await tx.execute(
        """
        INSERT INTO maker_home (maker_id, since, rusun, block, unit)
        VALUES ($1, $2, $3, $4, $5)
        """,
        maker.maker_id,
        since,
        maker.rusun,
        maker.block,
        maker.unit,
    )


async def add_consents(tx: Tx, maker: Maker, by: str) -> None:
    await tx.execute(
        """
        INSERT INTO consent (maker_id, purpose, granted, at, recorded_by)
        SELECT $1, purpose, granted, at, $5
        FROM unnest($2::text[], $3::boolean[], $4::timestamptz[]) AS given (purpose, granted, at)
        """,
        maker.maker_id,
        [consent.purpose for consent in maker.consents],
        [consent.granted for consent in maker.consents],
        [consent.since for consent in maker.consents],
        by,
    )


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
