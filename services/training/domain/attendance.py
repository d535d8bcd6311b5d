"""What an attendance sheet may say, what a session that has been held may claim, and every maker's minutes in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.training.domain.calendar import jakarta_day
from services.training.domain.faults import invalid
from shared.contracts.training import Attendance, AttendanceStatus, Craft, StatusCounts
from shared.errors import Rejected

AWAY = frozenset({AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT, AttendanceStatus.NOT_APPLICABLE})
PARTLY = frozenset({AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY})


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What decisions need of a session."""

    session_id: UUID
    cohort_id: UUID
    craft: Craft
    number: int
    planned_start: datetime
    planned_minutes: int
    actual_start: datetime | None
    actual_minutes: int | None
    completed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Span:
    """A session as it really was."""

    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Mark:
    """One maker on a sheet. `minutes` None: to be reckoned from the session, and from when she came or left.

    `named`: somebody has marked her by name, not as one of the others.
    """

    maker_id: UUID
    status: AttendanceStatus
    minutes: int | None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    named: bool = True

    def minutes_in(self, session: Span) -> int:
        """Whole minutes; none before the session began, none after its end."""
        if self.status in AWAY or self.minutes is not None:
            return self.minutes or 0
        came = max(session.start, self.arrived_at or session.start)
        went = min(session.end, self.left_at or session.end)
        return max(0, (went - came) // timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Settled:
    """A mark of a completed session."""

    maker_id: UUID
    status: AttendanceStatus
    minutes: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A sheet summed up."""

    counts: StatusCounts
    attended: int
    minutes: int


def read_sheet(entries: Sequence[Attendance]) -> list[Mark]:
    """One mark for each maker; of two entries for one the later counts. Raises Invalid, naming every fault."""
    faults = [(f"entries.{i}.{fault[0]}", fault[1]) for i, e in enumerate(entries) if (fault := _fault(e))]
    if faults:
        raise invalid(*faults)
    latest = {entry.maker_id: entry for entry in entries}
    return [
        Mark(e.maker_id, e.status, 0 if e.status in AWAY else e.minutes, e.arrived_at, e.left_at)
        for e in latest.values()
    ]


def others(
    status: AttendanceStatus | None, session: SessionFacts, seats: Mapping[UUID, datetime], named: Sequence[Mark]
) -> list[Mark]:
    """The marks of those whom this sheet does not name and to whom the session applies, when it says what they are."""
    if status is None:
        return []
    minutes = 0 if status in AWAY else None
    known = {mark.maker_id for mark in named}
    return [
        Mark(maker_id, status, minutes, named=False)
        for maker_id, since in seats.items()
        if maker_id not in known and applies(session.planned_start, since)
    ]


def applies(session_start: datetime, seated_at: datetime) -> bool:
    """False for a session of a day before she had her seat. On the same day she may have come and enrolled."""
    return jakarta_day(seated_at) <= jakarta_day(session_start)


def unmarked(session: Span, seats: Mapping[UUID, datetime], marks: Sequence[Mark]) -> list[Mark]:
    """What those are whom nobody has marked: absent, or it does not apply to them."""
    known = {mark.maker_id for mark in marks}
    return [
        Mark(maker_id, _by_itself(session, since), 0, named=False)
        for maker_id, since in seats.items()
        if maker_id not in known
    ]


def settle(marks: Sequence[Mark], session: Span) -> list[Settled]:
    """Everybody's minutes, now that it is known what the session was.

    Raises Rejected, naming the makers, when somebody was there for longer than it took or came when it was over.
    """
    check_minutes([mark.maker_id for mark in marks if (mark.minutes or 0) > session.minutes], session.minutes)
    settled = [Settled(mark.maker_id, mark.status, mark.minutes_in(session)) for mark in marks]
    outside = [one.maker_id for one in settled if one.status not in AWAY and not one.minutes]
    if outside:
        raise Rejected("times_outside_session", f"Came or left when there was no session: {_listed(outside)}")
    return settled


def sum_up(marks: Sequence[Settled | Mark]) -> Totals:
    """What a sheet comes to. Minutes that are not known yet are not counted."""
    tally = {status: len([m for m in marks if m.status is status]) for status in AttendanceStatus}
    counts = StatusCounts(
        present=tally[AttendanceStatus.PRESENT],
        late=tally[AttendanceStatus.LATE],
        left_early=tally[AttendanceStatus.LEFT_EARLY],
        excused=tally[AttendanceStatus.EXCUSED],
        absent=tally[AttendanceStatus.ABSENT],
    )
    attended = counts.present + counts.late + counts.left_early
    return Totals(counts, attended, sum([mark.minutes or 0 for mark in marks]))


def overrun(planned_minutes: int, actual_minutes: int) -> int:
    """What was taught beyond the plan."""
    return max(0, actual_minutes - planned_minutes)


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


def check_says_something(entries: Sequence[Attendance], status: AttendanceStatus | None) -> None:
    """Raises Invalid for a sheet of nobody."""
    if not entries and status is None:
        raise invalid(("entries", "needed where others are not marked"))


def _by_itself(session: Span, since: datetime) -> AttendanceStatus:
    return AttendanceStatus.ABSENT if applies(session.start, since) else AttendanceStatus.NOT_APPLICABLE


def _fault(entry: Attendance) -> tuple[str, str] | None:
    timed = "arrived_at" if entry.arrived_at else "left_at" if entry.left_at else None
    if timed and entry.status not in PARTLY:
        return timed, f"{entry.status} has no times"
    if entry.status in AWAY:
        return ("minutes", f"{entry.status} means 0 minutes") if entry.minutes else None
    if entry.minutes is None:
        return _fault_of_times(entry, timed)
    if timed:
        return timed, "either minutes or times"
    return None if entry.minutes else ("minutes", f"{entry.status} means at least 1 minute")


def _fault_of_times(entry: Attendance, timed: str | None) -> tuple[str, str] | None:
    if timed is None and entry.status in PARTLY:
        return "minutes", f"{entry.status} needs minutes, or when she came or left"
    if entry.arrived_at and entry.left_at and entry.left_at <= entry.arrived_at:
        return "left_at", "she left before she came"
    return None


def _listed(makers: Sequence[UUID]) -> str:
    return ", ".join([str(maker) for maker in makers])
