"""Makers by name or phone, sessions by day, and the cohorts of a maker, on a real database."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.views import finding
from services.training.views import people as people_views
from shared.contracts.training import ListMakers
from shared.contracts.training.finding import HerEnrolment, ListEnrolments, ListSessions, SessionHead
from shared.db import Pool
from shared.errors import Invalid, NotFound
from tests.integration.training.builders import (
    NOON,
    Database,
    a_class,
    complete,
    do,
    enrol,
    hold,
    open_cohort,
    present,
    register,
    register_rusun,
)
from tests.integration.training.people_builders import anonymise
from tests.integration.training.school import (
    a_full_class,
    a_place,
    a_trainer,
    cancel,
    open_recurring,
    replan,
)


async def found(pool: Pool, **asked: Any) -> list[str]:
    makers = await do(pool, people_views.list_makers, ListMakers.model_validate(asked))
    return [maker.name for maker in makers.items]


async def sessions(pool: Pool, first: date, last: date, **asked: Any) -> list[SessionHead]:
    """All of them, two by two."""
    query = ListSessions.model_validate({"from": first, "to": last, "limit": 2} | asked)
    page = await do(pool, finding.list_sessions, query)
    items = page.items
    while page.next:
        page = await do(pool, finding.list_sessions, query.model_copy(update={"cursor": page.next}))
        items += page.items
    return items


async def enrolments(pool: Pool, maker: UUID) -> list[HerEnrolment]:
    """All of them, one by one."""
    page = await do(pool, finding.list_enrolments, ListEnrolments(maker_id=maker, limit=1))
    items = page.items
    while page.next:
        asked = ListEnrolments(maker_id=maker, limit=1, cursor=page.next)
        page = await do(pool, finding.list_enrolments, asked)
        items += page.items
    return items


async def test_a_maker_is_found_by_what_stands_in_her_name_and_by_her_phone(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "marunda")
    await register(pool, name="Siti Aminah")
    await register(pool, name="Nur Siti 100%", phone="0812 9000 0001", rusun="marunda")
    gone = await register(pool, name="Siti Rohayati")
    await anonymise(pool, gone.maker_id)

    assert sorted(await found(pool, name="sItI")) == ["Nur Siti 100%", "Siti Aminah"]
    assert await found(pool, name="0%") == ["Nur Siti 100%"]
    assert await found(pool, name="siti", rusun="marunda") == ["Nur Siti 100%"]
    assert await found(pool, phone="+62 812-9000-0001") == ["Nur Siti 100%"]
    assert await found(pool, name="Rohayati") == []
    with pytest.raises(Invalid):
        await found(pool, phone="12345")


async def test_sessions_are_found_by_day_place_trainer_and_rusun(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "marunda")
    await a_place(pool)
    sri = (await a_trainer(pool)).trainer_id
    first, _ = await open_recurring(pool, place="aula", trainers=[sri])
    second, _ = await open_recurring(pool, rusun="marunda")
    maker = (await register(pool)).maker_id
    await enrol(pool, first, maker)
    await replan(pool, second.sessions[0].session_id, cancel=True)
    tuesday, thursday = date(2026, 12, 1), date(2026, 12, 3)

    assert [one.session_id for one in await sessions(pool, tuesday, tuesday)] == [first.sessions[0].session_id]
    both = await sessions(pool, tuesday, thursday)
    assert [(one.number, one.rusun) for one in both[:1]] == [(1, "pulogebang")]
    assert {(one.number, one.rusun, one.enrolled) for one in both[1:]} == {(2, "pulogebang", 1), (2, "marunda", 0)}
    december = (tuesday, date(2026, 12, 31))
    for asked in ({"place": "aula"}, {"trainer_id": sri}, {"rusun": "pulogebang"}):
        assert [one.session_id for one in await sessions(pool, *december, **asked)] == [
            one.session_id for one in first.sessions
        ]
    assert await sessions(pool, thursday, tuesday) == []


async def test_what_has_been_held_is_left_out_when_only_open_ones_are_asked_for(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=2)
    days = (NOON.date() - timedelta(days=30), NOON.date())
    await hold(pool, cohort, 1, 300, [present(ani)])

    assert [one.completed_at for one in await sessions(pool, *days)] == [NOON, None]
    assert [one.number for one in await sessions(pool, *days, open=True)] == [2]


async def test_the_cohorts_of_a_maker_are_listed_with_where_she_stands(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati] = await a_full_class(pool, capacity=1, waiting=1, sessions=1)
    later = await open_cohort(pool)
    await enrol(pool, later, wati, NOON + timedelta(days=1))
    await cancel(pool, cohort, ani)

    first, second = await enrolments(pool, wati)

    assert (first.cohort_id, first.state, first.position, first.certificate) == (
        later.cohort_id,
        "enrolled",
        None,
        None,
    )
    assert (first.first_start, first.last_start) == (NOON - timedelta(weeks=2), NOON - timedelta(weeks=1))
    assert (second.cohort_id, second.state, second.offer_expires_at) == (
        cohort.cohort_id,
        "offered",
        NOON + timedelta(days=1),
    )
    assert [one.state for one in await enrolments(pool, ani)] == ["cancelled"]
    with pytest.raises(NotFound):
        await enrolments(pool, UUID(int=9))


async def test_a_certificate_is_found_by_its_maker(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    [certificate] = (await complete(pool, cohort)).certificates

    [one] = await enrolments(pool, ani)

    assert (one.state, one.certificate) == ("completed", certificate.number)
