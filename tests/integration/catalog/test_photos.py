"""Photos on a real database and a real folder: kept whole, shown as far as those agree whom they show, deleted."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.catalog.files import Files
from services.catalog.handlers import photos as handlers
from services.catalog.sweep import GRACE, sweep_files
from services.catalog.views import photos as views
from services.catalog.views import products as product_views
from shared.contracts.catalog import GetProduct, Submission
from shared.contracts.catalog.photos import (
    AddPhoto,
    AddProductPhoto,
    GetPhoto,
    GetPublicPhoto,
    ListPhotos,
    Photo,
    RemovePhoto,
)
from shared.contracts.training import ConsentChanged, MakerAnonymised, Purpose
from shared.db import Pool
from shared.errors import Conflict, Invalid, NotFound, NotYet, Rejected, Unavailable
from shared.runtime.requests import Requests
from shared.runtime.service import Tools
from shared.settings import Settings
from tests.integration.catalog.builders import ANI, NOON, WATI, Database, approve, do, received, register, submit
from tests.unit.catalog.pictures import a_picture

BUDI = UUID(int=3)
HOUR = timedelta(hours=1)


class Album:
    """A catalog with a folder and one submission by Ani."""

    def __init__(self, pool: Pool, folder: Path, submission: Submission) -> None:
        self.pool, self.folder, self.submission, self.files = pool, folder, submission, Files(str(folder))

    async def add(self, color: tuple[int, int, int] = (9, 9, 9), *shows: UUID, content: bytes = b"") -> Photo:
        wanted = AddPhoto(
            submission_id=self.submission.submission_id,
            media_type="image/jpeg",
            content=content or a_picture(color=color),
            caption="On the loom",
            shows=",".join([str(maker) for maker in shows]),
        )
        photo, _ = await do(self.pool, partial(handlers.add_photo, files=self.files), wanted)
        return photo

    async def listed(self) -> list[Photo]:
        listed = await do(self.pool, views.list_photos, ListPhotos(submission_id=self.submission.submission_id))
        return listed.items

    async def read(self, photo: Photo, kind: type[Any] = GetPublicPhoto, size: str = "web") -> bytes:
        handle: Any = views.get_public_photo if kind is GetPublicPhoto else views.get_photo
        document = await do(self.pool, partial(handle, files=self.files), kind(photo_id=photo.photo_id, size=size))
        return bytes(document.content)

    async def say(self, granted: bool, maker: UUID = ANI, minutes: int = 0, purpose: str = "catalogue-photo") -> None:
        at = NOON + timedelta(minutes=minutes)
        event = ConsentChanged(maker_id=maker, purpose=Purpose(purpose), granted=granted, at=at)
        async with self.pool.acquire() as tx, tx.transaction():
            await handlers.follow_consents([received(event)], tx)

    async def sweep(self) -> None:
        settings = Settings(database_url="", amqp_url="", files=str(self.folder))
        await sweep_files(Tools("catalog", self.pool, Requests("amqp://", "x", "/x"), settings, lambda: None))

    def on_disk(self) -> set[str]:
        return {path.name for path in self.folder.glob("*/*")}

    def age(self) -> None:
        """An hour passes in the folder."""
        for path in self.folder.glob("*/*"):
            os.utime(path, (time.time() - GRACE - 1,) * 2)


Open = Callable[[], Awaitable[Album]]


@pytest.fixture
def opened(database: Database, tmp_path: Path) -> Open:
    async def open_album() -> Album:
        pool = await database("catalog")
        await register(pool, ANI, WATI)
        return Album(pool, tmp_path, await submit(pool))

    return open_album


async def test_a_photo_is_kept_as_two_files_under_what_is_in_them(opened: Open) -> None:
    album = await opened()

    photo = await album.add((1, 2, 3), WATI, ANI)

    assert (photo.caption, photo.shows, photo.hidden) == ("On the loom", [WATI, ANI], False)
    assert (photo.width, photo.height) == (300, 200)
    assert await album.listed() == [photo]
    assert len(album.on_disk()) == 1, "300 pixels are web and thumbnail at once"
    assert (await album.read(photo, GetPhoto)).startswith(b"\xff\xd8\xff")


async def test_photos_of_a_submission_are_those_of_the_product_that_it_becomes(opened: Open) -> None:
    album = await opened()
    first = await album.add((1, 1, 1))
    with pytest.raises(NotFound, match="photo_unknown"):
        await album.read(first)

    approved, _ = await approve(album.pool, album.submission)
    sku = approved.sku or ""
    wanted = AddProductPhoto(sku=sku, media_type="image/png", content=a_picture("PNG", color=(200, 2, 2)))
    second, _ = await do(album.pool, partial(handlers.add_product_photo, files=album.files), wanted)

    product = await do(album.pool, product_views.get_product, GetProduct(sku=sku))
    assert product.photos == [first, second] == await album.listed()
    assert await album.read(first)


async def test_however_many_come_at_once_eight_are_kept(opened: Open) -> None:
    album = await opened()

    came = await asyncio.gather(*[album.add((20 * n, 9, 9)) for n in range(12)], return_exceptions=True)

    assert sum(isinstance(one, Photo) for one in came) == 8
    assert {one.code for one in came if isinstance(one, Rejected)} == {"too_many_photos"}
    assert len(await album.listed()) == 8


async def test_what_is_no_photo_is_refused_and_leaves_nothing(opened: Open) -> None:
    album = await opened()

    with pytest.raises(Invalid) as refused:
        await album.add(content=b"<svg xmlns='http://www.w3.org/2000/svg'/>")

    assert refused.value.errors[0]["field"] == "content"
    assert (album.on_disk(), await album.listed()) == (set(), [])


async def test_what_does_not_fit_is_refused_by_its_name(opened: Open) -> None:
    album = await opened()
    await album.add((5, 5, 5))
    with pytest.raises(Conflict, match="photo_already_there"):
        await album.add((5, 5, 5))
    with pytest.raises(NotYet, match="maker_unknown"):
        await album.add((6, 6, 6), BUDI)
    await album.say(False)
    with pytest.raises(Rejected, match="photo_not_agreed"):
        await album.add((7, 7, 7), ANI)
    album.files = Files("")
    with pytest.raises(Unavailable, match="KARYA_FILES"):
        await album.add((8, 8, 8))
    album.submission = album.submission.model_copy(update={"submission_id": uuid4()})
    with pytest.raises(NotFound, match="submission_unknown"):
        await album.add()
    with pytest.raises(NotFound, match="submission_unknown"):
        await album.listed()


async def test_a_consent_that_is_withdrawn_hides_every_photo_that_shows_her_and_no_other(opened: Open) -> None:
    album = await opened()
    hers, both, of_things = await album.add((1, 0, 0), ANI), await album.add((2, 0, 0), WATI, ANI), await album.add()
    await approve(album.pool, album.submission)
    assert await album.read(both)

    await album.say(False)

    assert [photo.hidden for photo in await album.listed()] == [True, True, False]
    for photo in (hers, both):
        with pytest.raises(NotFound, match="photo_unknown"):
            await album.read(photo)
        with pytest.raises(Rejected, match="photo_hidden"):
            await album.read(photo, GetPhoto)
    assert await album.read(of_things)


async def test_a_juror_sees_no_face_and_no_caption_until_she_has_spoken(opened: Open) -> None:
    album = await opened()
    hers, of_things = await album.add((1, 0, 0), ANI), await album.add()
    asked = ListPhotos(submission_id=album.submission.submission_id)
    dewi = "juror:dewi"

    blind = (await do(album.pool, views.list_photos, asked, dewi)).items
    face = GetPhoto(photo_id=hers.photo_id, size="web")
    with pytest.raises(Rejected, match="photo_tells_whose"):
        await do(album.pool, partial(views.get_photo, files=album.files), face, dewi)
    await approve(album.pool, album.submission)

    assert blind == [of_things.model_copy(update={"caption": ""})]
    assert (await do(album.pool, views.list_photos, asked, dewi)).items == [hers, of_things]
    assert (await do(album.pool, partial(views.get_photo, files=album.files), face, dewi)).content


async def test_the_latest_word_counts_in_whatever_order_it_comes(opened: Open) -> None:
    album = await opened()
    await album.add((1, 0, 0), ANI)
    for granted, minutes, hidden in ((False, 5, True), (True, 3, True), (True, 8, False), (False, 8, True)):
        await album.say(granted, minutes=minutes)
        assert [photo.hidden for photo in await album.listed()] == [hidden], (granted, minutes)
    await album.say(True, minutes=9, purpose="public-name")
    assert [photo.hidden for photo in await album.listed()] == [True]


async def test_photos_of_a_maker_who_was_anonymised_are_gone_for_good(opened: Open) -> None:
    album = await opened()
    hers, of_things = await album.add((1, 0, 0), WATI, ANI), await album.add()
    await album.say(True, minutes=1)
    async with album.pool.acquire() as tx, tx.transaction():
        await handlers.forget_makers([received(MakerAnonymised(maker_id=ANI, at=NOON))], tx)

    await album.say(True, minutes=99)

    assert await album.listed() == [of_things.model_copy(update={"caption": ""})]
    with pytest.raises(NotFound):
        await album.read(hers, GetPhoto)
    album.age()
    await album.sweep()
    assert len(album.on_disk()) == 1


async def test_a_photo_that_is_removed_is_gone_and_its_files_soon(opened: Open) -> None:
    album = await opened()
    gone, stays = await album.add((200, 0, 0)), await album.add((0, 200, 0))
    before = album.on_disk()

    removal = RemovePhoto(photo_id=gone.photo_id, reason="shows a child")
    await do(album.pool, handlers.remove_photo, removal)

    assert await album.listed() == [stays]
    with pytest.raises(NotFound, match="photo_unknown"):
        await do(album.pool, handlers.remove_photo, removal)
    await album.sweep()
    assert album.on_disk() == before, "what was written just now is left alone"
    album.age()
    await album.sweep()
    assert len(album.on_disk()) == 1
    assert await album.read(stays, GetPhoto)
    row = await album.pool.fetchrow("SELECT removed_by, removed_why FROM photo WHERE photo_id = $1", gone.photo_id)
    assert tuple(row or ()) == ("coordinator:rini", "shows a child")


async def test_a_file_that_two_photos_share_stays_until_both_are_gone(opened: Open) -> None:
    album = await opened()
    first = await album.add((1, 1, 1))
    other = Album(album.pool, album.folder, await submit(album.pool, title="Another"))
    second = await other.add((1, 1, 1))
    for photo, left in ((first, 1), (second, 0)):
        await do(album.pool, handlers.remove_photo, RemovePhoto(photo_id=photo.photo_id, reason="blurred"))
        album.age()
        await album.sweep()
        assert len(album.on_disk()) == left


async def test_what_a_crash_left_behind_is_deleted(opened: Open) -> None:
    album = await opened()
    kept = await album.add((1, 1, 1))
    album.files.put(b"a file whose row was never committed")
    (album.folder / "ab").mkdir(exist_ok=True)
    (album.folder / "ab" / "unfinished.part").write_bytes(b"half")
    album.age()

    await album.sweep()

    assert len(album.on_disk()) == 1
    assert await album.read(kept, GetPhoto)


async def test_no_file_is_swept_while_its_photo_is_being_added(opened: Open) -> None:
    album = await opened()
    async with album.pool.acquire() as tx, tx.transaction():
        wanted = AddPhoto(
            submission_id=album.submission.submission_id, media_type="image/jpeg", content=a_picture(color=(3, 3, 3))
        )
        photo, _ = await handlers.add_photo(received(wanted), tx, album.files)
        album.age()
        await album.sweep()
        assert len(album.on_disk()) == 1

    assert await album.read(photo, GetPhoto)
