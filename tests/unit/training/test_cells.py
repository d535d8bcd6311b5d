"""Cells of a list of participants: what people write in them, and what spreadsheets make of that."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain import cells
from shared.contracts.training import Language, Purpose

MIDNIGHT = datetime(1990, 8, 5)  # noqa: DTZ001 - a cell of a spreadsheet has no zone
NIK = 3175074508900001


def spoiled(read: Callable[[Any], Any], cell: Any) -> str:
    with pytest.raises(ValueError) as refused:
        read(cell)
    assert str(cell) not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("cell", ["12", " 12 ", 12, 12.0, "'12"])
def test_a_number_of_a_flat_is_text_however_it_is_stored(cell: Any) -> None:
    assert cells.text(cell) == "12"


def test_a_flat_that_became_a_date_is_refused_with_what_to_do() -> None:
    assert "make the column text" in spoiled(cells.text, MIDNIGHT)


@pytest.mark.parametrize("cell", ["081234567890", 81234567890, 81234567890.0, "81234567890.0", "'081234567890"])
def test_a_phone_that_has_lost_its_zero_is_the_same_number(cell: Any) -> None:
    assert cells.phone(cell).lstrip("0") == "81234567890"


@pytest.mark.parametrize("cell", ["8,12346E+11", "8.12346E+11", 8.12346e20])
def test_a_phone_in_scientific_notation_has_lost_digits(cell: Any) -> None:
    assert cells.phone is not cells.nik
    assert spoiled(cells.phone, cell) == cells.LOST


@pytest.mark.parametrize("cell", [str(NIK), NIK, float(NIK), f"'{NIK}", "3175 0745 0890 0001", "317507.450890.0001"])
def test_a_nik_is_its_digits(cell: Any) -> None:
    assert cells.nik(cell) == str(NIK)


@pytest.mark.parametrize("cell", ["3,17507E+15", "3.17E+15", 3175074508900000, 3175074508900000.0])
def test_a_nik_that_a_spreadsheet_has_rounded_is_refused(cell: Any) -> None:
    assert spoiled(cells.nik, cell) == cells.LOST


def test_a_nik_written_as_text_may_end_in_a_zero() -> None:
    assert cells.nik("3175074508900010") == "3175074508900010"


@pytest.mark.parametrize(
    "cell",
    ["1990-08-05", "5/8/1990", "05-08-1990", "5.8.1990", "5 Agustus 1990", "5 Aug 1990", date(1990, 8, 5), MIDNIGHT],
)
def test_a_date_is_read_as_it_is_written_here(cell: Any) -> None:
    assert cells.day(cell) == date(1990, 8, 5)


@pytest.mark.parametrize("cell", ["5/8/90", "31/2/1990", "yesterday", "1990", 33090, "5 Foo 1990"])
def test_what_is_no_date_is_refused(cell: Any) -> None:
    assert "not a date" in spoiled(cells.day, cell)


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2030, 12, 31)), st.sampled_from("/-. "))
def test_a_day_comes_before_its_month(day: date, between: str) -> None:
    assert cells.day(f"{day.day}{between}{day.month}{between}{day.year}") == cells.day(day.isoformat()) == day


def test_nothing_is_nothing() -> None:
    assert (cells.text(None), cells.day(" "), cells.language(""), cells.purposes(None)) == ("", None, None, None)


def test_consents_are_named_each_by_itself_in_either_language() -> None:
    assert cells.purposes("Pelatihan, Kabar; foto") == [Purpose.TRAINING, Purpose.NOTICES, Purpose.CATALOGUE_PHOTO]
    assert cells.purposes("public-name/price-parts") == [Purpose.PUBLIC_NAME, Purpose.PRICE_PARTS]
    assert cells.purposes("tidak") == cells.purposes("-") == []


def test_a_yes_to_everything_is_no_consent_to_anything() -> None:
    assert "each by itself" in spoiled(cells.purposes, "ya")


def test_languages_have_their_names() -> None:
    assert (cells.language("Indonesia"), cells.language("EN")) == (Language.INDONESIAN, Language.ENGLISH)
    assert "not a language" in spoiled(cells.language, "Jawa")
