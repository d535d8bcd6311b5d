"""The end of a cohort and its certificates on a real database."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.training.handlers import completion
from services.training.views import certificates as certificates_views
from shared.contracts.training import (
    CertificateIssued,
    Cohort,
    CompleteCohort,
    Craft,
    GetCertificate,
    Lack,
    MakerNotCompleted,
)
from shared.db import Pool
from shared.errors import NotFound, NotYet, Rejected
from tests.integration.training.builders import (
    Database,
    a_class,
    complete,
    do,
    enrol,
    hold,
    late,
    look_at,
    open_cohort,
    present,
    received,
    register,
)


async def a_held_cohort(pool: Pool, makers: list[UUID], craft: Craft = Craft.BATIK) -> Cohort:
    """One session of 300 minutes that all these makers were at."""
    cohort = await open_cohort(pool, sessions=1, craft=craft)
    for maker in makers:
        await enrol(pool, cohort, maker)
    await hold(pool, cohort, 1, 300, [present(maker) for maker in makers])
    return cohort


async def test_certificates_go_to_those_who_attended_enough_of_what_was_taught(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati, sari] = await a_class(pool, makers=3)
    await hold(pool, cohort, 1, 360, [present(ani), present(wati), present(sari)])
    await hold(pool, cohort, 2, 240, [present(ani), late(wati, 90), late(sari, 89)])

    reply, events = await do(pool, completion.complete_cohort, CompleteCohort(cohort_id=cohort.cohort_id))

    assert [(c.number, c.maker_id, c.minutes) for c in reply.certificates] == [
        ("KR-2026-BTK-00001", ani, 600),
        ("KR-2026-BTK-00002", wati, 450),
    ]
    assert reply.not_completed == [sari]
    [missed] = reply.reasons
    assert events == [
        *[CertificateIssued(**certificate.model_dump()) for certificate in reply.certificates],
        MakerNotCompleted(cohort_id=cohort.cohort_id, craft=Craft.BATIK, title="Batik tulis", **missed.model_dump()),
    ]
    assert (missed.maker_id, missed.lacks, missed.minutes, missed.required_minutes) == (sari, [Lack.MINUTES], 449, 450)
    seen = {e.maker_id: (e.state, e.minutes, e.certificate) for e in (await look_at(pool, cohort)).enrolments}
    assert seen == {
        ani: ("completed", 600, "KR-2026-BTK-00001"),
        wati: ("completed", 450, "KR-2026-BTK-00002"),
        sari: ("not_completed", 449, None),
    }


async def test_a_certificate_is_found_by_its_number(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1, craft=Craft.BUSINESS, title="Usaha pemula")
    await hold(pool, cohort, 1, 300, [present(ani)])
    [issued] = (await complete(pool, cohort)).certificates

    found = await do(pool, certificates_views.get_certificate, GetCertificate(number="KR-2026-BIZ-00001"))

    assert found == issued
    assert (found.title, found.issued_on) == ("Usaha pemula", date(2026, 11, 21))
    with pytest.raises(NotFound):
        await do(pool, certificates_views.get_certificate, GetCertificate(number="KR-2026-BIZ-00002"))


async def test_a_cohort_with_an_open_session_is_not_completed_yet(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    await hold(pool, cohort, 1, 300, [present(ani)])

    with pytest.raises(NotYet) as refused:
        await complete(pool, cohort)

    assert refused.value.code == "sessions_open"
    assert (await look_at(pool, cohort)).completed_at is None


async def test_a_cohort_is_completed_once_even_by_two_at_once(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1)
    await hold(pool, cohort, 1, 300, [present(ani)])

    results = await asyncio.gather(*[complete(pool, cohort) for _ in range(4)], return_exceptions=True)

    refused = [result for result in results if isinstance(result, Rejected)]
    assert [error.code for error in refused] == ["already_completed"] * 3
    assert await pool.fetchval("SELECT count(*) FROM certificate") == 1


async def test_nobody_gets_a_certificate_for_waiting_or_for_staying_away(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1, capacity=1)
    waiting = (await register(pool)).maker_id
    await enrol(pool, cohort, waiting)
    await hold(pool, cohort, 1, 300, [])

    reply = await complete(pool, cohort)

    assert (reply.certificates, reply.not_completed) == ([], [ani])
    states = {e.maker_id: e.state for e in (await look_at(pool, cohort)).enrolments}
    assert states == {ani: "not_completed", waiting: "waitlisted"}
    assert await pool.fetchval("SELECT count(*) FROM certificate_counter") == 0


async def test_cohorts_completed_at_once_share_a_sequence_without_gaps(database: Database) -> None:
    pool = await database("training")
    _, makers = await a_class(pool, makers=3)
    cohorts = [await a_held_cohort(pool, makers) for _ in range(4)]

    replies = await asyncio.gather(*[complete(pool, cohort) for cohort in cohorts])

    numbers = sorted([c.number for reply in replies for c in reply.certificates])
    assert numbers == [f"KR-2026-BTK-{n:05d}" for n in range(1, 13)]


async def test_a_completion_that_fails_in_the_end_leaves_no_gap(database: Database) -> None:
    pool = await database("training")
    _, makers = await a_class(pool, makers=2)
    first, second = await a_held_cohort(pool, makers), await a_held_cohort(pool, makers)

    with pytest.raises(ConnectionError):
        async with pool.acquire() as tx, tx.transaction():
            await completion.complete_cohort(received(CompleteCohort(cohort_id=first.cohort_id)), tx)
            raise ConnectionError

    reply = await complete(pool, second)
    assert [c.number for c in reply.certificates] == ["KR-2026-BTK-00001", "KR-2026-BTK-00002"]


async def test_each_craft_and_each_jakarta_year_counts_for_itself(database: Database) -> None:
    pool = await database("training")
    _, makers = await a_class(pool, makers=1)
    batik, again, sewing = [
        await a_held_cohort(pool, makers, craft) for craft in (Craft.BATIK, Craft.BATIK, Craft.SEWING)
    ]
    new_year_in_jakarta = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)

    replies = [
        await complete(pool, batik),
        await complete(pool, sewing),
        await complete(pool, again, new_year_in_jakarta),
    ]

    issued = [(c.number, c.issued_on.year) for reply in replies for c in reply.certificates]
    assert issued == [("KR-2026-BTK-00001", 2026), ("KR-2026-SEW-00001", 2026), ("KR-2027-BTK-00001", 2027)]


async def test_an_unknown_cohort_is_not_found(database: Database) -> None:
    pool = await database("training")

    with pytest.raises(NotFound):
        await do(pool, completion.complete_cohort, CompleteCohort(cohort_id=UUID(int=3)))
