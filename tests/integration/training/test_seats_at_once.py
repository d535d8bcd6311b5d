"""Seats when several coordinators, makers and replicas act at the same moment."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

from services.training.handlers import seats
from shared.contracts.training import EnrolmentCancelled, OfferEnded, SeatOffered
from shared.contracts.training.seats import CancelEnrolment
from shared.db import Pool, Tx
from tests.integration.training.builders import NOON, Database, do_behind, enrol, received
from tests.integration.training.school import a_full_class, accept, cancel, expire, set_capacity, standing

LATER = NOON + timedelta(days=1)


async def states(pool: Pool, cohort_id: UUID) -> dict[str, int]:
    rows = await pool.fetch("SELECT state, count(*) AS n FROM enrolment WHERE cohort_id = $1 GROUP BY 1", cohort_id)
    return {row["state"]: row["n"] for row in rows}


async def test_two_cancellations_at_the_same_moment_lead_to_two_offers(database: Database) -> None:
    pool = await database("training")
    cohort, seated, waiting = await a_full_class(pool, capacity=35, waiting=6)
    asked = received(CancelEnrolment(cohort_id=cohort.cohort_id, maker_id=seated[0], reason="is ill"))

    async def first(tx: Tx) -> object:
        return await seats.cancel_enrolment(asked, tx)

    second = await do_behind(pool, first, cancel(pool, cohort, seated[1]))

    assert isinstance(second, tuple)
    assert [type(event) for event in second[1]] == [EnrolmentCancelled, SeatOffered]
    assert await states(pool, cohort.cohort_id) == {"enrolled": 33, "offered": 2, "waitlisted": 4, "cancelled": 2}
    seen = await standing(pool, cohort)
    assert [seen[maker] for maker in waiting[:3]] == [("offered", None), ("offered", None), ("waitlisted", 1)]


async def test_many_cancellations_at_once_lead_to_as_many_offers(database: Database) -> None:
    pool = await database("training")
    cohort, seated, waiting = await a_full_class(pool, capacity=8, waiting=6)

    done = await asyncio.gather(*[cancel(pool, cohort, maker) for maker in seated])

    told = [event for _, events in done for event in events if isinstance(event, SeatOffered)]
    assert sorted([event.maker_id for event in told]) == sorted(waiting)
    assert await states(pool, cohort.cohort_id) == {"offered": 6, "cancelled": 8}


async def test_a_maker_who_leaves_and_one_who_comes_never_share_a_seat(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati, sari] = await a_full_class(pool, capacity=1, waiting=2)
    asked = received(CancelEnrolment(cohort_id=cohort.cohort_id, maker_id=ani, reason="is ill"))

    again = await do_behind(pool, partial(seats.cancel_enrolment, asked), enrol(pool, cohort, ani))

    assert not isinstance(again, BaseException)
    assert (again.state, again.position) == ("waitlisted", 2)
    seen = await standing(pool, cohort)
    assert [seen[maker] for maker in (wati, sari, ani)] == [("offered", None), ("waitlisted", 1), ("waitlisted", 2)]


async def test_replicas_that_look_at_once_end_an_offer_once(database: Database) -> None:
    pool = await database("training")
    cohort, seated, _ = await a_full_class(pool, capacity=3, waiting=5)
    for maker in seated[:2]:
        await cancel(pool, cohort, maker)

    told = [event for events in await asyncio.gather(*[expire(pool, LATER) for _ in range(4)]) for event in events]

    assert [type(event) for event in told].count(OfferEnded) == 2
    assert [type(event) for event in told].count(SeatOffered) == 2
    assert await states(pool, cohort.cohort_id) == {
        "enrolled": 1,
        "offered": 2,
        "waitlisted": 1,
        "cancelled": 2,
        "expired": 2,
    }


async def test_an_answer_in_the_last_moment_counts_or_the_offer_has_ended_never_both(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati, _] = await a_full_class(pool, capacity=1, waiting=2)
    await cancel(pool, cohort, ani)
    just_in_time = LATER - timedelta(microseconds=1)

    _, events = await asyncio.gather(
        accept(pool, cohort, wati, just_in_time), expire(pool, LATER), return_exceptions=True
    )

    counted = await states(pool, cohort.cohort_id)
    assert counted.get("enrolled", 0) + counted.get("offered", 0) == 1
    assert not isinstance(events, BaseException)
    assert ((await standing(pool, cohort))[wati][0] == "enrolled") == (events == [])


async def test_capacity_and_a_cancellation_at_once_offer_each_free_seat_once(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, _], _ = await a_full_class(pool, capacity=2, waiting=4)

    await asyncio.gather(set_capacity(pool, cohort, 4), cancel(pool, cohort, ani))

    assert await states(pool, cohort.cohort_id) == {"enrolled": 1, "offered": 3, "waitlisted": 1, "cancelled": 1}
