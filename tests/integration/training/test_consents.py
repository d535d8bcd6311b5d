"""Consents on a real database: each purpose by itself, what stands, and what may be shown in public."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.training.handlers import attendance, completion
from services.training.views import consents as consent_views
from services.training.views import people as people_views
from shared.contracts.training import (
    CompleteCohort,
    CompleteSession,
    ConsentChanged,
    Craft,
    GetContacts,
    Purpose,
    RecordAttendance,
)
from shared.contracts.training.consents import ListConsents
from shared.errors import NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    RINI,
    Database,
    a_class,
    do,
    enrol,
    open_cohort,
    present,
    register,
    register_rusun,
)
from tests.integration.training.people_builders import history, look, move, public_names, say

LATER = NOON + timedelta(days=3)
OPEN = [Purpose.PUBLIC_NAME, Purpose.CATALOGUE_PHOTO]


async def test_what_is_taken_back_is_told_once_and_both_stay_in_the_ledger(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool, consents=OPEN)).maker_id

    change, events = await say(pool, maker, Purpose.CATALOGUE_PHOTO, False, LATER, note="by phone")
    again, nothing = await say(pool, maker, Purpose.CATALOGUE_PHOTO, False, LATER + timedelta(hours=1))

    assert (change.changed, again.changed, again.since) == (True, False, LATER)
    assert events == [ConsentChanged(maker_id=maker, purpose=Purpose.CATALOGUE_PHOTO, granted=False, at=LATER)]
    assert nothing == []
    assert [(entry.purpose, entry.granted, entry.at, entry.by, entry.note) for entry in await history(pool, maker)] == [
        (Purpose.CATALOGUE_PHOTO, False, LATER, RINI, "by phone"),
        (Purpose.PUBLIC_NAME, True, NOON, RINI, None),
        (Purpose.CATALOGUE_PHOTO, True, NOON, RINI, None),
    ]
    standing = {consent.purpose: consent.granted for consent in (await look(pool, maker)).consents}
    assert standing == {Purpose.CATALOGUE_PHOTO: False, Purpose.PUBLIC_NAME: True}


async def test_who_was_never_asked_has_not_agreed_and_may_agree_any_time(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool)).maker_id

    refused, nothing = await say(pool, maker, Purpose.LOAN_SHARING, False)
    agreed, events = await say(pool, maker, Purpose.LOAN_SHARING, True, LATER)

    assert (refused.changed, refused.since, nothing) == (False, None, [])
    assert (agreed.changed, agreed.since, len(events)) == (True, LATER, 1)


async def test_the_same_word_five_times_at_once_is_one_change(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool)).maker_id

    said = await asyncio.gather(*[say(pool, maker, Purpose.NOTICES, True) for _ in range(5)])

    assert sorted(change.changed for change, _ in said) == [False] * 4 + [True]
    assert sum(len(events) for _, events in said) == 1
    assert len(await history(pool, maker)) == 2


async def test_notify_is_told_at_the_moment_of_sending(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool, consents=[Purpose.NOTICES])).maker_id
    answers = []

    for granted in (False, True):
        await say(pool, maker, Purpose.NOTICES, granted)
        [contact] = (await do(pool, people_views.get_contacts, GetContacts(maker_ids=[maker]))).items
        answers.append(contact.may_notify)

    assert answers == [False, True]


async def test_who_no_longer_agrees_to_be_trained_is_enrolled_in_nothing_until_she_agrees_again(
    database: Database,
) -> None:
    pool = await database("training")
    cohort, [maker] = await a_class(pool, 1)
    other = await open_cohort(pool)
    await say(pool, maker, Purpose.TRAINING, False)

    with pytest.raises(Rejected) as refused:
        await enrol(pool, other, maker)
    await say(pool, maker, Purpose.TRAINING, True)

    assert refused.value.code == "training_consent_withdrawn"
    assert (await enrol(pool, other, maker)).state == "enrolled"
    assert cohort.cohort_id != other.cohort_id


async def test_a_ledger_is_read_page_by_page(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool)).maker_id
    for turn in range(4):
        await say(pool, maker, Purpose.NOTICES, turn % 2 == 0)

    first = await do(pool, consent_views.list_consents, ListConsents(maker_id=maker, limit=3))
    rest = await do(pool, consent_views.list_consents, ListConsents(maker_id=maker, limit=3, cursor=first.next))

    assert (len(first.items), len(rest.items), rest.next) == (3, 2, None)
    assert rest.items[-1].purpose is Purpose.TRAINING


async def test_names_are_public_only_for_those_who_agreed(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "komarudin")
    named = (await register(pool, consents=[Purpose.PUBLIC_NAME])).maker_id
    shown = (await register(pool, consents=[Purpose.CATALOGUE_PHOTO, Purpose.PRICE_PARTS])).maker_id
    await move(pool, named, "komarudin", NOON.date())

    found = await public_names(pool, named, shown, UUID(int=9))

    assert set(found) == {named, shown}
    assert (found[named].name, found[named].rusun_name) == ("Ibu Ani", "Rusunawa Komarudin")
    assert (found[named].may_show_photo, found[named].may_show_price_parts) == (False, False)
    assert (found[shown].name, found[shown].rusun_name) == (None, None)
    assert (found[shown].may_show_photo, found[shown].may_show_price_parts) == (True, True)


async def test_a_name_that_is_no_longer_public_is_gone_at_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool, consents=OPEN)).maker_id

    await say(pool, maker, Purpose.PUBLIC_NAME, False)

    found = (await public_names(pool, maker))[maker]
    assert (found.name, found.rusun_name, found.crafts, found.may_show_photo) == (None, None, [], True)


async def test_the_crafts_of_a_public_maker_are_those_she_has_a_certificate_for(database: Database) -> None:
    pool = await database("training")
    cohort, [maker] = await a_class(pool, 1, sessions=1)
    session = cohort.sessions[0].session_id
    await do(pool, attendance.record_attendance, RecordAttendance(session_id=session, entries=[present(maker)]))
    closing = CompleteSession(session_id=session, actual_start=NOON - timedelta(weeks=1), actual_minutes=300)
    await do(pool, attendance.complete_session, closing)
    await do(pool, completion.complete_cohort, CompleteCohort(cohort_id=cohort.cohort_id))
    before = (await public_names(pool, maker))[maker]

    await say(pool, maker, Purpose.PUBLIC_NAME, True)

    assert before.crafts == []
    assert (await public_names(pool, maker))[maker].crafts == [Craft.BATIK]


async def test_a_stranger_consents_to_nothing(database: Database) -> None:
    pool = await database("training")

    for asking in (say(pool, UUID(int=9), Purpose.NOTICES, True), history(pool, UUID(int=9))):
        with pytest.raises(NotFound):
            await asking
