"""Photos come, go, and are hidden when somebody whom they show no longer agrees."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from services.catalog.domain import photos as domain
from services.catalog.domain.selection import check_makers
from services.catalog.files import Files
from services.catalog.handlers.selection import refuse_anonymised
from services.catalog.photos import Developed, develop
from services.catalog.storage import Mark, forgetting, selection
from services.catalog.storage import photos as storage
from shared.contracts.catalog.photos import AddPhoto, AddProductPhoto, Photo, RemovePhoto, read_makers
from shared.contracts.message import Event
from shared.contracts.training import ConsentChanged, MakerAnonymised, Purpose
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome


async def add_photo(command: Received[AddPhoto], tx: Tx, files: Files) -> tuple[Photo, list[Event]]:
    """Of a submission, decided or not."""
    wanted = command.data
    return await _add(command, wanted.submission_id, tx, files), []


async def add_product_photo(command: Received[AddProductPhoto], tx: Tx, files: Files) -> tuple[Photo, list[Event]]:
    """Of the submission that the product was."""
    submission_id = await storage.get_submission_of(tx, command.data.sku)
    if submission_id is None:
        raise NotFound("product_unknown", f"no product {command.data.sku}")
    return await _add(command, submission_id, tx, files), []


async def _add(
    command: Received[AddPhoto] | Received[AddProductPhoto], submission_id: UUID, tx: Tx, files: Files
) -> Photo:
    wanted, shown = command.data, read_makers(command.data.shows)
    await refuse_anonymised(tx, shown)
    if not await storage.lock_submission(tx, submission_id):
        raise NotFound("submission_unknown", f"no submission {submission_id}")
    domain.check_room(await storage.get_count(tx, submission_id))
    check_makers(await selection.list_unknown_makers(tx, shown))
    domain.check_agreed(await storage.list_unwilling(tx, shown))
    await storage.lock_folder(tx)
    kept = await asyncio.to_thread(_keep, wanted.content, files)
    mark = Mark(by=command.actor, at=command.now)
    place = storage.Place(submission_id, wanted.caption)
    if not await storage.add_photo(tx, command.id, place, kept, mark):
        raise Conflict("photo_already_there", "this very photo is there already")
    await storage.add_photo_makers(tx, command.id, shown)
    photo, _ = await _get(tx, command.id)
    return photo


def _keep(content: bytes, files: Files) -> storage.Kept:
    """Files first, then their row: a crash in between leaves a file that nobody needs, never a row without one."""
    developed: Developed = develop(content)
    return storage.Kept(files.put(developed.web), files.put(developed.thumbnail), developed.width, developed.height)


async def remove_photo(command: Received[RemovePhoto], tx: Tx) -> tuple[Photo, list[Event]]:
    """Its files are without a row from now on."""
    photo, _ = await _get(tx, command.data.photo_id)
    await storage.lock_submission(tx, photo.submission_id)
    await _get(tx, command.data.photo_id)  # somebody may have been quicker
    mark = Mark(by=command.actor, at=command.now)
    await storage.mark_removed(tx, photo.photo_id, command.data.reason, mark)
    return photo, []


async def follow_consents(changed: Sequence[Received[ConsentChanged]], tx: Tx) -> list[Outcome]:
    """A no hides every photo that shows her, here and at once; a yes shows them again."""
    said = [event.data for event in changed if event.data.purpose is Purpose.CATALOGUE_PHOTO]
    if said:
        await storage.mark_consents(tx, [(one.maker_id, one.granted, one.at, False) for one in said])
    return []


async def forget_makers(anonymised: Sequence[Received[MakerAnonymised]], tx: Tx) -> list[Outcome]:
    """Photos that show her are removed, and what was written of her: nobody is left who could agree again."""
    said = [event.data for event in anonymised]
    makers = [one.maker_id for one in said]
    await forgetting.lock_makers(tx, makers)
    await storage.mark_consents(tx, [(one.maker_id, False, one.at, True) for one in said])
    mark = Mark(by="service:catalog", at=max(event.now for event in anonymised))
    await storage.mark_removed_of(tx, makers, "the maker was anonymised", mark)
    for forget in forgetting.FORGETTING:
        await forget(tx, makers)
    return []


async def _get(tx: Tx, photo_id: UUID) -> tuple[Photo, storage.Kept]:
    found = await storage.get_photo(tx, photo_id)
    if found is None:
        raise NotFound("photo_unknown", f"no photo {photo_id}")
    return found
