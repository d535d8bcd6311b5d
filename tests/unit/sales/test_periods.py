"""When a month of the books may be closed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.periods import check_closing, first_of, following, spell
from shared.errors import Rejected

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def test_a_month_is_over_when_the_next_one_begins() -> None:
    check_closing(OCTOBER, NOVEMBER, date.min)
    with pytest.raises(Rejected, match="2026-10 is not over"):
        check_closing(OCTOBER, date(2026, 10, 31), date.min)


def test_only_the_first_open_month_is_closed_next() -> None:
    check_closing(OCTOBER, NOVEMBER, OCTOBER)
    with pytest.raises(Rejected, match="closed already"):
        check_closing(OCTOBER, NOVEMBER, NOVEMBER)
    with pytest.raises(Rejected, match="2026-09 has to be closed first"):
        check_closing(OCTOBER, NOVEMBER, date(2026, 9, 1))


@given(st.dates(date(2000, 1, 1), date(2098, 1, 1)))
def test_months_follow_each_other_without_a_gap(day: date) -> None:
    first = day.replace(day=1)
    after = following(first)
    assert (after.day, (after - first).days in range(28, 32)) == (1, True)
    assert first_of(spell(first)) == first
