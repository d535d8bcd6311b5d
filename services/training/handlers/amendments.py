"""What is set right of a session after it was completed, and what that does to who completed the cohort."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.training.domain import amendments, attendance, completion
from services.training.domain.amendments import Change
from services.training.domain.attendance import Mark, SessionFacts, Settled, Span
from services.training.domain.certificates import Ending
from services.training.domain.courses import CohortFacts, EnrolmentState
from services.training.handlers.attendance import find_session
from services.training.handlers.certificates import revoke
from services.training.handlers.completion import certify, issued_late, mark, missed, rule_of, why
from services.training.handlers.courses import find_cohort
from services.training.handlers.people import refuse_anonymised
from services.training.storage import amendments as storage
from services.training.storage import attendance as attendance_storage
from services.training.storage import certificates as certificates_storage
from services.training.storage import completion as completion_storage
from shared.contracts.message import Event
from shared.contracts.training import (
    Amended,
    AmendedMark,
    Amendment,
    AmendSession,
    Certificate,
    SessionAmended,
)
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


@dataclass(frozen=True, slots=True)
class Since:
    """A completed session as it was, as it is since, and what differs."""

    session: SessionFacts
    before: Span
    span: Span
    settled: list[Settled]
    changed: list[Change]

    @property
    def version(self) -> int:
        return self.session.version + 1


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an amendment did to a completed cohort."""

    certified: list[Certificate]
    revoked: list[str]
    events: list[Event]


async def amend_session(command: Received[AmendSession], tx: Tx) -> tuple[Amended, list[Event]]:
    """Everybody's minutes anew. Its cohort is locked first: who completes is decided by one at a time."""
    corrections = attendance.read_sheet(command.data.entries)
    await refuse_anonymised(tx, [mark.maker_id for mark in corrections])
    cohort = await _lock_cohort_of(tx, command)
    since = await _amend(tx, command, corrections)
    consequences = await _reconsider(tx, command, cohort)
    totals = attendance.sum_up(since.settled)
    amended = Amended(
        amendment=_amendment(command, since),
        overrun_minutes=attendance.overrun(since.session.planned_minutes, since.span.minutes),
        counts=totals.counts,
        attended=totals.attended,
        attended_minutes=totals.minutes,
        certified=consequences.certified,
        revoked=consequences.revoked,
    )
    return amended, [_told(since, amended), *consequences.events]


async def _lock_cohort_of(tx: Tx, command: Received[AmendSession]) -> CohortFacts:
    cohort_id = await attendance_storage.get_cohort_of(tx, command.data.session_id)
    if cohort_id is None:
        raise NotFound("session_not_found", f"There is no session {command.data.session_id}")
    return await find_cohort(tx, cohort_id)


async def _amend(tx: Tx, command: Received[AmendSession], corrections: Sequence[Mark]) -> Since:
    session = await find_session(tx, command.data.session_id)
    before = amendments.held(session)
    span = amendments.span_since(before, command.data)
    attendance.check_start(span.start, command.now)
    marks = await attendance_storage.list_marks(tx, session.session_id)
    learners = await completion_storage.list_learners(tx, session.cohort_id)
    known = {learner.maker_id for learner in learners} | {mark.maker_id for mark in marks}
    attendance.check_enrolled(corrections, known)
    settled = attendance.settle(amendments.marks_since(marks, corrections), span)
    changed = amendments.changes(await storage.list_settled(tx, session.session_id), settled)
    amendments.check_changes(changed, before, span)
    since = Since(session, before, span, settled, changed)
    await storage.add_amendment(tx, command, since.version, before, span)
    await storage.add_changes(tx, session.session_id, since.version, changed)
    await attendance_storage.add_marks(tx, session, corrections, command.now, command.actor)
    await attendance_storage.mark_minutes(tx, session.session_id, settled)
    await attendance_storage.mark_amended(tx, session.session_id, since.version, span)
    return since


async def _reconsider(tx: Tx, command: Received[AmendSession], cohort: CohortFacts) -> Consequences:
    """In a completed cohort nobody's completion changes unless the amendment says that this is meant."""
    if cohort.completed_at is None:
        return Consequences([], [], [])
    rule = rule_of(cohort)
    turn = completion.turned(await completion_storage.list_learners(tx, cohort.cohort_id), rule)
    completion.check_meant(turn, command.data.reconsider)
    certified = await certify(tx, cohort, turn.gained, command.now)
    await mark(tx, cohort, turn.lost, EnrolmentState.NOT_COMPLETED)
    makers = [learner.maker_id for learner in turn.lost]
    lost = await certificates_storage.list_valid(tx, cohort.cohort_id, makers)
    revoked = await revoke(tx, lost, Ending(command.now, command.actor, command.data.reason))
    told = [missed(cohort, why(learner, rule)) for learner in turn.lost]
    gained = [issued_late(cohort, certificate) for certificate in certified]
    return Consequences(certified, [one.number for one in lost], [*gained, *revoked, *told])


def _amendment(command: Received[AmendSession], since: Since) -> Amendment:
    return Amendment(
        session_id=since.session.session_id,
        version=since.version,
        reason=command.data.reason,
        amended_at=command.now,
        amended_by=command.actor,
        earlier_start=since.before.start,
        earlier_minutes=since.before.minutes,
        actual_start=since.span.start,
        actual_minutes=since.span.minutes,
        marks=[_mark(change) for change in since.changed],
    )


def _mark(change: Change) -> AmendedMark:
    return AmendedMark(
        maker_id=change.now.maker_id,
        earlier_status=change.earlier.status if change.earlier else None,
        earlier_minutes=change.earlier.minutes if change.earlier else None,
        status=change.now.status,
        minutes=change.now.minutes,
    )


def _told(since: Since, amended: Amended) -> SessionAmended:
    return SessionAmended(
        session_id=since.session.session_id,
        cohort_id=since.session.cohort_id,
        craft=since.session.craft,
        number=since.session.number,
        version=since.version,
        planned_minutes=since.session.planned_minutes,
        actual_minutes=since.span.minutes,
        overrun_minutes=amended.overrun_minutes,
        counts=amended.counts,
        attended=amended.attended,
        attended_minutes=amended.attended_minutes,
    )
