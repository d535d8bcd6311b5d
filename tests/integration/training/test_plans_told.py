"""Whom a plan concerns, and what an office is warned of, on a real database."""

from datetime import UTC, datetime

from tests.integration.training.builders import Database, look_at, register_rusun
from tests.integration.training.school import (
    a_full_class,
    a_place,
    a_trainer,
    cancel,
    open_recurring,
    replan,
    set_capacity,
)

FIRST = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Tuesday, nine o'clock in Jakarta."""


async def test_those_with_a_seat_or_an_offer_are_told_of_another_time_or_place_and_of_no_other_trainer(
    database: Database,
) -> None:
    pool = await database("training")
    cohort, seated, waiting = await a_full_class(pool, capacity=2, waiting=2)
    await cancel(pool, cohort, seated[0])
    await a_place(pool)
    session = cohort.sessions[0].session_id
    concerned = sorted([seated[1], waiting[0]])

    _, [moved] = await replan(pool, session, planned_start=FIRST)
    _, [elsewhere] = await replan(pool, session, place="aula")
    _, [longer] = await replan(pool, session, planned_minutes=200)
    _, [taught] = await replan(pool, session, trainers=[(await a_trainer(pool)).trainer_id])
    _, [gone] = await replan(pool, session, cancel=True)

    told = [moved, elsewhere, longer, taught, gone]
    assert [event.model_dump()["makers"] for event in told] == [concerned, concerned, concerned, [], concerned]


async def test_a_cohort_larger_than_its_place_is_warned_of_wherever_it_comes_to_that(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await a_place(pool, "aula", capacity=30)
    await a_place(pool, "pendopo", capacity=36)
    small = "Place aula has room for 30, the cohort has {} seats"

    cohort, _ = await open_recurring(pool, place="aula")
    fits, _ = await open_recurring(pool, place="pendopo")
    moved, _ = await replan(pool, fits.sessions[0].session_id, place="aula")
    grown, _ = await set_capacity(pool, fits, 40)
    shrunk, _ = await set_capacity(pool, cohort, 30)

    assert [(one.code, one.detail) for one in cohort.warnings] == [("place_too_small", small.format(35))]
    assert fits.warnings == []
    assert [one.detail for one in moved.warnings] == [small.format(35)]
    assert [one.detail.split()[1] for one in grown.warnings] == ["aula", "pendopo"]
    assert shrunk.warnings == (await look_at(pool, cohort)).warnings == []
