"""When a maker may be written down as living somewhere: never before her first home, never far ahead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.homes import AHEAD, check_move
from shared.errors import Invalid, Rejected

TODAY = date(2026, 11, 21)
DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2030, 12, 31))


@given(since=DAYS, first=DAYS.filter(lambda day: day <= TODAY), later=st.lists(DAYS, max_size=4))
def test_a_day_is_either_possible_or_refused_for_the_one_reason_there_is(
    since: date, first: date, later: list[date]
) -> None:
    homes = [max(first, day) for day in [first, *later]]
    if since > TODAY + AHEAD:
        with pytest.raises(Invalid):
            check_move(since, TODAY, homes)
    elif since < first:
        with pytest.raises(Rejected):
            check_move(since, TODAY, homes)
    else:
        check_move(since, TODAY, homes)


def test_a_move_may_be_known_three_months_before() -> None:
    check_move(TODAY + timedelta(days=90), TODAY, [TODAY])
    with pytest.raises(Invalid) as refused:
        check_move(TODAY + timedelta(days=91), TODAY, [TODAY])
    assert refused.value.errors[0]["field"] == "since"
