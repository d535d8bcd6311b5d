"""Who would complete and what is missing: pro rata, with a practical piece, visible before and after the end."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.training.handlers import completion
from shared.contracts.message import Event
from shared.contracts.training import (
    CertificateIssued,
    Cohort,
    Lack,
    Practical,
    PracticalRecorded,
    RecordPractical,
    Standing,
)
from shared.db import Pool
from shared.errors import NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    Database,
    a_class,
    complete,
    do,
    enrol,
    excused,
    hold,
    late,
    look_at,
    not_hers,
    present,
    preview,
    register,
)


async def show(pool: Pool, cohort: Cohort, maker: UUID, accepted: bool = True) -> tuple[PracticalRecorded, list[Event]]:
    shown = RecordPractical(cohort_id=cohort.cohort_id, maker_id=maker, accepted=accepted, piece="Syal parang")
    return await do(pool, completion.record_practical, shown)


async def standings(pool: Pool, cohort: Cohort) -> dict[UUID, Standing]:
    return {standing.maker_id: standing for standing in (await preview(pool, cohort)).makers}


async def test_somebody_who_came_at_the_third_session_is_measured_from_there(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=4)
    for number in (1, 2):
        await hold(pool, cohort, number, 300, [present(ani)])
    newcomer = (await register(pool)).maker_id
    await enrol(pool, cohort, newcomer, NOON - timedelta(days=1))
    await hold(pool, cohort, 3, 200, [present(ani), present(newcomer)])
    await hold(pool, cohort, 4, 200, [present(ani), late(newcomer, 100)])

    seen = {e.maker_id: (e.minutes, e.required_minutes) for e in (await look_at(pool, cohort)).enrolments}
    assert seen == {ani: (1000, 750), newcomer: (300, 300)}
    hers = (await standings(pool, cohort))[newcomer]
    assert (hers.sessions, hers.taught_minutes, hers.would_complete) == (2, 400, True)
    assert {c.maker_id for c in (await complete(pool, cohort)).certificates} == {ani, newcomer}


async def test_an_excuse_is_seen_and_still_counts_and_what_does_not_apply_does_not(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati] = await a_class(pool, makers=2)
    await hold(pool, cohort, 1, 300, [present(ani), present(wati)])
    await hold(pool, cohort, 2, 300, [excused(ani), not_hers(wati)])

    seen = await standings(pool, cohort)

    assert (seen[ani].excused, seen[ani].lacks, seen[ani].missing_minutes) == (1, [Lack.MINUTES], 150)
    assert (seen[wati].excused, seen[wati].lacks, seen[wati].sessions) == (0, [], 1)


async def test_the_preview_says_for_everybody_what_is_missing_before_the_end(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati] = await a_class(pool, makers=2, practical_required=True)
    await hold(pool, cohort, 1, 300, [present(ani), late(wati, 100)])
    await show(pool, cohort, ani)
    await show(pool, cohort, wati, accepted=False)

    seen = await preview(pool, cohort)

    assert (seen.sessions, seen.open_sessions, seen.taught_minutes, seen.would_complete) == (2, 1, 300, 1)
    by_maker = {standing.maker_id: standing for standing in seen.makers}
    assert (by_maker[ani].practical, by_maker[ani].piece, by_maker[ani].lacks) == (
        Practical.ACCEPTED,
        "Syal parang",
        [],
    )
    assert by_maker[wati].lacks == [Lack.MINUTES, Lack.PRACTICAL_NOT_ACCEPTED]


async def test_what_the_preview_says_is_what_the_end_decides(database: Database) -> None:
    pool = await database("training")
    cohort, makers = await a_class(pool, makers=4, sessions=1, practical_required=True)
    ani, wati, sari, dewi = makers
    await hold(pool, cohort, 1, 300, [present(ani), present(wati), late(sari, 100), not_hers(dewi)])
    await show(pool, cohort, ani)
    await show(pool, cohort, sari)
    before = await standings(pool, cohort)

    reply = await complete(pool, cohort)

    assert [c.maker_id for c in reply.certificates] == [ani]
    reasons = {reason.maker_id: reason.lacks for reason in reply.reasons}
    assert reasons == {
        wati: [Lack.PRACTICAL],
        sari: [Lack.MINUTES],
        dewi: [Lack.SESSIONS, Lack.PRACTICAL],
    }
    assert reply.not_completed == [wati, sari, dewi]
    assert {maker: standing.lacks for maker, standing in before.items()} == {ani: [], **reasons}


async def test_without_the_cohort_asking_no_piece_is_needed_and_one_that_is_refused_does_not_harm(
    database: Database,
) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    await show(pool, cohort, ani, accepted=False)

    assert cohort.practical_required is False
    assert len((await complete(pool, cohort)).certificates) == 1


async def test_a_piece_that_comes_after_the_end_is_certified_when_it_was_all_she_lacked(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati] = await a_class(pool, makers=2, sessions=1, practical_required=True)
    await hold(pool, cohort, 1, 300, [present(ani), late(wati, 100)])
    assert (await complete(pool, cohort)).certificates == []

    first, [event] = await show(pool, cohort, ani)
    second, nothing = await show(pool, cohort, wati)
    again, nothing_new = await show(pool, cohort, ani)

    assert first.certificate is not None
    assert first.certificate.maker_id == ani
    assert event == CertificateIssued(**first.certificate.model_dump())
    assert (second.certificate, again.certificate, nothing, nothing_new) == (None, None, [], [])
    states = {e.maker_id: e.state for e in (await look_at(pool, cohort)).enrolments}
    assert states == {ani: "completed", wati: "not_completed"}


async def test_a_piece_that_is_accepted_five_times_at_once_after_the_end_leads_to_one_certificate(
    database: Database,
) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1, practical_required=True)
    await hold(pool, cohort, 1, 300, [present(ani)])
    await complete(pool, cohort)

    results = await asyncio.gather(*[show(pool, cohort, ani) for _ in range(5)])

    assert len([recorded.certificate for recorded, _ in results if recorded.certificate]) == 1
    assert await pool.fetchval("SELECT count(*) FROM certificate") == 1


async def test_a_piece_that_somebody_was_certified_for_is_not_refused_afterwards(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1, practical_required=True)
    await hold(pool, cohort, 1, 300, [present(ani)])
    await show(pool, cohort, ani)
    await complete(pool, cohort)

    with pytest.raises(Rejected) as refused:
        await show(pool, cohort, ani, accepted=False)

    assert refused.value.code == "already_certified"
    assert (await standings(pool, cohort))[ani].lacks == []


async def test_a_stranger_shows_no_piece_and_an_unknown_cohort_is_not_found(database: Database) -> None:
    pool = await database("training")
    cohort, _ = await a_class(pool, makers=1, capacity=1)
    waiting = (await register(pool)).maker_id
    await enrol(pool, cohort, waiting)

    for maker in (waiting, UUID(int=1)):
        with pytest.raises(Rejected) as refused:
            await show(pool, cohort, maker)
        assert refused.value.code == "not_enrolled"
    nowhere = cohort.model_copy(update={"cohort_id": UUID(int=2)})
    with pytest.raises(NotFound):
        await show(pool, nowhere, waiting)
    with pytest.raises(NotFound):
        await preview(pool, nowhere)
