"""A course that is entered after it was held: since when seats were taken, and on which day it ended."""

from datetime import date, timedelta

import pytest

from services.training.handlers import attendance, completion, courses, seats
from shared.contracts.training import AttendanceStatus, Cohort, CompleteCohort, Enrol
from shared.contracts.training.seats import AcceptOffer, CancelEnrolment
from shared.db import Pool
from shared.errors import Invalid
from tests.integration.training.builders import (
    NOON,
    Database,
    a_completion,
    do,
    look_at,
    open_cohort,
    register,
    register_rusun,
    take_sheet,
)

FIRST, SECOND = (NOON - timedelta(weeks=2)).date(), (NOON - timedelta(weeks=1)).date()


async def a_held_class(pool: Pool) -> Cohort:
    """One maker from the beginning, one from the day after the first session on; all that is known of it today."""
    await register_rusun(pool)
    cohort = await open_cohort(pool)
    for since in (FIRST, FIRST + timedelta(days=1)):
        maker = (await register(pool)).maker_id
        await do(pool, courses.enrol, Enrol(cohort_id=cohort.cohort_id, maker_id=maker, since=since))
    for number, weeks in ((1, 2), (2, 1)):
        await take_sheet(pool, cohort, number, others=AttendanceStatus.PRESENT)
        await do(pool, attendance.complete_session, a_completion(cohort, number, start=NOON - timedelta(weeks=weeks)))
    return cohort


async def test_others_are_those_who_had_a_seat_on_the_day_of_the_session(database: Database) -> None:
    pool = await database("training")
    cohort = await look_at(pool, await a_held_class(pool))
    assert [(one.minutes, one.required_minutes) for one in cohort.enrolments] == [(600, 450), (300, 225)]


async def test_certificates_bear_the_day_on_which_the_cohort_ended(database: Database) -> None:
    pool = await database("training")
    cohort = await a_held_class(pool)
    asked = CompleteCohort(cohort_id=cohort.cohort_id, ended_on=SECOND)
    reply, _ = await do(pool, completion.complete_cohort, asked)
    assert [certificate.issued_on for certificate in reply.certificates] == [SECOND, SECOND]
    completed_at = (await look_at(pool, cohort)).completed_at
    assert completed_at and completed_at.date() == SECOND


@pytest.mark.parametrize("day", [FIRST, NOON.date() + timedelta(days=1)])
async def test_a_cohort_ends_neither_before_its_last_session_nor_in_the_future(database: Database, day: date) -> None:
    pool = await database("training")
    cohort = await a_held_class(pool)
    with pytest.raises(Invalid, match="ended_on"):
        await do(pool, completion.complete_cohort, CompleteCohort(cohort_id=cohort.cohort_id, ended_on=day))


async def test_nobody_has_a_seat_from_tomorrow_on(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort, maker = await open_cohort(pool), (await register(pool)).maker_id
    tomorrow = NOON.date() + timedelta(days=1)
    with pytest.raises(Invalid, match="since"):
        await do(pool, courses.enrol, Enrol(cohort_id=cohort.cohort_id, maker_id=maker, since=tomorrow))


async def test_who_took_an_offered_seat_has_it_since_the_day_that_was_said(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    cohort = await open_cohort(pool, capacity=1)
    [first, second] = [(await register(pool)).maker_id for _ in range(2)]
    for maker in (first, second):
        await do(pool, courses.enrol, Enrol(cohort_id=cohort.cohort_id, maker_id=maker, since=FIRST))
    gone = CancelEnrolment(cohort_id=cohort.cohort_id, maker_id=first, reason="pindah kerja")
    await do(pool, seats.cancel_enrolment, gone)
    await do(pool, seats.accept_offer, AcceptOffer(cohort_id=cohort.cohort_id, maker_id=second, since=FIRST))
    sheet = await take_sheet(pool, cohort, 1, others=AttendanceStatus.PRESENT)
    assert (sheet.recorded, sheet.missing) == (1, [])
