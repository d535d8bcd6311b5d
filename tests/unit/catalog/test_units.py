"""Serials: valid EAN-13 in the range of the house, each a number of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from stdnum import ean

from services.catalog.domain.units import LARGEST, serial, story_url
from shared.contracts.catalog import Serial
from shared.errors import Rejected

NUMBERS = st.integers(1, LARGEST)


@given(NUMBERS)
def test_a_serial_is_an_ean_13_of_the_houses_own_range(number: int) -> None:
    made = TypeAdapter(Serial).validate_python(serial(number))
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(made))
    assert weighted % 10 == 0
    assert ean.is_valid(made)
    assert (made[:2], int(made[2:12])) == ("29", number)


@given(NUMBERS, st.integers(0, 12), st.integers(1, 9))
def test_a_digit_that_is_misread_is_noticed(number: int, place: int, off: int) -> None:
    made = serial(number)
    wrong = str((int(made[place]) + off) % 10)
    assert not ean.is_valid(made[:place] + wrong + made[place + 1 :])


@given(NUMBERS, NUMBERS)
def test_serials_are_as_different_and_in_the_same_order_as_their_numbers(one: int, other: int) -> None:
    assert (serial(one) < serial(other)) == (one < other)
    assert (serial(one) == serial(other)) == (one == other)


def test_the_serial_that_the_standards_body_would_compute() -> None:
    assert serial(12_345) == "2900000123458"


def test_a_number_past_the_last_one_is_refused_and_never_cut() -> None:
    assert serial(LARGEST).startswith("299999999999")
    with pytest.raises(Rejected, match="serials_used_up"):
        serial(LARGEST + 1)


@pytest.mark.parametrize("base", ["https://karya.example", "https://karya.example/"])
def test_a_story_has_an_address_that_a_buyer_can_open(base: str) -> None:
    assert story_url(base, "2900000123458") == "https://karya.example/story/2900000123458"
