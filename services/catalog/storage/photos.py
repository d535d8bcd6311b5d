"""Photos, whom they show, and who agrees to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.catalog.storage import Mark
from shared.contracts.catalog.photos import Photo
from shared.db import Row, Tx

FOLDER_LOCK = 0x6B61727961
"""Held shared by who writes files and then their rows, alone by who looks for files without rows."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photo belongs, and what is said of it."""

    submission_id: UUID
    caption: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo's two files, by name, and its size."""

    web: str
    thumbnail: str
    width: int
    height: int


async def lock_folder(tx: Tx) -> None:
    """Until the end no file is taken for garbage."""
    await tx.execute("SELECT pg_advisory_xact_lock_shared($1)", FOLDER_LOCK)


async def claim_folder(tx: Tx) -> bool:
    """Until the end no file is written whose row is not there yet. False when somebody writes."""
    return bool(await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", FOLDER_LOCK))


async def lock_submission(tx: Tx, submission_id: UUID) -> bool:
    """False when there is no such submission."""
    return bool(await tx.fetchval("SELECT true FROM submission WHERE submission_id = $1 FOR UPDATE", submission_id))


async def get_submission_of(tx: Tx, sku: str) -> UUID | None:
    found: UUID | None = await tx.fetchval("SELECT submission_id FROM product WHERE sku = $1", sku)
    return found


async def get_count(tx: Tx, submission_id: UUID) -> int:
    count: int = await tx.fetchval("SELECT count(*) FROM whole_photo WHERE submission_id = $1", submission_id)
    return count


async def list_unwilling(tx: Tx, maker_ids: Sequence[UUID]) -> list[UUID]:
    """Those of `maker_ids` who have withdrawn their consent to photos."""
    rows = await tx.fetch(
        "SELECT maker_id FROM photo_consent WHERE maker_id = ANY ($1::uuid[]) AND NOT granted", maker_ids
    )
    return [row["maker_id"] for row in rows]


async def add_photo(tx: Tx, photo_id: UUID, place: Place, kept: Kept, mark: Mark) -> bool:
    """False when the submission has this photo already."""
    added = await tx.fetchval(
        """
        INSERT INTO photo (photo_id, submission_id, caption, web, thumbnail, width, height, added_at, added_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (submission_id, web) WHERE removed_at IS NULL DO NOTHING
        RETURNING true
        """,
        photo_id,
        place.submission_id,
        place.caption,
        kept.web,
        kept.thumbnail,
        kept.width,
        kept.height,
        mark.at,
        mark.by,
    )
    return bool(added)


async def add_photo_makers(tx: Tx, photo_id: UUID, maker_ids: Sequence[UUID]) -> None:
    await tx.execute(
        """
        INSERT INTO photo_maker (photo_id, maker_id, position)
        SELECT $1, maker_id, position FROM unnest($2::uuid[]) WITH ORDINALITY AS shown (maker_id, position)
        """,
        photo_id,
        maker_ids,
    )


async def get_photo(tx: Tx, photo_id: UUID) -> tuple[Photo, Kept] | None:
    """One that has not been removed."""
    row = await tx.fetchrow("SELECT * FROM whole_photo WHERE photo_id = $1", photo_id)
    return (as_photo(row), Kept(row["web"], row["thumbnail"], row["width"], row["height"])) if row else None


async def mark_removed(tx: Tx, photo_id: UUID, reason: str, mark: Mark) -> None:
    await tx.execute(
        "UPDATE photo SET removed_at = $2, removed_by = $3, removed_why = $4 WHERE photo_id = $1",
        photo_id,
        mark.at,
        mark.by,
        reason,
    )


async def mark_removed_of(tx: Tx, maker_ids: Sequence[UUID], reason: str, mark: Mark) -> None:
    """All photos that show one of these makers."""
    await tx.execute(
        """
        UPDATE photo SET removed_at = $2, removed_by = $3, removed_why = $4
        WHERE removed_at IS NULL
          AND photo_id IN (SELECT photo_id FROM photo_maker WHERE maker_id = ANY ($1::uuid[]))
        """,
        maker_ids,
        mark.at,
        mark.by,
        reason,
    )


async def mark_consents(tx: Tx, said: Sequence[tuple[UUID, bool, datetime, bool]]) -> None:
    """The latest of each maker counts, in whatever order they come; of two at one moment the no."""
    makers, granted, moments, final = zip(*said, strict=True)
    await tx.execute(
        """
        INSERT INTO photo_consent (maker_id, granted, at, final)
        SELECT DISTINCT ON (maker_id) maker_id, granted, at, final
        FROM unnest($1::uuid[], $2::bool[], $3::timestamptz[], $4::bool[]) AS said (maker_id, granted, at, final)
        ORDER BY maker_id, final DESC, at DESC, granted
        ON CONFLICT (maker_id) DO UPDATE SET granted = excluded.granted, at = excluded.at, final = excluded.final
        WHERE NOT photo_consent.final
          AND (excluded.final OR photo_consent.at < excluded.at
               OR photo_consent.at = excluded.at AND NOT excluded.granted)
        """,
        makers,
        granted,
        moments,
        final,
    )


async def list_needed(tx: Tx, names: Sequence[str]) -> set[str]:
    """Those of these files that belong to a photo."""
    rows = await tx.fetch(
        """
        SELECT web AS name FROM photo WHERE removed_at IS NULL AND web = ANY ($1::text[])
        UNION
        SELECT thumbnail FROM photo WHERE removed_at IS NULL AND thumbnail = ANY ($1::text[])
        """,
        names,
    )
    return {row["name"] for row in rows}


def as_photo(row: Row) -> Photo:
    """A row of `whole_photo`."""
    return Photo.model_validate(dict(row))
