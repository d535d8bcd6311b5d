"""What is remembered of events just written: no more than was allowed, and each given away once."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.envelope import Sealed, new_id
from shared.runtime.recent import Recent


def an_event(length: int) -> Sealed:
    return Sealed(date(2026, 11, 27), new_id(), "probe.Added.v1", "s", "x" * length)


def test_it_is_given_away_once() -> None:
    recent, event = Recent(100), an_event(10)
    recent.keep([event])

    assert [recent.take(event.id), recent.take(event.id), recent.take(new_id())] == [event, None, None]


@given(rounds=st.lists(st.tuples(st.lists(st.integers(0, 60)), st.lists(st.integers(0, 99)))))
def test_of_the_newest_that_were_not_taken_it_keeps_what_there_is_room_for(
    rounds: list[tuple[list[int], list[int]]],
) -> None:
    recent = Recent(100)
    model: list[Sealed] = []
    for lengths, positions in rounds:
        new = [an_event(length) for length in lengths]
        recent.keep(new)
        model += new
        while sum(len(event.envelope) for event in model) > 100:
            model.pop(0)
        for position in positions:
            if model:
                event = model.pop(position % len(model))
                assert recent.take(event.id) is event
    assert all(recent.take(event.id) is event for event in model)
