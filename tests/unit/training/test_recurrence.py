"""Sessions that recur, on the wall clock in Jakarta."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.calendar import JAKARTA
from services.training.domain.recurrence import occurrences
from shared.contracts.training import PlannedSession
from shared.contracts.training.planning import Recurrence, Weekday
from shared.errors import Invalid

TUESDAY = date(2026, 12, 1)


def a_recurrence(**fields: Any) -> Recurrence:
    given = {"weekdays": ["tuesday", "thursday"], "start": "09:00", "minutes": 180, "from": TUESDAY.isoformat()}
    return Recurrence.model_validate(given | fields)


def days(sessions: list[PlannedSession]) -> list[str]:
    return [session.planned_start.astimezone(JAKARTA).strftime("%a %d") for session in sessions]


def test_tuesdays_and_thursdays_from_nine_to_twelve() -> None:
    sessions = occurrences(a_recurrence(count=5), [])

    assert days(sessions) == ["Tue 01", "Thu 03", "Tue 08", "Thu 10", "Tue 15"]
    assert sessions[0].planned_start == datetime(2026, 12, 1, 9, 0, tzinfo=JAKARTA)
    assert sessions[0].planned_start.utcoffset() == timedelta(hours=7)
    assert {session.planned_minutes for session in sessions} == {180}


def test_the_last_day_is_included() -> None:
    assert days(occurrences(a_recurrence(until="2026-12-10"), [])) == ["Tue 01", "Thu 03", "Tue 08", "Thu 10"]


def test_a_holiday_is_left_out_and_does_not_count() -> None:
    holidays = {"except": ["2026-12-03", "2026-12-25"]}

    assert days(occurrences(a_recurrence(count=3, **holidays), [])) == ["Tue 01", "Tue 08", "Thu 10"]


def test_the_first_day_need_not_be_one_of_the_weekdays() -> None:
    assert days(occurrences(a_recurrence(**{"from": "2026-12-02"}, count=1), [])) == ["Thu 03"]


def test_a_curriculum_says_how_many_and_how_long_they_are() -> None:
    sessions = occurrences(a_recurrence(minutes=None), [120, 300, 60])

    assert [session.planned_minutes for session in sessions] == [120, 300, 60]


def test_more_sessions_than_the_curriculum_has_last_three_hours() -> None:
    sessions = occurrences(a_recurrence(minutes=None, count=3), [120])

    assert [session.planned_minutes for session in sessions] == [120, 180, 180]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "recurrence.count"),
        ({"count": 3, "until": "2026-12-31"}, "recurrence.count"),
        ({"until": "2026-11-30"}, "recurrence"),
        ({"until": "2028-11-30"}, "recurrence"),
    ],
)
def test_what_cannot_be_planned_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        occurrences(a_recurrence(**fields), [])

    assert [fault["field"] for fault in refused.value.errors] == [field]


@given(
    weekdays=st.sets(st.sampled_from(list(Weekday)), min_size=1),
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    count=st.integers(1, 60),
    left_out=st.sets(st.integers(0, 60)),
)
def test_each_session_is_on_a_chosen_day_that_is_not_left_out(
    weekdays: set[Weekday], first: date, count: int, left_out: set[int]
) -> None:
    out = [first + timedelta(days=n) for n in left_out]
    asked = {"weekdays": list(weekdays), "from": first, "count": count, "except": out}

    sessions = occurrences(a_recurrence(**asked), [])

    local = [session.planned_start.astimezone(JAKARTA) for session in sessions]
    assert len(set(local)) == count
    assert local == sorted(local)
    assert {list(Weekday)[at.weekday()] for at in local} <= weekdays
    assert not {at.date() for at in local} & set(out)
    assert {at.strftime("%H:%M") for at in local} == {"09:00"}
    assert local[0].date() >= first
