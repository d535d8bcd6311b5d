"""What an attendance sheet may say, and what a session that has been held may claim."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.training.domain.faults import invalid
from shared.contracts.training import Attendance, AttendanceStatus, Craft
from shared.errors import Rejected

AWAY = frozenset({AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT})


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What decisions need of a session."""

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    number: int
    planned_minutes: int
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One maker on a sheet. `minutes` None: the whole session, however long it turns out to be."""

    maker_id: UUID
    status: AttendanceStatus
    minutes: int | None


def read_sheet(entries: Sequence[Attendance]) -> list[Mark]:
    """One mark for each maker; of two entries for one the later counts. Raises Invalid, naming every fault."""
    faults = [(f"entries.{i}.minutes", reason) for i, e in enumerate(entries) if (reason := _fault(e))]
    if faults:
        raise invalid(*faults)
    latest = {entry.maker_id: entry for entry in entries}
    return [Mark(e.maker_id, e.status, 0 if e.status in AWAY else e.minutes) for e in latest.values()]


def check_open(session: SessionFacts) -> None:
    """Raises Rejected when the session has been completed: its minutes stand."""
    if session.completed_at:
        raise Rejected("already_completed", f"Session {session.session_id} is completed")


def check_enrolled(marks: Sequence[Mark], enrolled: Collection[UUID]) -> None:
    """Raises Rejected, naming the makers on the sheet who have no seat in the cohort."""
    strangers = [mark.maker_id for mark in marks if mark.maker_id not in enrolled]
    if strangers:
        raise Rejected("not_enrolled", f"Not enrolled: {_listed(strangers)}")


def check_start(actual_start: datetime, now: datetime) -> None:
    """Raises Invalid for a session that has not even begun."""
    if actual_start > now:
        raise invalid(("actual_start", "a session is completed after it was held"))


def check_minutes(longer: Sequence[UUID], actual_minutes: int) -> None:
    """Raises Rejected when makers (`longer`) are recorded for more minutes than the session had."""
    if longer:
        detail = f"Recorded for more than the session's {actual_minutes} minutes: {_listed(longer)}"
        raise Rejected("minutes_exceed_session", detail)


def _fault(entry: Attendance) -> str | None:
    if entry.status in AWAY:
        return f"{entry.status} means 0 minutes" if entry.minutes else None
    if entry.minutes is None:
        return None if entry.status is AttendanceStatus.PRESENT else f"{entry.status} needs minutes"
    return None if entry.minutes else f"{entry.status} means at least 1 minute"


def _listed(makers: Sequence[UUID]) -> str:
    return ", ".join([str(maker) for maker in makers])
