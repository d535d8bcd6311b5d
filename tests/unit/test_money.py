"""Rupiah: written the Indonesian way, shared without losing one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import apportion, rupiah


@pytest.mark.parametrize(
    ("amount", "text"), [(700_000, "Rp700.000"), (0, "Rp0"), (-91_000, "-Rp91.000"), (999, "Rp999")]
)
def test_rupiah_are_written_with_dots_and_without_cents(amount: int, text: str) -> None:
    assert rupiah(amount) == text


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (455_000, [1, 1, 1], [151_667, 151_667, 151_666]),
        (223_062, [50, 30, 20], [111_531, 66_919, 44_612]),
        (50_000, [700_000, 349_900, 125_000], [29_790, 14_891, 5_319]),
    ],
)
def test_the_largest_remainders_get_what_is_left_over(amount: int, weights: list[int], shares: list[int]) -> None:
    assert apportion(amount, weights) == shares


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10_000), min_size=1, max_size=20))
def test_shares_sum_to_the_whole_and_none_is_off_by_one(amount: int, weights: list[int]) -> None:
    shares = apportion(amount, weights)

    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - amount * weight / sum(weights)) < 1 + amount * 1e-12


@pytest.mark.parametrize("weights", [[], [0], [0, 0]])
def test_nothing_can_be_shared_by_no_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="positive sum"):
        apportion(1, weights)
