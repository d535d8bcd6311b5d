"""The periods for which outlets remit: every day is in exactly one, whatever was agreed and agreed anew."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.rhythms import Period, Rhythm, last_over, period_of
from shared.contracts.sales.events import Remits

LONG_AGO = date(2020, 1, 1)
DAY = timedelta(days=1)


def agreed(remits: Remits, since: date = LONG_AGO, grace_days: int = 7) -> Rhythm:
    return Rhythm(since, remits, grace_days)


@pytest.mark.parametrize(
    ("remits", "day", "since", "through"),
    [
        ("monthly", date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 28)),
        ("monthly", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("half-monthly", date(2026, 11, 15), date(2026, 11, 1), date(2026, 11, 15)),
        ("half-monthly", date(2026, 11, 16), date(2026, 11, 16), date(2026, 11, 30)),
        ("weekly", date(2026, 11, 21), date(2026, 11, 16), date(2026, 11, 22)),
        ("weekly", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
    ],
)
def test_a_day_is_in_its_calendar_period(remits: Remits, day: date, since: date, through: date) -> None:
    assert period_of(day, [agreed(remits, grace_days=3)]) == Period(since, through, through + 3 * DAY, remits)


def test_another_rhythm_ends_a_period_and_begins_one() -> None:
    terms = [agreed("monthly"), agreed("weekly", date(2026, 11, 18), 2)]
    assert period_of(date(2026, 11, 17), terms)[:2] == (date(2026, 11, 1), date(2026, 11, 17))
    assert period_of(date(2026, 11, 18), terms)[:3] == (date(2026, 11, 18), date(2026, 11, 22), date(2026, 11, 24))


def test_other_shares_do_not_end_a_period_and_its_last_day_says_how_long_the_outlet_has() -> None:
    terms = [agreed("monthly"), agreed("monthly", date(2026, 11, 18), 30)]
    for day in (date(2026, 11, 1), date(2026, 11, 20)):
        assert period_of(day, terms)[:3] == (date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 30))


def test_before_anything_is_agreed_periods_are_months() -> None:
    assert period_of(date(2026, 11, 21), [])[:3] == (date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 7))


def test_the_last_period_that_is_over_is_the_one_before_todays() -> None:
    assert last_over(date(2026, 12, 1), [agreed("monthly")]) == date(2026, 11, 30)
    assert last_over(date(2026, 11, 30), [agreed("monthly")]) == date(2026, 10, 31)
    assert last_over(date(2026, 11, 23), [agreed("weekly")]) == date(2026, 11, 22)


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
rhythms = st.lists(
    st.builds(Rhythm, days, st.sampled_from(["weekly", "half-monthly", "monthly"]), st.integers(0, 60)),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.since,
).map(sorted)


@given(rhythms, days)
def test_periods_follow_each_other_without_a_gap_and_never_overlap(terms: list[Rhythm], day: date) -> None:
    period = period_of(day, terms)
    assert period.since <= day <= period.through
    for other in (period.since, period.through):
        assert period_of(other, terms) == period
    assert period_of(period.through + DAY, terms).since == period.through + DAY
    assert period_of(period.since - DAY, terms).through == period.since - DAY
