"""Figures are kept round by round, compared within a round, and told with their spread."""

import pytest

from deploy.local.bench.figures import FIGURES, RATIOS, Measured, Spread, percentile, spread


def test_a_spread_is_the_least_the_middle_and_the_most() -> None:
    assert spread([30.0, 10.0, 20.0]) == Spread(10.0, 20.0, 30.0, 3)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)])
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == expected


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.5) == 7.0


def test_a_ratio_compares_figures_of_the_same_round() -> None:
    measured = Measured()
    measured.add({"batches": 800.0, "limit_batched": 1000.0})
    measured.add({"batches": 100.0, "limit_batched": 200.0})

    assert measured.spreads()["batches_to_limit"] == Spread(0.5, 0.65, 0.8, 2)


def test_a_ratio_to_what_was_not_run_is_left_out() -> None:
    measured = Measured()
    measured.add({"batches": 800.0})

    assert list(measured.as_json()) == ["batches"]


def test_every_ratio_and_its_parts_are_figures_that_are_shown() -> None:
    shown = {figure.key for figure in FIGURES}

    assert RATIOS
    assert {name for ratio in RATIOS for name in ratio} <= shown
