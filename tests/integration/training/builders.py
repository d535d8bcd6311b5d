"""What training tests are made of: a rusun, makers, a cohort, its sessions, and a way to ask for things."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

from services.training.handlers import amendments, attendance, completion, courses, people
from services.training.vault import Vault
from services.training.views import completion as completion_views
from services.training.views import courses as courses_views
from services.training.views import sessions as sessions_views
from shared.contracts.message import Event, Message
from shared.contracts.training import (
    Amended,
    AmendSession,
    Attendance,
    AttendanceRecorded,
    AttendanceStatus,
    Cohort,
    CohortCompletion,
    CompleteCohort,
    CompleteSession,
    Completion,
    Craft,
    Enrol,
    Enrolment,
    GetCohort,
    GetCompletion,
    GetSession,
    MakerWritten,
    OpenCohort,
    PlannedSession,
    RecordAttendance,
    RegisterMaker,
    RegisterRusun,
    SessionClosed,
    SessionSheet,
)
from shared.db import Pool, Tx
from shared.runtime.envelope import Envelope, Received

M = TypeVar("M", bound=Message)
R = TypeVar("R")
Database = Callable[[str], Awaitable[Pool]]

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(weeks=52)
RINI = "coordinator:rini"
VAULT = Vault(bytes(range(32)))
SOMEBODY_WAITS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
register_maker = partial(people.register_maker, vault=VAULT)


def received(data: M, now: datetime = NOON, key: UUID | None = None) -> Received[M]:
    """`data` as the runtime would hand it over."""
    key = key or uuid4()
    envelope: Envelope[M] = Envelope(
        specversion="1.0", id=str(key), source="/tests", type=data.wire, time=now, actor=RINI, data=data
    )
    return Received(key, data, now, envelope)


async def do(pool: Pool, handle: Callable[[Received[M], Tx], Awaitable[R]], data: M, now: datetime = NOON) -> R:
    """One command or query in a transaction of its own, as the runtime does it."""
    async with pool.acquire() as tx, tx.transaction():
        return await handle(received(data, now), tx)


async def do_behind(pool: Pool, first: Callable[[Tx], Awaitable[object]], second: Awaitable[R]) -> R | BaseException:
    """What comes of `second` when it begins before `first` has committed, and must wait for it."""
    async with pool.acquire() as tx, tx.transaction():
        await first(tx)
        waiting = asyncio.ensure_future(second)
        async with asyncio.timeout(10):
            while not await pool.fetchval(SOMEBODY_WAITS):  # noqa: ASYNC110 - only the server knows
                await asyncio.sleep(0.01)
    [result] = await asyncio.gather(waiting, return_exceptions=True)
    return result


def a_rusun(code: str = "pulogebang", cooperative: str = "kopma") -> RegisterRusun:
    return RegisterRusun(
        code=code,
        name=f"Rusunawa {code.title()}",
        cooperative=cooperative,
        cooperative_name=f"Koperasi {cooperative.title()}",
    )


def a_maker(**fields: Any) -> RegisterMaker:
    given = {"name": "Ibu Ani", "phone": "0812 3456 7890", "rusun": "pulogebang", "block": "A", "unit": "12"}
    return RegisterMaker.model_validate(given | fields)


def a_cohort(sessions: int = 2, **fields: Any) -> OpenCohort:
    """Weekly sessions of three hours, the last one planned first."""
    plan = [PlannedSession(planned_start=NOON - timedelta(weeks=week)) for week in range(1, sessions + 1)]
    given = {"craft": Craft.BATIK, "title": "Batik tulis", "rusun": "pulogebang", "trainer": "Bu Sri", "sessions": plan}
    return OpenCohort.model_validate(given | fields)


async def register_rusun(pool: Pool, *codes: str) -> None:
    for code in codes or ("pulogebang",):
        await do(pool, people.register_rusun, a_rusun(code))


async def register(pool: Pool, now: datetime = NOON, **fields: Any) -> MakerWritten:
    maker, _ = await do(pool, register_maker, a_maker(**fields), now)
    return maker


async def open_cohort(pool: Pool, sessions: int = 2, **fields: Any) -> Cohort:
    cohort, _ = await do(pool, courses.open_cohort, a_cohort(sessions, **fields))
    return cohort


async def enrol(pool: Pool, cohort: Cohort, maker: UUID, now: datetime = NOON) -> Enrolment:
    enrolment, _ = await do(pool, courses.enrol, Enrol(cohort_id=cohort.cohort_id, maker_id=maker), now)
    return enrolment


async def a_class(pool: Pool, makers: int, sessions: int = 2, **fields: Any) -> tuple[Cohort, list[UUID]]:
    """A rusun, a cohort in it and makers who enrolled one after the other, before the first session."""
    await register_rusun(pool)
    cohort = await open_cohort(pool, sessions, **fields)
    enrolled = [(await register(pool)).maker_id for _ in range(makers)]
    for n, maker in enumerate(enrolled):
        await enrol(pool, cohort, maker, LONG_AGO + timedelta(seconds=n))
    return cohort, enrolled


def present(maker: UUID, minutes: int | None = None) -> Attendance:
    return Attendance(maker_id=maker, status=AttendanceStatus.PRESENT, minutes=minutes)


def late(maker: UUID, minutes: int) -> Attendance:
    return Attendance(maker_id=maker, status=AttendanceStatus.LATE, minutes=minutes)


def absent(maker: UUID) -> Attendance:
    return Attendance(maker_id=maker, status=AttendanceStatus.ABSENT)


async def record(pool: Pool, cohort: Cohort, number: int, *entries: Attendance) -> int:
    sheet = RecordAttendance(session_id=session_id(cohort, number), entries=list(entries))
    reply, events = await do(pool, attendance.record_attendance, sheet)
    assert events == []
    return reply.recorded


def a_completion(cohort: Cohort, number: int, minutes: int = 300, start: datetime | None = None) -> CompleteSession:
    started = start or NOON - timedelta(days=1)
    return CompleteSession(session_id=session_id(cohort, number), actual_start=started, actual_minutes=minutes)


async def hold(pool: Pool, cohort: Cohort, number: int, minutes: int, entries: Sequence[Attendance]) -> SessionClosed:
    """A session from its sheet to its completion."""
    if entries:
        await record(pool, cohort, number, *entries)
    closed, _ = await do(pool, attendance.complete_session, a_completion(cohort, number, minutes))
    return closed


async def complete(pool: Pool, cohort: Cohort, now: datetime = NOON) -> CohortCompletion:
    reply, _ = await do(pool, completion.complete_cohort, CompleteCohort(cohort_id=cohort.cohort_id), now)
    return reply


async def look_at(pool: Pool, cohort: Cohort) -> Cohort:
    return await do(pool, courses_views.get_cohort, GetCohort(cohort_id=cohort.cohort_id))


def session_id(cohort: Cohort, number: int) -> UUID:
    [session] = [session for session in cohort.sessions if session.number == number]
    return session.session_id


def left_early(maker: UUID, minutes: int) -> Attendance:
    return Attendance(maker_id=maker, status=AttendanceStatus.LEFT_EARLY, minutes=minutes)


def excused(maker: UUID) -> Attendance:
    return Attendance(maker_id=maker, status=AttendanceStatus.EXCUSED)


def not_hers(maker: UUID) -> Attendance:
    return Attendance(maker_id=maker, status=AttendanceStatus.NOT_APPLICABLE)


async def take_sheet(
    pool: Pool, cohort: Cohort, number: int, *entries: Attendance, **others: Any
) -> AttendanceRecorded:
    """A sheet by its exceptions: `others="present"`."""
    sheet = RecordAttendance(session_id=session_id(cohort, number), entries=list(entries), **others)
    reply, _ = await do(pool, attendance.record_attendance, sheet)
    return reply


async def look_at_sheet(pool: Pool, cohort: Cohort, number: int) -> SessionSheet:
    return await do(pool, sessions_views.get_session, GetSession(session_id=session_id(cohort, number)))


async def preview(pool: Pool, cohort: Cohort) -> Completion:
    return await do(pool, completion_views.get_completion, GetCompletion(cohort_id=cohort.cohort_id))


def an_amendment(cohort: Cohort, number: int, *entries: Attendance, **fields: Any) -> AmendSession:
    given = {"reason": "the paper sheet says so", "entries": list(entries)}
    return AmendSession(session_id=session_id(cohort, number), **{**given, **fields})


async def amend(
    pool: Pool, cohort: Cohort, number: int, *entries: Attendance, **fields: Any
) -> tuple[Amended, list[Event]]:
    return await do(pool, amendments.amend_session, an_amendment(cohort, number, *entries, **fields), NOON)
