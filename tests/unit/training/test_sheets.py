"""Sheets by exception, minutes reckoned from times, and sums that tie out whatever is told and amended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain import amendments
from services.training.domain.attendance import (
    AWAY,
    Mark,
    SessionFacts,
    Settled,
    Span,
    applies,
    check_says_something,
    others,
    overrun,
    read_sheet,
    settle,
    sum_up,
    unmarked,
)
from shared.contracts.training import AmendSession, Attendance, AttendanceStatus, Craft
from shared.errors import Invalid, Rejected

ANI, WATI, SARI = UUID(int=1), UUID(int=2), UUID(int=3)
NINE = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
LONG_AGO = NINE - timedelta(weeks=4)
RUN = Span(NINE, 360)
Status = AttendanceStatus


def a_session(completed: bool = False) -> SessionFacts:
    is_open = SessionFacts(UUID(int=8), UUID(int=9), Craft.BATIK, 1, NINE, 180, None, None, None, 1)
    return replace(is_open, actual_start=NINE, actual_minutes=360, completed_at=NINE) if completed else is_open


def after(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("mark", "minutes"),
    [
        (Mark(ANI, Status.PRESENT, None), 360),
        (Mark(ANI, Status.LATE, None, arrived_at=after(25.5)), 334),
        (Mark(ANI, Status.LEFT_EARLY, None, left_at=after(200)), 200),
        (Mark(ANI, Status.LATE, None, after(10), after(200)), 190),
        (Mark(ANI, Status.LATE, None, arrived_at=after(-15)), 360),
        (Mark(ANI, Status.LEFT_EARLY, None, left_at=after(500)), 360),
        (Mark(ANI, Status.LATE, 90), 90),
        (Mark(ANI, Status.EXCUSED, 0), 0),
    ],
)
def test_minutes_follow_from_the_session_and_from_when_she_came_and_left(mark: Mark, minutes: int) -> None:
    assert settle([mark], RUN) == [Settled(ANI, mark.status, minutes)]


@pytest.mark.parametrize("mark", [Mark(ANI, Status.LATE, None, after(360)), Mark(ANI, Status.LATE, None, None, NINE)])
def test_somebody_who_came_when_it_was_over_is_named(mark: Mark) -> None:
    with pytest.raises(Rejected) as refused:
        settle([mark, Mark(WATI, Status.PRESENT, None)], RUN)

    assert refused.value.code == "times_outside_session"
    assert str(ANI) in refused.value.detail
    assert str(WATI) not in refused.value.detail


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"status": "present", "arrived_at": NINE}, "arrived_at"),
        ({"status": "excused", "left_at": NINE}, "left_at"),
        ({"status": "late", "minutes": 5, "arrived_at": NINE}, "arrived_at"),
        ({"status": "left-early", "arrived_at": after(9), "left_at": after(9)}, "left_at"),
        ({"status": "late"}, "minutes"),
    ],
)
def test_times_that_contradict_what_is_said_are_refused_by_their_field(fields: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheet([Attendance.model_validate({"maker_id": ANI, **fields})])

    assert [error["field"] for error in refused.value.errors] == [f"entries.0.{field}"]


def test_a_sheet_of_nobody_is_refused() -> None:
    check_says_something([], Status.PRESENT)
    with pytest.raises(Invalid):
        check_says_something([], None)


def test_the_others_are_those_whom_the_sheet_does_not_name_and_who_had_a_seat() -> None:
    seats = {ANI: LONG_AGO, WATI: LONG_AGO, SARI: NINE + timedelta(days=1)}
    late = Mark(WATI, Status.LATE, 90)

    assert others(Status.PRESENT, a_session(), seats, [late]) == [Mark(ANI, Status.PRESENT, None, named=False)]
    assert others(Status.ABSENT, a_session(), seats, [late]) == [Mark(ANI, Status.ABSENT, 0, named=False)]
    assert others(None, a_session(), seats, [late]) == []


def test_a_session_of_an_earlier_day_in_jakarta_is_not_hers_and_one_of_the_same_day_is() -> None:
    late_in_jakarta = datetime(2026, 11, 1, 16, 59, tzinfo=UTC)

    assert applies(NINE, NINE + timedelta(hours=3))
    assert not applies(late_in_jakarta, NINE)
    assert applies(late_in_jakarta + timedelta(minutes=1), NINE)


def test_whom_nobody_marked_is_absent_or_it_was_not_her_session() -> None:
    seats = {ANI: LONG_AGO, WATI: LONG_AGO, SARI: NINE + timedelta(days=1)}
    found = {mark.maker_id: mark.status for mark in unmarked(RUN, seats, [Mark(ANI, Status.PRESENT, None)])}

    assert found == {WATI: Status.ABSENT, SARI: Status.NOT_APPLICABLE}


@pytest.mark.parametrize(("planned", "actual", "beyond"), [(180, 360, 180), (180, 180, 0), (180, 90, 0)])
def test_the_overrun_is_what_was_taught_beyond_the_plan(planned: int, actual: int, beyond: int) -> None:
    assert overrun(planned, actual) == beyond


makers = st.integers(1, 40).map(lambda n: UUID(int=n))
spans = st.builds(Span, st.just(NINE), st.integers(60, 720))


@st.composite
def marks(draw: st.DrawFn, maker: UUID | None = None) -> Mark:
    who = maker or draw(makers)
    status = draw(st.sampled_from(Status))
    if status in AWAY:
        return Mark(who, status, 0)
    if status is Status.PRESENT:
        return Mark(who, status, draw(st.one_of(st.none(), st.integers(1, 60))))
    came, went = draw(st.integers(-30, 25)), draw(st.integers(30, 800))
    told = Mark(who, status, draw(st.integers(1, 60)))
    timed = Mark(who, status, None, after(came), after(went))
    return draw(st.sampled_from([told, timed]))


sheets = st.lists(marks(), max_size=40, unique_by=lambda mark: mark.maker_id)


@given(sheets, spans)
def test_a_sheet_and_its_totals_tie_out(sheet: list[Mark], span: Span) -> None:
    settled = settle(sheet, span)
    totals = sum_up(settled)

    here = [one for one in settled if one.status not in AWAY]
    assert totals.minutes == sum(one.minutes for one in settled) == sum(one.minutes for one in here)
    assert totals.attended == len(here) == len([one for one in settled if one.minutes])
    not_hers = len([one for one in settled if one.status is Status.NOT_APPLICABLE])
    assert sum(totals.counts.model_dump().values()) + not_hers == len(sheet)
    assert all(0 <= one.minutes <= span.minutes for one in settled)


@given(sheets, sheets, spans, spans)
def test_an_amended_sheet_ties_out_and_what_was_before_can_be_read_from_its_changes(
    sheet: list[Mark], corrections: list[Mark], span: Span, longer: Span
) -> None:
    before = settle(sheet, span)
    since = settle(amendments.marks_since(sheet, corrections), longer)
    changed = amendments.changes({one.maker_id: one for one in before}, since)

    undone = {one.maker_id: one for one in since}
    for change in changed:
        if change.earlier:
            undone[change.earlier.maker_id] = change.earlier
        else:
            del undone[change.now.maker_id]
    assert undone == {one.maker_id: one for one in before}
    moved = sum(change.now.minutes - (change.earlier.minutes if change.earlier else 0) for change in changed)
    assert sum_up(since).minutes == sum_up(before).minutes + moved


@given(sheets, st.integers(60, 700), st.integers(0, 20))
def test_in_a_longer_session_nobody_was_there_for_less(sheet: list[Mark], minutes: int, more: int) -> None:
    shorter = {one.maker_id: one.minutes for one in settle(sheet, Span(NINE, minutes))}

    assert all(one.minutes >= shorter[one.maker_id] for one in settle(sheet, Span(NINE, minutes + more)))


def test_an_amendment_that_changes_nothing_and_one_of_an_open_session_are_refused() -> None:
    before = amendments.held(a_session(completed=True))
    asked = AmendSession(session_id=UUID(int=8), reason="two names were mixed up")

    assert amendments.span_since(before, asked) == before
    with pytest.raises(Rejected) as unchanged:
        amendments.check_changes([], before, before)
    with pytest.raises(Rejected) as still_open:
        amendments.held(a_session())

    assert (unchanged.value.code, still_open.value.code) == ("nothing_changed", "session_open")
