"""Corrections after the end of a session: added and never written over, and what they do to who completed."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.training.handlers import amendments, completion
from services.training.views import sessions as views
from shared.contracts.training import (
    AmendedMark,
    AmendSession,
    Attendance,
    AttendanceStatus,
    CertificateIssued,
    CertificateRevoked,
    Cohort,
    CompleteCohort,
    Lack,
    ListAmendments,
    MakerNotCompleted,
    SessionAmended,
)
from shared.db import Pool, Tx
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.training.builders import (
    NOON,
    RINI,
    Database,
    a_class,
    absent,
    amend,
    complete,
    do,
    do_behind,
    enrol,
    hold,
    late,
    left_early,
    look_at,
    look_at_sheet,
    present,
    preview,
    received,
    register,
    session_id,
)

Status = AttendanceStatus
START = NOON - timedelta(days=1)


async def a_completed_class(pool: Pool) -> tuple[Cohort, list[UUID]]:
    """Three makers in one session of 400 minutes, of which 300 are needed: 400, 300 and 200 minutes."""
    cohort, makers = await a_class(pool, makers=3, sessions=1)
    ani, wati, sari = makers
    await hold(pool, cohort, 1, 400, [present(ani), late(wati, 300), late(sari, 200)])
    await complete(pool, cohort)
    return cohort, makers


async def test_an_amendment_keeps_what_was_before_and_tells_the_new_totals(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati, sari] = await a_class(pool, makers=3)
    await hold(pool, cohort, 1, 300, [present(ani), late(wati, 90), absent(sari)])

    amended, events = await amend(pool, cohort, 1, late(wati, 120), actual_minutes=360, reason="the clock was wrong")

    assert (amended.attended, amended.attended_minutes, amended.overrun_minutes) == (2, 480, 180)
    assert events == [
        SessionAmended(
            session_id=session_id(cohort, 1),
            cohort_id=cohort.cohort_id,
            craft=cohort.craft,
            number=1,
            version=2,
            planned_minutes=180,
            actual_minutes=360,
            overrun_minutes=180,
            counts=amended.counts,
            attended=2,
            attended_minutes=480,
        )
    ]
    kept = await do(pool, views.list_amendments, ListAmendments(session_id=session_id(cohort, 1)))
    [first] = kept.items
    assert first == amended.amendment
    assert (first.reason, first.amended_by, first.amended_at) == ("the clock was wrong", RINI, NOON)
    assert (first.earlier_start, first.earlier_minutes, first.actual_minutes) == (START, 300, 360)
    assert {mark.maker_id: (mark.earlier_minutes, mark.minutes) for mark in first.marks} == {
        ani: (300, 360),
        wati: (90, 120),
    }
    assert [line.minutes for line in (await look_at_sheet(pool, cohort, 1)).makers].count(360) == 1


async def test_each_amendment_is_a_version_more_and_they_are_listed_page_by_page(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    for minutes in (310, 320, 330):
        await amend(pool, cohort, 1, actual_minutes=minutes)

    asked = ListAmendments(session_id=session_id(cohort, 1), limit=2)
    page = await do(pool, views.list_amendments, asked)
    rest = await do(pool, views.list_amendments, asked.model_copy(update={"cursor": page.next}))

    assert [one.version for one in [*page.items, *rest.items]] == [2, 3, 4]
    assert [one.actual_minutes for one in [*page.items, *rest.items]] == [310, 320, 330]
    assert rest.next is None
    assert (await look_at(pool, cohort)).enrolments[0].minutes == 330


async def test_minutes_that_follow_from_a_time_follow_the_session_when_it_is_moved(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    came = Attendance(maker_id=ani, status=Status.LATE, arrived_at=START + timedelta(minutes=30))
    await hold(pool, cohort, 1, 300, [came])

    amended, _ = await amend(pool, cohort, 1, actual_start=START + timedelta(minutes=20))

    assert [(mark.earlier_minutes, mark.minutes) for mark in amended.amendment.marks] == [(270, 290)]


async def test_somebody_who_came_to_the_cohort_later_can_be_set_right_too(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    newcomer = (await register(pool)).maker_id
    await enrol(pool, cohort, newcomer)

    amended, _ = await amend(pool, cohort, 1, left_early(newcomer, 100))

    assert amended.amendment.marks == [
        AmendedMark(maker_id=newcomer, earlier_status=None, earlier_minutes=None, status=Status.LEFT_EARLY, minutes=100)
    ]


async def test_what_cannot_be_set_right_is_refused_and_changes_nothing(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1)
    stranger = (await register(pool)).maker_id

    with pytest.raises(Rejected) as still_open:
        await amend(pool, cohort, 1, present(ani))
    await hold(pool, cohort, 1, 300, [late(ani, 250)])
    refusals = []
    for entries, fields in [
        ([late(ani, 250)], {}),
        ([late(ani, 301)], {}),
        ([], {"actual_minutes": 240}),
        ([present(stranger)], {}),
    ]:
        with pytest.raises(Rejected) as refused:
            await amend(pool, cohort, 1, *entries, **fields)
        refusals.append(refused.value.code)
    with pytest.raises(Invalid):
        await amend(pool, cohort, 1, actual_start=NOON + timedelta(minutes=1))
    with pytest.raises(NotFound):
        unknown = AmendSession(session_id=UUID(int=5), reason="nobody knows it")
        await do(pool, amendments.amend_session, unknown)

    assert still_open.value.code == "session_open"
    assert refusals == ["nothing_changed", "minutes_exceed_session", "minutes_exceed_session", "not_enrolled"]
    assert await pool.fetchval("SELECT count(*) FROM session_amendment") == 0
    assert (await look_at_sheet(pool, cohort, 1)).version == 1


async def test_after_the_end_of_a_cohort_what_changes_nobodys_completion_is_set_right(database: Database) -> None:
    pool = await database("training")
    cohort, [_, wati, _] = await a_completed_class(pool)

    amended, events = await amend(pool, cohort, 1, late(wati, 350))

    assert [type(event) for event in events] == [SessionAmended]
    assert (amended.certified, amended.revoked) == ([], [])
    assert [one.minutes for one in (await look_at(pool, cohort)).enrolments] == [400, 350, 200]


@pytest.mark.parametrize("minutes", [299, 300])
async def test_after_the_end_nobodys_completion_changes_unless_it_is_meant(database: Database, minutes: int) -> None:
    pool = await database("training")
    cohort, [_, wati, sari] = await a_completed_class(pool)
    wrong = wati if minutes == 299 else sari

    with pytest.raises(Rejected) as refused:
        await amend(pool, cohort, 1, late(wrong, minutes))

    assert refused.value.code == "completion_would_change"
    assert str(wrong) in refused.value.detail
    assert [one.minutes for one in (await look_at(pool, cohort)).enrolments] == [400, 300, 200]


async def test_reconsidered_who_completes_now_is_certified_and_who_does_not_loses_hers(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati, sari] = await a_completed_class(pool)

    mixed_up = [late(wati, 200), late(sari, 300)]
    amended, events = await amend(pool, cohort, 1, *mixed_up, reason="two names were mixed up", reconsider=True)

    [issued] = amended.certified
    assert (issued.number, issued.maker_id, issued.minutes) == ("KR-2026-BTK-00003", sari, 300)
    assert amended.revoked == ["KR-2026-BTK-00002"]
    assert [type(event) for event in events] == [
        SessionAmended,
        CertificateIssued,
        CertificateRevoked,
        MakerNotCompleted,
    ]
    assert not [event for event in events if "mixed" in event.model_dump_json()]
    seen = {one.maker_id: (one.state, one.certificate) for one in (await look_at(pool, cohort)).enrolments}
    assert seen == {
        ani: ("completed", "KR-2026-BTK-00001"),
        wati: ("not_completed", None),
        sari: ("completed", "KR-2026-BTK-00003"),
    }
    standing = {one.maker_id: one.lacks for one in (await preview(pool, cohort)).makers}
    assert standing == {ani: [], wati: [Lack.MINUTES], sari: []}
    assert (
        await pool.fetchval("SELECT end_reason FROM certificate WHERE state = 'revoked'") == "two names were mixed up"
    )


async def test_an_amendment_that_comes_while_the_cohort_is_completed_sees_its_certificates(
    database: Database,
) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, makers=1, sessions=1)
    await hold(pool, cohort, 1, 400, [late(ani, 300)])

    async def complete_first(tx: Tx) -> None:
        await completion.complete_cohort(received(CompleteCohort(cohort_id=cohort.cohort_id)), tx)

    result = await do_behind(pool, complete_first, amend(pool, cohort, 1, late(ani, 200)))

    assert isinstance(result, Rejected)
    assert result.code == "completion_would_change"


async def test_amendments_at_once_come_one_after_the_other(database: Database) -> None:
    pool = await database("training")
    cohort, makers = await a_class(pool, makers=4)
    await hold(pool, cohort, 1, 300, [])

    await asyncio.gather(*[amend(pool, cohort, 1, present(maker)) for maker in makers])

    kept = await do(pool, views.list_amendments, ListAmendments(session_id=session_id(cohort, 1)))
    assert [one.version for one in kept.items] == [2, 3, 4, 5]
    sheet = await look_at_sheet(pool, cohort, 1)
    assert (sheet.version, sheet.attended, sheet.attended_minutes) == (5, 4, 1200)


async def test_an_amendment_has_its_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        AmendSession.model_validate({"session_id": UUID(int=1), "actual_minutes": 200})
