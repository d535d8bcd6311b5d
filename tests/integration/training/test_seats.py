"""Seats that become free, their offers and the waiting line on a real database."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.handlers import courses
from services.training.storage import seats as storage
from shared.contracts.training import (
    Craft,
    Enrol,
    EnrolmentCancelled,
    MakerEnrolled,
    MakerWaitlisted,
    OfferEnded,
    SeatOffered,
)
from shared.errors import NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    RINI,
    Database,
    complete,
    do,
    enrol,
    hold,
    look_at,
    open_cohort,
    present,
    register,
    register_rusun,
)
from tests.integration.training.school import (
    a_full_class,
    accept,
    cancel,
    expire,
    refuse,
    set_capacity,
    standing,
)

A_DAY = timedelta(days=1)


async def test_a_seat_that_is_given_up_is_offered_to_the_next_in_line(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, _], [wati, sari] = await a_full_class(pool, capacity=2, waiting=2)

    seats, events = await cancel(pool, cohort, ani)

    key, until = cohort.cohort_id, NOON + A_DAY
    assert events == [
        EnrolmentCancelled(cohort_id=key, maker_id=ani, was="enrolled"),
        SeatOffered(cohort_id=key, maker_id=wati, craft=Craft.BATIK, title="Batik tulis", expires_at=until),
    ]
    assert (seats.enrolled, seats.offered, seats.waiting) == (1, 1, 1)
    assert [(offer.maker_id, offer.expires_at) for offer in seats.offers] == [(wati, until)]
    seen = await standing(pool, cohort)
    assert (seen[ani], seen[wati], seen[sari]) == (("cancelled", None), ("offered", None), ("waitlisted", 1))
    [offer] = [one for one in (await look_at(pool, cohort)).enrolments if one.state == "offered"]
    assert offer.offer_expires_at == until


async def test_who_accepts_is_enrolled_from_then_on(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati] = await a_full_class(pool, capacity=1, waiting=1)
    await cancel(pool, cohort, ani)
    later = NOON + timedelta(hours=23)

    enrolment, events = await accept(pool, cohort, wati, later)

    ended = OfferEnded(
        cohort_id=cohort.cohort_id, maker_id=wati, craft=Craft.BATIK, title="Batik tulis", how="accepted"
    )
    assert events == [ended, MakerEnrolled(cohort_id=cohort.cohort_id, maker_id=wati, craft=Craft.BATIK)]
    assert (enrolment.state, enrolment.position) == ("enrolled", None)
    since = await pool.fetchval("SELECT enrolled_at FROM enrolment WHERE maker_id = $1", wati)
    assert since == later


async def test_what_is_refused_goes_to_the_next_and_she_may_apply_again(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati, sari] = await a_full_class(pool, capacity=1, waiting=2)
    await cancel(pool, cohort, ani)

    seats, events = await refuse(pool, cohort, wati)

    assert [type(event).__name__ for event in events] == ["OfferEnded", "SeatOffered"]
    assert [offer.maker_id for offer in seats.offers] == [sari]
    again = await enrol(pool, cohort, wati)
    assert (again.state, again.position) == ("waitlisted", 1)


async def test_an_offer_that_nobody_answers_expires_and_goes_to_the_next(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati, sari] = await a_full_class(pool, capacity=1, waiting=2, offer_seconds=60)
    await cancel(pool, cohort, ani)

    assert await expire(pool, NOON + timedelta(seconds=59)) == []
    with pytest.raises(Rejected) as late:
        await accept(pool, cohort, wati, NOON + timedelta(seconds=60))
    events = await expire(pool, NOON + timedelta(seconds=60))

    told: dict[str, Any] = {"cohort_id": cohort.cohort_id, "craft": Craft.BATIK, "title": "Batik tulis"}
    assert late.value.code == "offer_expired"
    assert events == [
        OfferEnded(**told, maker_id=wati, how="expired"),
        SeatOffered(**told, maker_id=sari, expires_at=NOON + timedelta(seconds=120)),
    ]
    assert await expire(pool, NOON + timedelta(seconds=60)) == []
    assert (await standing(pool, cohort))[wati] == ("expired", None)


async def test_offers_of_a_completed_cohort_end_without_another(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati, sari] = await a_full_class(pool, capacity=1, waiting=2, sessions=1)
    await cancel(pool, cohort, ani)
    await hold(pool, cohort, 1, 300, [])
    await complete(pool, cohort)

    events = await expire(pool, NOON + A_DAY)

    assert [type(event) for event in events] == [OfferEnded]
    assert (await standing(pool, cohort))[sari] == ("waitlisted", 1)
    with pytest.raises(Rejected) as refused:
        await cancel(pool, cohort, wati)
    assert refused.value.code == "cohort_completed"


async def test_more_seats_are_offered_to_exactly_as_many_as_wait(database: Database) -> None:
    pool = await database("training")
    cohort, _, waiting = await a_full_class(pool, capacity=2, waiting=3)

    seats, events = await set_capacity(pool, cohort, 4)
    rest, _ = await set_capacity(pool, cohort, 9)

    assert [event.subject for event in events] == [f"{cohort.cohort_id}/{maker}" for maker in waiting[:2]]
    assert (seats.capacity, seats.enrolled, seats.offered, seats.waiting) == (4, 2, 2, 1)
    assert [offer.maker_id for offer in rest.offers] == waiting[2:]
    with pytest.raises(Rejected) as refused:
        await set_capacity(pool, cohort, 4)
    assert refused.value.code == "seats_taken"


async def test_makers_who_were_never_trained_stand_first_in_line(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    first = await open_cohort(pool, sessions=1)
    trained = (await register(pool)).maker_id
    await enrol(pool, first, trained)
    await hold(pool, first, 1, 300, [present(trained)])
    await complete(pool, first)
    cohort = await open_cohort(pool, capacity=1)
    seated, newcomer, later = [(await register(pool)).maker_id for _ in range(3)]
    await enrol(pool, cohort, seated)
    await enrol(pool, cohort, trained)

    _, events = await do(pool, courses.enrol, Enrol(cohort_id=cohort.cohort_id, maker_id=newcomer))
    await enrol(pool, cohort, later)

    assert events == [MakerWaitlisted(cohort_id=cohort.cohort_id, maker_id=newcomer, position=1)]
    seen = await standing(pool, cohort)
    assert [seen[maker][1] for maker in (newcomer, later, trained)] == [1, 2, 3]


async def test_who_leaves_the_line_moves_the_others_up(database: Database) -> None:
    pool = await database("training")
    cohort, _, [wati, sari, tuti] = await a_full_class(pool, capacity=1, waiting=3)

    seats, events = await cancel(pool, cohort, wati)

    assert events == [EnrolmentCancelled(cohort_id=cohort.cohort_id, maker_id=wati, was="waitlisted")]
    assert seats.offers == []
    seen = await standing(pool, cohort)
    assert [seen[maker] for maker in (sari, tuti)] == [("waitlisted", 1), ("waitlisted", 2)]


async def test_cancelling_an_offer_ends_it(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati] = await a_full_class(pool, capacity=1, waiting=1)
    await cancel(pool, cohort, ani)

    seats, events = await cancel(pool, cohort, wati)

    assert [type(event) for event in events] == [OfferEnded, EnrolmentCancelled]
    assert (seats.enrolled, seats.offered, seats.waiting) == (0, 0, 0)
    assert (await enrol(pool, cohort, ani)).state == "enrolled"


async def test_every_step_is_kept_with_who_took_it_and_why(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati] = await a_full_class(pool, capacity=1, waiting=1)
    await cancel(pool, cohort, ani)
    await expire(pool, NOON + A_DAY)

    rows = await pool.fetch("SELECT maker_id, state, by, reason FROM enrolment_step ORDER BY seq")

    assert [tuple(row) for row in rows] == [
        (ani, "enrolled", RINI, None),
        (wati, "waitlisted", RINI, None),
        (ani, "cancelled", RINI, "moves away"),
        (wati, "offered", RINI, None),
        (wati, "expired", "service:training", None),
    ]


async def test_why_a_maker_left_can_be_forgotten(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati], _ = await a_full_class(pool, capacity=2, waiting=0)
    for maker in (ani, wati):
        await cancel(pool, cohort, maker)

    async with pool.acquire() as tx, tx.transaction():
        await storage.forget_reasons(tx, ani)

    rows = await pool.fetch("SELECT maker_id, reason FROM enrolment_step WHERE state = 'cancelled' ORDER BY seq")
    assert [tuple(row) for row in rows] == [(ani, None), (wati, "moves away")]


async def test_strangers_and_those_without_an_offer_are_refused(database: Database) -> None:
    pool = await database("training")
    cohort, [ani], [wati] = await a_full_class(pool, capacity=1, waiting=1)
    codes = []
    for act, maker in ((cancel, UUID(int=9)), (accept, wati), (refuse, ani)):
        with pytest.raises((NotFound, Rejected)) as refused:
            await act(pool, cohort, maker)
        codes.append(refused.value.code)

    await cancel(pool, cohort, wati)
    with pytest.raises(Rejected) as twice:
        await cancel(pool, cohort, wati)

    assert codes == ["enrolment_not_found", "no_offer", "no_offer"]
    assert twice.value.code == "enrolment_over"
