"""Makers who are anonymised while they wait for a seat: it goes to the next, whatever else happens at that moment."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.training.handlers import courses
from services.training.handlers.anonymising import anonymise_maker
from shared.contracts.message import Event
from shared.contracts.training import Enrol, EnrolmentCancelled, MakerAnonymised, OfferEnded, Purpose, SeatOffered
from shared.contracts.training.people import AnonymiseMaker
from shared.db import Pool, Tx
from shared.errors import Rejected
from tests.integration.training.builders import NOON, Database, do_behind, enrol, open_cohort, received, register
from tests.integration.training.people_builders import anonymise, say
from tests.integration.training.school import a_full_class, cancel, expire, set_capacity, standing

LATER = NOON + timedelta(days=2)


def told(events: list[Event], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


async def test_a_seat_that_is_held_for_her_is_offered_to_the_next(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati, sari] = await a_full_class(pool, capacity=1, waiting=2)
    await cancel(pool, cohort, ani)

    _, events = await anonymise(pool, wati)

    seen = await standing(pool, cohort)
    assert (seen[wati], seen[sari]) == (("cancelled", None), ("offered", None))
    assert [one.how for one in told(events, OfferEnded)] == ["refused"]
    assert [(one.maker_id, one.was) for one in told(events, EnrolmentCancelled)] == [(wati, "offered")]
    assert [one.maker_id for one in told(events, SeatOffered)] == [sari]
    assert events[-1] == MakerAnonymised(maker_id=wati, at=NOON)


async def test_she_leaves_every_line_and_those_behind_her_move_up(database: Database) -> None:
    pool = await database("training")
    cohort, [_], [wati, sari] = await a_full_class(pool, capacity=1, waiting=2)
    other = await open_cohort(pool, capacity=1)
    await enrol(pool, other, sari)
    await enrol(pool, other, wati)

    _, events = await anonymise(pool, wati)
    assert (await standing(pool, cohort))[sari] == ("waitlisted", 1)
    await set_capacity(pool, cohort, 3)
    await set_capacity(pool, other, 3)

    assert told(events, SeatOffered) == []
    assert [one.was for one in told(events, EnrolmentCancelled)] == ["waitlisted", "waitlisted"]
    assert (await standing(pool, cohort))[sari] == ("offered", None)
    assert (await standing(pool, cohort))[wati] == (await standing(pool, other))[wati] == ("cancelled", None)


async def test_her_seat_in_a_class_stays_as_history_until_somebody_cancels_it(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati] = await a_full_class(pool, capacity=1, waiting=1)

    _, events = await anonymise(pool, ani)
    seated = (await standing(pool, cohort))[ani]
    await cancel(pool, cohort, ani)

    assert told(events, EnrolmentCancelled) == []
    assert seated == ("enrolled", None)
    assert (await standing(pool, cohort))[wati] == ("offered", None)


async def test_who_is_put_in_another_line_at_the_same_moment_stands_in_none_afterwards(database: Database) -> None:
    """Her end begins while the second line has not been committed: it must see it and take that cohort, too."""
    pool = await database("training")
    _, [_], [wati] = await a_full_class(pool, capacity=1, waiting=1)
    other = await open_cohort(pool, capacity=1)
    await enrol(pool, other, await somebody_of(pool, wati))
    asked = received(Enrol(cohort_id=other.cohort_id, maker_id=wati))

    async def first(tx: Tx) -> object:
        return await courses.enrol(asked, tx)

    result = await do_behind(pool, first, anonymise(pool, wati))

    assert isinstance(result, tuple)
    assert len(told(result[1], EnrolmentCancelled)) == 2
    assert await pool.fetch("SELECT state FROM enrolment WHERE maker_id = $1 AND state <> 'cancelled'", wati) == []


async def test_whoever_takes_her_place_and_whoever_ends_her_never_wait_for_each_other(database: Database) -> None:
    """Cancellations, offers that expire, enrolments and ends at once: nobody who is anonymised hopes for a seat."""
    pool = await database("training")
    cohort, seated, waiting = await a_full_class(pool, capacity=6, waiting=12)
    gone = waiting[::2]

    results = await asyncio.gather(
        *[anonymise(pool, maker) for maker in gone],
        *[cancel(pool, cohort, maker) for maker in seated],
        *[expire(pool, LATER) for _ in range(2)],
        return_exceptions=True,
    )
    await expire(pool, LATER)

    assert [one for one in results if isinstance(one, BaseException) and not isinstance(one, Rejected)] == []
    seen = await standing(pool, cohort)
    assert {seen[maker][0] for maker in gone} <= {"cancelled", "expired"}
    assert [seen[maker][0] for maker in waiting].count("offered") <= 6


async def test_no_offer_is_made_to_her_by_who_waited_for_her_end(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati, sari] = await a_full_class(pool, capacity=1, waiting=2)
    ending = received(AnonymiseMaker(maker_id=wati, reason="asked for it"))

    async def first(tx: Tx) -> object:
        return await anonymise_maker(ending, tx)

    result = await do_behind(pool, first, cancel(pool, cohort, ani))

    assert isinstance(result, tuple)
    assert [one.maker_id for one in told(result[1], SeatOffered)] == [sari]


async def test_who_takes_back_her_consent_to_be_trained_keeps_her_place_and_is_passed_over(database: Database) -> None:
    pool = await database("training")
    cohort, seated, [wati, sari] = await a_full_class(pool, capacity=2, waiting=2)
    await say(pool, wati, Purpose.TRAINING, False)

    _, first = await cancel(pool, cohort, seated[0])
    _, nobody = await cancel(pool, cohort, seated[1])
    passed = (await standing(pool, cohort))[wati]
    _, again = await say(pool, wati, Purpose.TRAINING, True, LATER)

    assert passed == ("waitlisted", 1)
    assert [one.maker_id for one in told(first, SeatOffered)] == [sari]
    assert told(nobody, SeatOffered) == []
    assert [one.maker_id for one in told(again, SeatOffered)] == [wati]


async def test_a_seat_that_nobody_in_line_agrees_to_is_the_newcomers(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati] = await a_full_class(pool, capacity=1, waiting=1)
    await say(pool, wati, Purpose.TRAINING, False)
    await cancel(pool, cohort, ani)

    sari = (await register(pool)).maker_id

    assert (await enrol(pool, cohort, sari)).state == "enrolled"
    _, events = await say(pool, wati, Purpose.TRAINING, True, LATER)
    assert told(events, SeatOffered) == []
    assert (await standing(pool, cohort))[wati] == ("waitlisted", 1)


async def somebody_of(pool: Pool, *but: UUID) -> UUID:
    """A maker who is registered, and not one of these."""
    found: UUID = await pool.fetchval("SELECT maker_id FROM maker WHERE maker_id <> ALL ($1::uuid[]) LIMIT 1", but)
    return found
