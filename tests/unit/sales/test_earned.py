"""How it is told who has earned something on a day."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.earned import MOST, told

DAY = date(2026, 11, 21)


@given(st.dictionaries(st.integers(0, 5), st.integers(1, 1_700), max_size=4))
def test_every_maker_is_named_once_for_each_day_and_no_event_is_too_long(makers: dict[int, int]) -> None:
    earned = [(DAY + timedelta(days=day), UUID(int=n)) for day in sorted(makers) for n in range(makers[day])]

    events = told(earned)

    assert [(event.day, maker) for event in events for maker in event.maker_ids] == earned
    assert all(len(event.maker_ids) <= MOST for event in events)
