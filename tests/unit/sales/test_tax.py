"""The tax of a maker's year, month by month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.tax import Month, Rule, months_of, reckon, rule_of, rules_of, years_to_watch

FREE = 500_000_000
LAW = Rule(date(2022, 1, 1), FREE, 50)
JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)
AMOUNTS = st.lists(st.integers(-400_000_000, 900_000_000), min_size=12, max_size=12)
RULES = st.lists(
    st.builds(Rule, st.sampled_from(months_of(2026)), st.integers(0, 900_000_000), st.integers(0, 10_000)),
    unique_by=lambda rule: rule.valid_from,
).map(sorted)


def year(amounts: list[int], *rules: Rule) -> list[Month]:
    return reckon(2026, dict(zip(months_of(2026), amounts, strict=False)), rules or (LAW,))


def test_the_first_500_million_of_a_year_are_free_and_of_the_rest_half_a_per_cent_is_tax() -> None:
    months = year([499_800_000, 700_000])
    assert months[0] == Month(JANUARY, 499_800_000, 499_800_000, 0, 0)
    assert months[1] == Month(date(2026, 2, 1), 700_000, 500_500_000, 500_000, 2_500)


def test_what_is_free_is_free_once_a_year() -> None:
    months = year([FREE, 1_000_000, 2_000_000])
    assert [month.tax for month in months[:4]] == [0, 5_000, 10_000, 0]


def test_what_comes_back_takes_the_tax_off_again() -> None:
    months = year([501_000_000, -400_000, -10_000_000, 11_000_000])
    assert [month.taxable for month in months[:4]] == [1_000_000, -400_000, -600_000, 1_600_000]
    assert [month.tax for month in months[:4]] == [5_000, -2_000, -3_000, 8_000]


def test_a_rule_of_july_leaves_the_half_year_before_as_it_was() -> None:
    months = year([0, 0, 0, 0, 0, 600_000_000, 10_000_000], LAW, Rule(JULY, 400_000_000, 100))
    assert (months[5].taxable, months[5].tax) == (100_000_000, 500_000)
    assert (months[6].taxable, months[6].tax) == (10_000_000, 100_000)


def test_when_more_becomes_free_in_july_what_was_taxed_before_stays_taxed() -> None:
    months = year([0, 0, 0, 0, 0, 510_000_000, 80_000_000, 20_000_000], LAW, Rule(JULY, 600_000_000, 50))
    assert [month.taxable for month in months[5:9]] == [10_000_000, 0, 10_000_000, 0]


def test_where_no_rule_holds_nothing_is_taxed() -> None:
    assert reckon(2021, {date(2021, 5, 1): 10 * FREE}, [LAW])[-1] == Month(date(2021, 12, 1), 0, 10 * FREE, 0, 0)
    assert rule_of(date(2021, 12, 1), [LAW]) is None


def test_the_rules_of_a_year_are_those_that_hold_in_one_of_its_months() -> None:
    later = Rule(date(2027, 1, 1), FREE, 100)
    summer = Rule(JULY, FREE, 60)
    assert rules_of(2026, [LAW, summer, later]) == [LAW, summer]
    assert rules_of(2027, [LAW, summer, later]) == [later]


@pytest.mark.parametrize(
    ("today", "years"), [(date(2027, 1, 31), [2026, 2027]), (date(2027, 2, 1), [2027]), (JULY, [2026])]
)
def test_in_january_the_last_year_is_still_watched(today: date, years: list[int]) -> None:
    assert years_to_watch(today) == years


@given(AMOUNTS)
def test_under_one_rule_the_year_alone_says_what_is_taxable_however_it_came_about(amounts: list[int]) -> None:
    months = year(amounts)
    above = max(0, sum(amounts) - FREE)
    assert sum(month.taxable for month in months) == above
    assert sum(month.tax for month in months) == above * 50 // 10_000


@given(AMOUNTS, RULES)
def test_whatever_rules_come_nothing_below_zero_is_taxed_and_nothing_above_the_turnover(
    amounts: list[int], rules: list[Rule]
) -> None:
    months = reckon(2026, dict(zip(months_of(2026), amounts, strict=True)), rules)
    taxable = tax = 0
    for month in months:
        taxable, tax = taxable + month.taxable, tax + month.tax
        assert 0 <= taxable <= max(0, month.cumulative)
        assert 0 <= tax <= taxable * max([rule.bps for rule in rules], default=0) // 10_000
    assert [month.cumulative for month in months][-1] == sum(amounts)


@given(AMOUNTS, st.integers(0, 11))
def test_the_same_rule_told_again_changes_nothing(amounts: list[int], month: int) -> None:
    again = Rule(months_of(2026)[month], FREE, 50)
    assert year(amounts, LAW, again) == year(amounts)
