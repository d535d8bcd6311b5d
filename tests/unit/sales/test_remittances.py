"""What a remittance posts, and what an outlet owes by period."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain import remittances as domain
from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.remittances import OpenDay, Purses, list_periods, post_back, post_remittance
from services.sales.domain.rhythms import Rhythm
from shared.errors import Rejected

PURSES = Purses(bank=1, receivable=2, commission=3)
FACT = Fact(7, date(2026, 12, 3))
MONTHLY = (Rhythm(date(2020, 1, 1), "monthly", 7),)
TODAY = date(2026, 12, 8)


def moved(posted: list[Transfer]) -> dict[int, int]:
    """Debit less credit of each account."""
    found = dict.fromkeys(PURSES, 0)
    for one in posted:
        found[one.debit] += one.amount
        found[one.credit] -= one.amount
    return found


def test_the_worked_example() -> None:
    assert post_remittance(FACT, PURSES, 525_000, 175_000) == [
        Transfer(7, "remittance", debit=1, credit=2, amount=525_000, day=FACT.day),
        Transfer(7, "commission", debit=3, credit=2, amount=175_000, day=FACT.day),
    ]


def test_an_outlet_whose_sale_came_back_elsewhere_gives_commission_back() -> None:
    assert moved(post_remittance(FACT, PURSES, 210_000, -210_000)) == {1: 210_000, 2: 0, 3: -210_000}


def test_nothing_is_posted_for_no_commission() -> None:
    assert [one.kind for one in post_remittance(FACT, PURSES, 5, 0)] == ["remittance"]


@given(st.integers(1, 10**12), st.integers(-(10**12), 10**12))
def test_what_is_taken_back_leaves_nothing(amount: int, kept: int) -> None:
    posted = post_remittance(FACT, PURSES, amount, kept)
    assert set(moved([*posted, *post_back(Fact(8, TODAY), posted)]).values()) == {0}
    assert domain.kept_of(posted, PURSES.commission) == kept
    assert all(one.cause == 8 and one.day == TODAY for one in post_back(Fact(8, TODAY), posted))


def a_day(day: date, sold: int, remitted: int = 0) -> OpenDay:
    return OpenDay(day, sold, 0, 0, remitted, 0)


def test_days_are_summed_by_period() -> None:
    days = [
        OpenDay(date(2026, 10, 31), 700_000, 0, 175_000, 525_000, 0),
        OpenDay(date(2026, 11, 1), 700_000, 0, 175_000, 0, 175_000),
        OpenDay(date(2026, 11, 30), 0, 700_000, -175_000, 0, -175_000),
    ]
    october, november = list_periods(days, MONTHLY, 0, TODAY)
    assert (october.sold, october.due, october.remitted, october.open) == (700_000, 525_000, 525_000, 0)
    assert (november.sold, november.returned, november.commission, november.due) == (700_000, 700_000, 0, 0)
    assert (november.open, november.commission_open, november.late) == (0, 0, False)


@pytest.mark.parametrize(
    ("on_account", "late"), [(0, [True, True]), (5, [True, True]), (10, [False, True]), (20, [False, False])]
)
def test_what_is_on_account_counts_for_the_oldest_period_first(on_account: int, late: list[bool]) -> None:
    days = [a_day(date(2026, 10, 1), 10), a_day(date(2026, 11, 1), 10), a_day(date(2026, 12, 1), 10)]
    periods = list_periods(days, MONTHLY, on_account, TODAY)
    assert [due.late for due in periods] == [*late, False], "December's money is not due yet"


def test_a_period_is_late_the_day_after_its_days_of_grace() -> None:
    (due,) = list_periods([a_day(date(2026, 11, 1), 10)], MONTHLY, 0, date(2026, 12, 7))
    assert (due.due_by, due.late) == (date(2026, 12, 7), False)


days = st.builds(
    OpenDay,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    *[st.integers(0, 1_000)] * 2,
    *[st.integers(-500, 500)] * 3,
)


@given(
    st.lists(days, unique_by=lambda one: one.day).map(sorted), st.sampled_from(["weekly", "half-monthly", "monthly"])
)
def test_periods_sum_to_what_all_days_do(told: list[OpenDay], remits: str) -> None:
    periods = list_periods(told, [Rhythm(date(2026, 5, 5), remits, 3)], 0, TODAY)  # type: ignore[arg-type]
    assert sum(due.due for due in periods) == sum(day.due for day in told)
    assert sum(due.open for due in periods) == sum(day.due - day.remitted for day in told)
    assert [due.since for due in periods] == sorted({due.since for due in periods}), "each once, in order"


def test_money_is_there_when_it_is_entered_and_for_what_has_been_sold() -> None:
    domain.check_days(TODAY, TODAY, TODAY)
    with pytest.raises(Rejected, match="received_in_the_future"):
        domain.check_days(date(2026, 12, 9), TODAY, TODAY)
    with pytest.raises(Rejected, match="through_after_receipt"):
        domain.check_days(date(2026, 12, 7), TODAY, TODAY)
