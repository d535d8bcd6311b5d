"""Makers as people and other services see them, on a real database."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from services.training.views import people as people_views
from shared.contracts.training import GetContacts, GetMaker, Language, ListMakers, Purpose
from shared.contracts.training.names import GetNames, MakerName
from shared.db import Pool
from shared.errors import Invalid, NotFound
from shared.runtime.paging import encode_cursor
from tests.integration.training.builders import NOON, Database, do, register, register_rusun
from tests.integration.training.people_builders import anonymise


async def test_consents_are_kept_by_purpose_and_the_latest_stands(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    given = [Purpose.TRAINING, Purpose.NOTICES, Purpose.NOTICES]
    maker = await register(pool, consents=given)
    later = NOON + timedelta(days=3)

    await withdraw_notices(pool, maker.maker_id, later)

    seen = await do(pool, people_views.get_maker, GetMaker(maker_id=maker.maker_id))
    assert [(c.purpose, c.granted) for c in maker.consents] == [(Purpose.NOTICES, True), (Purpose.TRAINING, True)]
    assert [(c.purpose, c.granted, c.since) for c in seen.consents] == [
        (Purpose.NOTICES, False, later),
        (Purpose.TRAINING, True, NOON),
    ]


async def test_contacts_tell_who_may_be_noticed_and_leave_strangers_out(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    with_notices = [Purpose.TRAINING, Purpose.NOTICES]
    ani = await register(pool, consents=with_notices, email="ani@example.org", language=Language.ENGLISH)
    wati = await register(pool, name="Ibu Wati")
    sari = await register(pool, name="Ibu Sari", consents=with_notices)
    await withdraw_notices(pool, sari.maker_id, NOON)

    asked = GetContacts(maker_ids=[sari.maker_id, UUID(int=1), ani.maker_id, wati.maker_id])
    contacts = {contact.maker_id: contact for contact in (await do(pool, people_views.get_contacts, asked)).items}

    assert {maker: contact.may_notify for maker, contact in contacts.items()} == {
        ani.maker_id: True,
        wati.maker_id: False,
        sari.maker_id: False,
    }
    first = contacts[ani.maker_id]
    assert (first.name, first.phone, first.email) == ("Ibu Ani", "+6281234567890", "ani@example.org")
    assert first.language is Language.ENGLISH


async def test_the_pages_of_a_list_hold_every_maker_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    registered = [(await register(pool, NOON + timedelta(seconds=n // 3))).maker_id for n in range(8)]
    seen: list[UUID] = []
    cursor, pages = None, 0

    while cursor or not pages:
        page = await do(pool, people_views.list_makers, ListMakers(limit=3, cursor=cursor))
        seen += [maker.maker_id for maker in page.items]
        cursor, pages = page.next, pages + 1

    assert pages == 3
    assert len(seen) == 8
    assert set(seen) == set(registered)


async def test_the_last_full_page_says_that_it_is_the_last(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    for _ in range(2):
        await register(pool)

    page = await do(pool, people_views.list_makers, ListMakers(limit=2))

    assert (len(page.items), page.next) == (2, None)


async def test_a_rusuns_list_goes_by_where_makers_live_now(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "komarudin")
    long_ago = date(2019, 2, 1)
    stays, moved = await register(pool, since=long_ago), await register(pool, since=long_ago)
    moves_soon = await register(pool, since=long_ago)
    await move(pool, moved.maker_id, date(2026, 11, 1))
    await move(pool, moves_soon.maker_id, date(2026, 12, 1))

    here = await do(pool, people_views.list_makers, ListMakers(rusun="pulogebang"))
    there = await do(pool, people_views.list_makers, ListMakers(rusun="komarudin"))

    assert {maker.maker_id for maker in here.items} == {stays.maker_id, moves_soon.maker_id}
    assert [(maker.maker_id, maker.block, maker.unit) for maker in there.items] == [(moved.maker_id, "C", "3")]


@pytest.mark.parametrize("cursor", ["nonsense", encode_cursor("yesterday", "somebody"), encode_cursor("only one")])
async def test_a_cursor_that_was_never_ours_is_refused(database: Database, cursor: str) -> None:
    pool = await database("training")

    with pytest.raises(Invalid) as refused:
        await do(pool, people_views.list_makers, ListMakers(cursor=cursor))

    assert refused.value.errors[0]["field"] == "cursor"


async def test_a_stranger_is_not_found(database: Database) -> None:
    pool = await database("training")

    with pytest.raises(NotFound) as refused:
        await do(pool, people_views.get_maker, GetMaker(maker_id=UUID(int=9)))

    assert refused.value.code == "maker_not_found"


async def withdraw_notices(pool: Pool, maker: UUID, at: datetime) -> None:
    await pool.execute(
        "INSERT INTO consent (maker_id, purpose, granted, at, recorded_by) VALUES ($1, 'notices', false, $2, 'x')",
        maker,
        at,
    )


async def move(pool: Pool, maker: UUID, since: date) -> None:
    await pool.execute(
        """
        INSERT INTO maker_home (maker_id, since, rusun, block, unit, recorded_at, recorded_by)
        VALUES ($1, $2, 'komarudin', 'C', '3', now(), 'x')
        """,
        maker,
        since,
    )


async def test_a_paper_is_told_names_and_nothing_else(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    ani, sari = await register(pool, name="Ibu Ani"), await register(pool, name="Ibu Sari")
    await anonymise(pool, sari.maker_id)

    asked = GetNames(maker_ids=[sari.maker_id, UUID(int=1), ani.maker_id])
    names = (await do(pool, people_views.get_names, asked)).items

    assert {one.maker_id: one.name for one in names} == {ani.maker_id: "Ibu Ani", sari.maker_id: ""}
    assert set(MakerName.model_fields) == {"maker_id", "name"}
