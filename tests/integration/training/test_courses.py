"""Cohorts, seats and the waiting line on a real database."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.training.handlers import courses
from services.training.views import courses as courses_views
from shared.contracts.training import (
    CohortOpened,
    Craft,
    Enrol,
    GetCohort,
    MakerEnrolled,
    MakerWaitlisted,
    PlannedSession,
)
from shared.errors import NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    Database,
    a_class,
    a_cohort,
    complete,
    do,
    enrol,
    hold,
    look_at,
    open_cohort,
    register,
    register_rusun,
)


async def test_a_cohort_is_opened_with_its_sessions_numbered_by_their_start(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)

    cohort, events = await do(pool, courses.open_cohort, a_cohort(sessions=3, capacity=20))

    opened = CohortOpened(
        cohort_id=cohort.cohort_id, craft=Craft.BATIK, title="Batik tulis", rusun="pulogebang", capacity=20, sessions=3
    )
    assert events == [opened]
    assert [session.number for session in cohort.sessions] == [1, 2, 3]
    starts = [session.planned_start for session in cohort.sessions]
    assert starts == [NOON - timedelta(weeks=weeks) for weeks in (3, 2, 1)]
    assert await look_at(pool, cohort) == cohort


async def test_a_cohort_needs_a_known_rusun(database: Database) -> None:
    pool = await database("training")

    with pytest.raises(NotFound) as refused:
        await open_cohort(pool)

    assert refused.value.code == "rusun_not_found"


async def test_a_cohort_with_overlapping_sessions_is_not_opened(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    plan = [PlannedSession(planned_start=NOON + timedelta(hours=hours)) for hours in (0, 2)]

    with pytest.raises(Rejected) as refused:
        await do(pool, courses.open_cohort, a_cohort().model_copy(update={"sessions": plan}))

    assert refused.value.code == "sessions_overlap"


async def test_makers_are_enrolled_while_there_are_seats_and_wait_in_line_after(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool, capacity=2)
    makers = [(await register(pool)).maker_id for _ in range(4)]

    told = []
    for maker in makers:
        _, events = await do(pool, courses.enrol, Enrol(cohort_id=cohort.cohort_id, maker_id=maker))
        told += events

    key = cohort.cohort_id
    assert told == [
        MakerEnrolled(cohort_id=key, maker_id=makers[0], craft=Craft.BATIK),
        MakerEnrolled(cohort_id=key, maker_id=makers[1], craft=Craft.BATIK),
        MakerWaitlisted(cohort_id=key, maker_id=makers[2], position=1),
        MakerWaitlisted(cohort_id=key, maker_id=makers[3], position=2),
    ]
    seen = {e.maker_id: (e.state, e.position) for e in (await look_at(pool, cohort)).enrolments}
    assert [seen[maker] for maker in makers] == [
        ("enrolled", None),
        ("enrolled", None),
        ("waitlisted", 1),
        ("waitlisted", 2),
    ]


async def test_makers_who_enrol_at_once_never_share_a_seat_or_a_position(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool, capacity=3)
    makers = [(await register(pool)).maker_id for _ in range(9)]

    places = await asyncio.gather(*[enrol(pool, cohort, maker) for maker in makers])

    assert sorted([place.position for place in places if place.position]) == [1, 2, 3, 4, 5, 6]
    assert len([place for place in places if place.state == "enrolled"]) == 3


@pytest.mark.parametrize("capacity", [1, 5])
async def test_a_maker_is_in_a_cohort_once_seated_or_waiting(database: Database, capacity: int) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool, capacity=capacity)
    first, second = await register(pool), await register(pool)
    for maker in (first, second):
        await enrol(pool, cohort, maker.maker_id)

    with pytest.raises(Rejected) as refused:
        await enrol(pool, cohort, second.maker_id)

    assert refused.value.code == "already_enrolled"
    assert len((await look_at(pool, cohort)).enrolments) == 2


async def test_one_maker_enrolled_five_times_at_once_has_one_seat(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool)
    maker = await register(pool)

    places = await asyncio.gather(*[enrol(pool, cohort, maker.maker_id) for _ in range(5)], return_exceptions=True)

    assert [type(place) for place in places].count(Rejected) == 4
    assert len((await look_at(pool, cohort)).enrolments) == 1


async def test_strangers_and_unknown_cohorts_are_not_found(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool)

    with pytest.raises(NotFound) as no_maker:
        await enrol(pool, cohort, UUID(int=1))
    with pytest.raises(NotFound) as no_cohort:
        await do(pool, courses.enrol, Enrol(cohort_id=UUID(int=2), maker_id=UUID(int=1)))
    with pytest.raises(NotFound) as not_seen:
        await do(pool, courses_views.get_cohort, GetCohort(cohort_id=UUID(int=2)))

    codes = [refused.value.code for refused in (no_maker, no_cohort, not_seen)]
    assert codes == ["maker_not_found", "cohort_not_found", "cohort_not_found"]


async def test_nobody_enrols_after_the_end(database: Database) -> None:
    pool = await database("training")
    cohort, _ = await a_class(pool, makers=1, sessions=1)
    await hold(pool, cohort, 1, 300, [])
    await complete(pool, cohort)
    newcomer = await register(pool)

    with pytest.raises(Rejected) as refused:
        await enrol(pool, cohort, newcomer.maker_id)

    assert refused.value.code == "cohort_completed"
