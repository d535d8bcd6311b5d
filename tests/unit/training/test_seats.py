"""The waiting line as a state machine, without a database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.courses import EnrolmentState, Taken, next_seat
from services.training.domain.seats import (
    Standing,
    Waiting,
    check_capacity,
    check_offer,
    free_seats,
    in_line,
    leaving,
)
from shared.errors import NotFound, Rejected

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ANI = UUID(int=1)
STEPS = st.lists(
    st.tuples(st.sampled_from(["enrol", "cancel", "accept", "refuse", "expire", "more", "fewer"]), st.integers(0, 11))
)


@dataclass
class Line:
    """A cohort's seats as the handlers keep them, in memory."""

    capacity: int
    seated: list[UUID] = field(default_factory=list)
    offered: list[UUID] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    came: int = 0

    @property
    def taken(self) -> Taken:
        return Taken(len(self.seated), len(self.waiting), len(self.offered))

    @property
    def everybody(self) -> list[UUID]:
        return [*self.seated, *self.offered, *[one.maker_id for one in self.waiting]]

    def enrol(self, n: int) -> None:
        if UUID(int=n) in self.everybody:
            return
        self.came += 1
        if next_seat(self.capacity, self.taken).state is EnrolmentState.ENROLLED:
            self.seated.append(UUID(int=n))
        else:
            self.waiting.append(Waiting(UUID(int=n), n % 3 == 0, self.came))

    def cancel(self, n: int) -> None:
        self.seated = [one for one in self.seated if one != UUID(int=n)]
        self.refuse(n)
        self.waiting = [one for one in self.waiting if one.maker_id != UUID(int=n)]

    def accept(self, n: int) -> None:
        if UUID(int=n) in self.offered:
            self.offered.remove(UUID(int=n))
            self.seated.append(UUID(int=n))

    def refuse(self, n: int) -> None:
        self.offered = [one for one in self.offered if one != UUID(int=n)]

    expire = refuse

    def more(self, n: int) -> None:
        self.capacity += n

    def fewer(self, n: int) -> None:
        self.capacity = max(1, self.taken.seats, self.capacity - n)

    def offer(self) -> None:
        lucky = in_line(self.waiting)[: free_seats(self.capacity, self.taken)]
        self.offered += lucky
        self.waiting = [one for one in self.waiting if one.maker_id not in lucky]


@given(capacity=st.integers(1, 6), steps=STEPS)
def test_whatever_happens_nobody_has_two_places_and_no_seat_is_free_while_somebody_waits(
    capacity: int, steps: list[tuple[str, int]]
) -> None:
    line = Line(capacity)
    for step, n in steps:
        getattr(line, step)(n)
        line.offer()

        assert line.taken.seats <= line.capacity
        assert len(set(line.everybody)) == len(line.everybody)
        assert not line.waiting or line.taken.seats == line.capacity


def test_never_trained_makers_stand_before_the_others_each_as_they_came() -> None:
    came = [(1, True), (2, False), (3, True), (4, False)]

    line = in_line([Waiting(UUID(int=n), trained, n) for n, trained in came])

    assert [maker.int for maker in line] == [2, 4, 1, 3]


def test_an_offered_seat_is_nobody_elses() -> None:
    assert next_seat(2, Taken(enrolled=1, waiting=0, offered=1)).state is EnrolmentState.WAITLISTED
    assert free_seats(3, Taken(enrolled=1, waiting=4, offered=1)) == 1


def test_there_are_never_fewer_seats_than_are_taken() -> None:
    check_capacity(2, Taken(1, 0, 1))
    with pytest.raises(Rejected) as refused:
        check_capacity(1, Taken(1, 0, 1))

    assert refused.value.code == "seats_taken"


def test_an_offer_ends_with_its_time() -> None:
    standing = Standing(ANI, EnrolmentState.OFFERED, NOON)

    check_offer(standing, NOON - timedelta(seconds=1))
    with pytest.raises(Rejected) as late:
        check_offer(standing, NOON)
    with pytest.raises(Rejected) as none:
        check_offer(Standing(ANI, EnrolmentState.WAITLISTED, None), NOON)
    with pytest.raises(NotFound) as stranger:
        check_offer(None, NOON)

    codes = [refused.value.code for refused in (late, none, stranger)]
    assert codes == ["offer_expired", "no_offer", "enrolment_not_found"]


@pytest.mark.parametrize("state", EnrolmentState)
def test_only_who_is_in_a_cohort_or_may_come_to_be_can_leave(state: EnrolmentState) -> None:
    standing = Standing(ANI, state, None)
    if state in ("enrolled", "offered", "waitlisted"):
        assert leaving(standing) is state
    else:
        with pytest.raises(Rejected) as refused:
            leaving(standing)
        assert refused.value.code == "enrolment_over"
