"""Figures are kept round by round, compared within a round, and told with their spread."""

import pytest

from deploy.local.bench.catalogue import FIGURES, RATIOS, SECTIONS, at_least, below
from deploy.local.bench.figures import Measured, Spread, as_json, from_json, percentile, percentiles, spread, written


def test_a_spread_is_the_least_the_middle_and_the_most() -> None:
    assert spread([30.0, 10.0, 20.0]) == Spread(10.0, 20.0, 30.0, 3)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)])
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == expected


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.5) == 7.0


def test_percentiles_are_told_with_the_worst() -> None:
    assert percentiles("report", [float(n) for n in range(1, 101)], (50, 99)) == {
        "report_p50": 50.0,
        "report_p99": 99.0,
        "report_max": 100.0,
    }


def test_a_ratio_compares_figures_of_the_same_round() -> None:
    measured = Measured()
    measured.add({"batches": 800.0, "limit_batched": 1000.0})
    measured.add({"batches": 100.0, "limit_batched": 200.0})

    assert measured.spreads()["batches_to_limit"] == Spread(0.5, 0.65, 0.8, 2)


def test_a_ratio_to_what_was_not_run_is_left_out() -> None:
    measured = Measured()
    measured.add({"batches": 800.0})

    assert list(measured.spreads()) == ["batches"]


def test_what_was_kept_is_read_again_but_for_figures_that_are_no_longer_known() -> None:
    kept = as_json({"batches": Spread(1.0, 2.0, 3.0, 3)})

    assert from_json(kept | {"forgotten": kept["batches"]}) == {"batches": Spread(1.0, 2.0, 3.0, 3)}


def test_every_ratio_and_its_parts_are_figures_that_are_shown() -> None:
    shown = {figure.key for figure in FIGURES}

    assert RATIOS
    assert {name for ratio in RATIOS for name in (ratio.key, ratio.above, ratio.under)} <= shown


def test_no_two_figures_have_the_same_key() -> None:
    assert len({figure.key for figure in FIGURES}) == len(FIGURES)


def test_what_is_drawn_together_has_one_unit() -> None:
    assert all(len({figure.unit for figure in section.figures}) == 1 for section in SECTIONS if section.drawn)


def test_a_goal_says_which_side_of_it_is_good() -> None:
    assert at_least(0.8).met(0.8)
    assert not at_least(0.8).met(0.79)
    assert below(12).met(11.9)
    assert not below(12).met(12.0)
    assert [str(at_least(0.8)), str(below(12))] == ["≥ 0.8", "< 12"]


@pytest.mark.parametrize(("value", "text"), [(12345.6, "12,346"), (45.67, "45.7"), (0.789, "0.79")])
def test_a_figure_is_written_with_as_many_digits_as_it_has(value: float, text: str) -> None:
    assert written(value) == text
