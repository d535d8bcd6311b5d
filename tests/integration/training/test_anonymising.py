"""Anonymising on a real database: what is private is gone from every table, history stays, nothing changes any more."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.training.handlers import attendance, courses
from services.training.handlers.anonymising import anonymise_maker
from services.training.views import people as people_views
from shared.contracts.message import Event
from shared.contracts.training import ConsentChanged, Enrol, GetContacts, MakerAnonymised, Purpose, RecordAttendance
from shared.contracts.training.people import AnonymiseMaker
from shared.db import Pool, Tx
from shared.errors import NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    Database,
    do,
    do_behind,
    enrol,
    open_cohort,
    present,
    received,
    register,
    register_rusun,
)
from tests.integration.training.people_builders import (
    anonymise,
    history,
    homes_of,
    look,
    move,
    public_names,
    put_right,
    say,
)
from tests.integration.training.test_app import ask, register_ani
from tests.integration.training.test_app import register_rusun as register_komarudin
from tests.integration.training.test_app import settings as settings  # noqa: PLC0414 - a fixture

NIK = "3175074508900001"
LATER = NOON + timedelta(days=3)
PRIVATE: dict[str, Any] = {"name": "Siti Rohayati", "phone": "0812 3456 7890", "email": "siti@example.org", "nik": NIK}
TRACES = ("Rohayati", "81234567890", "siti@example.org", "Blok-Q", "Unit-77", "by letter of her")


async def somebody(pool: Pool) -> UUID:
    """With something private wherever something can be."""
    await register_rusun(pool, "pulogebang", "daan-mogot")
    purposes = [Purpose.TRAINING, Purpose.NOTICES, Purpose.PUBLIC_NAME]
    doors: dict[str, Any] = {"block": "Blok-Q", "unit": "Unit-77"}
    maker = (await register(pool, consents=purposes, since=date(2019, 2, 1), **PRIVATE, **doors)).maker_id
    await say(pool, maker, Purpose.CATALOGUE_PHOTO, True, note="by letter of her")
    await say(pool, maker, Purpose.CATALOGUE_PHOTO, False)
    for rusun in ("pulogebang", "daan-mogot"):
        await move(pool, maker, rusun, date(2026, 11, 15), **doors)
    return maker


async def found(pool: Pool, trace: str) -> list[str]:
    """The tables that hold it."""
    tables = [row[0] for row in await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    statement = "SELECT count(*) FROM {} t WHERE t::text LIKE $1"
    return [table for table in tables if await pool.fetchval(statement.format(table), f"%{trace}%")]


async def test_what_was_private_is_in_no_table_any_more(database: Database) -> None:
    pool = await database("training")
    maker = await somebody(pool)
    before = [await found(pool, trace) for trace in TRACES]

    await anonymise(pool, maker, LATER)

    assert all(before)
    assert [await found(pool, trace) for trace in TRACES] == [[]] * len(TRACES)
    assert await pool.fetchval("SELECT count(*) FROM maker_nik") == 0


async def test_every_consent_that_stood_is_taken_back_and_told(database: Database) -> None:
    pool = await database("training")
    maker = await somebody(pool)

    _, events = await anonymise(pool, maker, LATER)

    ended = [Purpose.NOTICES, Purpose.PUBLIC_NAME, Purpose.TRAINING]
    expected: list[Event] = [ConsentChanged(maker_id=maker, purpose=p, granted=False, at=LATER) for p in ended]
    assert events == [*expected, MakerAnonymised(maker_id=maker, at=LATER)]
    assert not any(consent.granted for consent in (await look(pool, maker)).consents)
    assert len(await history(pool, maker)) == 3 + 2 + 3


async def test_her_history_stays_and_reading_her_shows_what_has_become_of_her(database: Database) -> None:
    pool = await database("training")
    maker = await somebody(pool)
    cohort = await open_cohort(pool)
    await enrol(pool, cohort, maker)

    seen, _ = await anonymise(pool, maker, LATER)

    assert seen == await look(pool, maker)
    assert (seen.name, seen.phone, seen.email, seen.nik, seen.block, seen.unit) == ("", "", None, None, "", "")
    assert (seen.maker_id, seen.rusun, seen.registered_at, seen.anonymised_at) == (maker, "daan-mogot", NOON, LATER)
    assert [home.rusun for home in (await homes_of(pool, maker)).items] == ["pulogebang", "pulogebang", "daan-mogot"]
    assert await pool.fetchval("SELECT count(*) FROM enrolment") == 1


async def test_nobody_writes_to_her_and_nobody_shows_her(database: Database) -> None:
    pool = await database("training")
    maker = await somebody(pool)

    await anonymise(pool, maker)

    [contact] = (await do(pool, people_views.get_contacts, GetContacts(maker_ids=[maker]))).items
    assert (contact.may_notify, contact.name, contact.phone, contact.email) == (False, "", "", None)
    shown = (await public_names(pool, maker))[maker]
    assert (shown.name, shown.may_show_photo, shown.may_show_price_parts) == (None, False, False)


async def test_every_later_change_of_hers_is_refused(database: Database) -> None:
    pool = await database("training")
    maker = await somebody(pool)
    cohort, attended = await open_cohort(pool), await open_cohort(pool)
    await enrol(pool, attended, maker)
    sheet = RecordAttendance(session_id=attended.sessions[0].session_id, entries=[present(maker)])
    await anonymise(pool, maker)

    for change in (
        say(pool, maker, Purpose.NOTICES, True),
        say(pool, maker, Purpose.NOTICES, False),
        move(pool, maker, "pulogebang", date(2026, 11, 20)),
        put_right(pool, maker, name="Siti"),
        enrol(pool, cohort, maker),
        do(pool, attendance.record_attendance, sheet),
        anonymise(pool, maker),
    ):
        with pytest.raises(Rejected) as refused:
            await change
        assert refused.value.code == "maker_anonymised"


async def test_whoever_changes_her_meanwhile_waits_and_is_refused(database: Database) -> None:
    pool = await database("training")
    maker = await somebody(pool)
    cohort = await open_cohort(pool)
    asked = received(Enrol(cohort_id=cohort.cohort_id, maker_id=maker))

    async def ending(tx: Tx) -> None:
        await anonymise_maker(received(AnonymiseMaker(maker_id=maker, reason="asked for it")), tx)

    result = await do_behind(pool, ending, do(pool, courses.enrol, asked.data))

    assert isinstance(result, Rejected)
    assert result.code == "maker_anonymised"


async def test_her_phone_and_her_nik_are_free_for_others(database: Database) -> None:
    pool = await database("training")
    await anonymise(pool, await somebody(pool))

    again = await register(pool, **PRIVATE)

    assert again.warnings == []


async def test_a_stranger_cannot_be_forgotten(database: Database) -> None:
    pool = await database("training")

    with pytest.raises(NotFound):
        await anonymise(pool, UUID(int=9))


async def test_first_answers_that_named_her_are_given_to_nobody_again(database: Database) -> None:
    pool = await database("training")
    await register_komarudin(pool)
    key = uuid4()
    maker = (await register_ani(pool, key))["maker_id"]
    moving = {"maker_id": maker, "rusun": "komarudin", "block": "Blok-Q", "unit": "7", "since": "2026-11-21"}
    await ask(pool, "MoveMaker", moving)
    assert await found(pool, "Blok-Q")

    ended = await ask(pool, "AnonymiseMaker", {"maker_id": maker, "reason": "asked for it"})
    again = await register_ani(pool, key)

    assert ended["anonymised_at"]
    assert again["code"] == "maker_anonymised"
    for trace in ("Ibu Ani", "81234567890", "ani@example.org", "Blok-Q"):
        assert await found(pool, trace) == []
