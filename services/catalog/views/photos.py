"""Photos, and their bytes."""

import asyncio
from uuid import UUID

from services.catalog.domain import photos as domain
from services.catalog.domain.jury import is_blind
from services.catalog.files import Files
from services.catalog.storage import photos as storage
from services.catalog.storage import selection
from shared.contracts.catalog.photos import GetPhoto, GetPublicPhoto, ListPhotos, Photo, Photos, PublicPhoto, Size
from shared.contracts.message import Document
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received

JPEG = "image/jpeg"


async def list_photos(query: Received[ListPhotos], tx: Tx) -> Photos:
    """What a juror looks at: nothing that tells whose it is, until she has spoken."""
    submission_id = query.data.submission_id
    blind = await _is_blind(tx, submission_id, query.actor)
    rows = await tx.fetch("SELECT * FROM whole_photo WHERE submission_id = $1 ORDER BY seq", submission_id)
    return Photos(items=domain.conceal([storage.as_photo(row) for row in rows], blind=blind))


async def get_photo(query: Received[GetPhoto], tx: Tx, files: Files) -> Document:
    """For staff."""
    asked = query.data
    photo, kept = await _get(tx, asked.photo_id)
    domain.check_seen(photo, blind=await _is_blind(tx, photo.submission_id, query.actor))
    return Document(media_type=JPEG, filename=_name(photo, asked.size), content=await _read(files, kept, asked.size))


async def get_public_photo(query: Received[GetPublicPhoto], tx: Tx, files: Files) -> PublicPhoto:
    """For buyers: what is hidden, or of no product, is not there."""
    asked = query.data
    photo, kept = await _get(tx, asked.photo_id)
    product = await tx.fetchval("SELECT true FROM product WHERE submission_id = $1", photo.submission_id)
    if photo.hidden or not product:
        raise NotFound("photo_unknown", f"no photo {asked.photo_id}")
    content = await _read(files, kept, asked.size)
    return PublicPhoto(media_type=JPEG, filename=_name(photo, asked.size), content=content, shows=photo.shows)


async def _is_blind(tx: Tx, submission_id: UUID, actor: str) -> bool:
    submission = await selection.get_submission(tx, submission_id)
    if submission is None:
        raise NotFound("submission_unknown", f"no submission {submission_id}")
    return is_blind(submission, actor)


async def _get(tx: Tx, photo_id: UUID) -> tuple[Photo, storage.Kept]:
    found = await storage.get_photo(tx, photo_id)
    if found is None:
        raise NotFound("photo_unknown", f"no photo {photo_id}")
    return found


async def _read(files: Files, kept: storage.Kept, size: Size) -> bytes:
    return await asyncio.to_thread(files.get, kept.web if size == "web" else kept.thumbnail)


def _name(photo: Photo, size: Size) -> str:
    return f"photo-{photo.photo_id}-{size}.jpg"
