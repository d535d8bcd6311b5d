"""How sessions follow each other, and who gets a seat."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.courses import (
    CohortFacts,
    EnrolmentState,
    Seat,
    Taken,
    check_open,
    in_order,
    next_seat,
    planned_end,
)
from shared.contracts.training import Craft, PlannedSession
from shared.errors import Rejected

MORNING = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def a_session(after_minutes: int, minutes: int = 180) -> PlannedSession:
    return PlannedSession(planned_start=MORNING + timedelta(minutes=after_minutes), planned_minutes=minutes)


def test_sessions_are_put_in_the_order_of_their_start() -> None:
    first, second, third = a_session(0), a_session(200), a_session(5000)

    assert in_order([third, first, second]) == [first, second, third]


def test_a_session_may_begin_the_minute_the_one_before_it_ends() -> None:
    assert len(in_order([a_session(180), a_session(0)])) == 2


@pytest.mark.parametrize("minutes_after", [0, 1, 179])
def test_overlapping_sessions_are_refused(minutes_after: int) -> None:
    with pytest.raises(Rejected) as refused:
        in_order([a_session(minutes_after), a_session(0)])

    assert refused.value.code == "sessions_overlap"


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(15, 720)), min_size=1, max_size=12))
def test_a_plan_is_refused_exactly_when_two_of_its_sessions_overlap(plan: list[tuple[int, int]]) -> None:
    sessions = [a_session(start, minutes) for start, minutes in plan]
    overlap = any(
        one.planned_start < planned_end(other) and other.planned_start < planned_end(one)
        for i, one in enumerate(sessions)
        for other in sessions[:i]
    )
    if overlap:
        with pytest.raises(Rejected):
            in_order(sessions)
    else:
        assert all(planned_end(one) <= other.planned_start for one, other in pairwise(in_order(sessions)))


def test_the_last_seat_is_given_and_the_next_maker_waits() -> None:
    assert next_seat(2, Taken(enrolled=1, waiting=0)) == Seat(EnrolmentState.ENROLLED, None)
    assert next_seat(2, Taken(enrolled=2, waiting=0)) == Seat(EnrolmentState.WAITLISTED, 1)


def test_nobody_passes_those_who_wait() -> None:
    assert next_seat(2, Taken(enrolled=1, waiting=3)) == Seat(EnrolmentState.WAITLISTED, 4)


@given(capacity=st.integers(1, 40), makers=st.integers(0, 80))
def test_seats_fill_up_and_then_positions_count_from_one(capacity: int, makers: int) -> None:
    taken = Taken(0, 0)
    positions = []
    for _ in range(makers):
        seat = next_seat(capacity, taken)
        if seat.position is None:
            taken = Taken(taken.enrolled + 1, taken.waiting)
        else:
            taken = Taken(taken.enrolled, taken.waiting + 1)
            positions.append(seat.position)

    assert taken.enrolled == min(capacity, makers)
    assert positions == list(range(1, max(0, makers - capacity) + 1))


def test_nobody_enrols_in_a_completed_cohort() -> None:
    cohort = CohortFacts(UUID(int=7), Craft.BATIK, "Batik tulis", 35, 75, completed_at=MORNING)

    with pytest.raises(Rejected) as refused:
        check_open(cohort)

    assert refused.value.code == "cohort_completed"
