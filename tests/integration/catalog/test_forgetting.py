"""What becomes of the free words about a maker who is anonymised, and of what somebody still tries to write."""

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.catalog.files import Files
from services.catalog.handlers import photos, selection, showing
from services.catalog.views import story as story_views
from shared.contracts.catalog import DecideSubmission, ResubmitProduct, SubmitProduct, Verdict, WithdrawSubmission
from shared.contracts.catalog.photos import AddPhoto
from shared.contracts.catalog.showing import GetStory, TellStory
from shared.contracts.training import MakerAnonymised
from shared.db import Pool, Tx
from shared.errors import Rejected
from tests.integration.catalog.builders import (
    ANI,
    NOON,
    WATI,
    Database,
    a_decision,
    a_product,
    a_shawl,
    approve,
    do,
    received,
    register,
    submit,
)
from tests.integration.training.builders import do_behind
from tests.unit.catalog.pictures import a_picture

TRACE = "Rohayati"


async def opened(database: Database) -> Pool:
    pool = await database("catalog")
    await register(pool, ANI, WATI)
    return pool


async def forget(pool: Pool, maker: UUID = ANI) -> None:
    async with pool.acquire() as tx, tx.transaction():
        await photos.forget_makers([received(MakerAnonymised(maker_id=maker, at=NOON))], tx)


async def found(pool: Pool) -> list[str]:
    """The tables that still name her."""
    tables = [row[0] for row in await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    statement = "SELECT count(*) FROM {} t WHERE t::text ILIKE $1"
    return [table for table in tables if await pool.fetchval(statement.format(table), f"%{TRACE}%")]


def told(*makers: UUID) -> SubmitProduct:
    return a_shawl(*makers).model_copy(update={"story": f"Ibu {TRACE} dari lantai dua belas."})


async def test_every_story_caption_and_reason_that_told_of_her_is_gone_from_every_table(
    database: Database, tmp_path: Path
) -> None:
    pool = await opened(database)
    first, _ = await do(pool, selection.submit_product, told(WATI, ANI))
    await do(pool, selection.decide_submission, a_decision(first, Verdict.CHANGES, "jahitan longgar", price=None))
    again = ResubmitProduct(submission_id=first.submission_id, what_changed="dijahit ulang")
    second, _ = await do(pool, selection.resubmit_product, again)
    approved, _ = await approve(pool, second)
    english = TellStory(sku=approved.sku or "", story_id=f"{TRACE} menenun", story_en=f"{TRACE} weaves")
    product, _ = await do(pool, showing.tell_story, english)
    wanted = AddPhoto(
        submission_id=first.submission_id, media_type="image/jpeg", content=a_picture(), caption=TRACE, shows=""
    )
    photo, _ = await do(pool, partial(photos.add_photo, files=Files(str(tmp_path))), wanted)
    taken_back, _ = await do(pool, selection.submit_product, told(ANI))
    because = WithdrawSubmission(submission_id=taken_back.submission_id, reason=f"Ibu {TRACE} is ill")
    await do(pool, selection.withdraw_submission, because)
    for reply in (product, photo):
        kept = {"reply": reply.model_dump(mode="json")}
        await pool.execute("INSERT INTO answered (id, digest, reply) VALUES ($1, '', $2)", uuid4(), kept)
    assert {"submission", "earlier_round", "product", "photo", "answered"} <= set(await found(pool))

    await forget(pool)

    assert await found(pool) == []
    shown = await do(pool, story_views.get_story, GetStory(code=approved.sku or ""))
    assert (shown.story_id, shown.story_en, [one.caption for one in shown.photos]) == (None, None, [""])
    replies = [row["reply"]["reply"] for row in await pool.fetch("SELECT reply FROM answered")]
    assert {reply.get("title", "photo") for reply in replies} == {"Parang shawl", "photo"}


async def test_what_others_made_keeps_its_words(database: Database) -> None:
    pool = await opened(database)
    await do(pool, selection.submit_product, told(WATI))

    await forget(pool)

    assert await found(pool) == ["submission"]


async def test_nothing_new_is_written_of_her(database: Database) -> None:
    pool = await opened(database)
    sku = await a_product(pool)
    asked = await submit(pool, ANI, WATI)
    await do(pool, selection.decide_submission, a_decision(asked, Verdict.CHANGES, "jahitan longgar", price=None))
    await forget(pool)

    changes: list[tuple[Any, Any]] = [
        (selection.submit_product, a_shawl(WATI, ANI)),
        (selection.resubmit_product, ResubmitProduct(submission_id=asked.submission_id, what_changed="dijahit ulang")),
        (showing.tell_story, TellStory(sku=sku, story_en="She weaves")),
    ]
    for handle, change in changes:
        with pytest.raises(Rejected) as refused:
            await do(pool, handle, change)
        assert refused.value.code == "maker_anonymised"


async def test_what_she_had_handed_in_can_still_be_decided(database: Database) -> None:
    pool = await opened(database)
    waiting, liked = await submit(pool), await submit(pool)
    await forget(pool)

    refused, _ = await do(
        pool,
        selection.decide_submission,
        DecideSubmission(submission_id=waiting.submission_id, verdict=Verdict.REJECT, reasons=["kain cetak"]),
    )
    approved, _ = await approve(pool, liked)

    assert (refused.state, approved.state) == ("rejected", "approved")


async def test_a_story_that_is_handed_in_at_the_same_moment_does_not_stay(database: Database) -> None:
    pool = await opened(database)

    async def first(tx: Tx) -> object:
        return await selection.submit_product(received(told(ANI)), tx)

    await do_behind(pool, first, forget(pool))

    assert await pool.fetchval("SELECT count(*) FROM submission") == 1
    assert await found(pool) == []
