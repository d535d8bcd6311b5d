"""Phones, NIKs and homes: one right form for each."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.nik import check_nik, doubts, masked
from services.training.domain.people import e164, home_since, shared_phone
from shared.errors import Invalid

A_WOMANS_NIK = "3175074508900001"
LATE_EVENING = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def refusal(decide: Callable[[str], str], value: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        decide(value)
    assert value not in str(refused.value)
    assert value not in str(refused.value.errors)
    [error] = refused.value.errors
    return error


@pytest.mark.parametrize("written", ["0812 3456 7890", "+62 812-3456-7890", "62 81234567890", "(0812) 34567890"])
def test_a_phone_has_one_form_however_it_is_written(written: str) -> None:
    assert e164(written) == "+6281234567890"


def test_a_phone_of_another_country_is_kept_as_it_is() -> None:
    assert e164("+65 9123 4567") == "+6591234567"


@pytest.mark.parametrize("written", ["081234", "call the neighbour", "+62 812 3456 7890 1234 5", "+999 12345678"])
def test_what_is_no_phone_is_refused_without_repeating_it(written: str) -> None:
    assert refusal(e164, written)["field"] == "phone"


@given(st.integers(min_value=0, max_value=9999_9999))
def test_normalising_a_phone_twice_changes_nothing(end: int) -> None:
    once = e164(f"0812{end:08d}")

    assert e164(once) == once == f"+62812{end:08d}"


@pytest.mark.parametrize("nik", [A_WOMANS_NIK, "3171011708450001", "3171012902000001"])
def test_a_nik_with_a_possible_birth_date_is_accepted(nik: str) -> None:
    assert check_nik(nik) == nik


@pytest.mark.parametrize("province", ["65", "92", "93", "95", "96"])
def test_a_maker_first_registered_in_a_young_province_keeps_her_nik(province: str) -> None:
    assert check_nik(province + A_WOMANS_NIK[2:]) == province + A_WOMANS_NIK[2:]
    assert codes(province + A_WOMANS_NIK[2:]) == []


@pytest.mark.parametrize(
    "nik",
    [
        "317507450890000",  # 15 digits
        "٣175074508900001",  # a digit, but not one that people type
        "3175073202900001",  # the 32nd
        "3175073002900001",  # 30 February
        "3175077202900001",  # a woman's 32nd
        "3175078502900001",  # day 85
        "3175070002900001",  # day 0
        "3175074513900001",  # month 13
    ],
)
def test_an_impossible_nik_is_refused_without_repeating_it(nik: str) -> None:
    assert refusal(check_nik, nik)["field"] == "nik"


@given(
    born=st.dates(min_value=date(1930, 1, 1), max_value=date(1999, 12, 31)),
    woman=st.booleans(),
    serial=st.integers(min_value=1, max_value=9999),
)
def test_every_birth_date_makes_a_nik(born: date, woman: bool, serial: int) -> None:
    day = born.day + 40 * woman
    nik = f"317507{day:02d}{born:%m%y}{serial:04d}"

    assert check_nik(nik) == nik


BORN = date(1990, 8, 5)


def codes(nik: str | None, born: date | None = None) -> list[str]:
    return [remark.code for remark in doubts(nik, born)]


def test_a_birth_date_that_fits_the_nik_raises_no_doubt_for_women_and_men() -> None:
    assert codes(A_WOMANS_NIK, BORN) == codes("3175070508900001", BORN) == codes(A_WOMANS_NIK) == []


@pytest.mark.parametrize("born", [date(1990, 8, 6), date(1990, 5, 8), date(1991, 8, 5)])
def test_another_birth_date_is_a_doubt_that_repeats_neither(born: date) -> None:
    [doubt] = doubts(A_WOMANS_NIK, born)

    assert doubt.code == "birth_date_differs"
    assert not any(char.isdigit() for char in doubt.detail)


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2010, 12, 31)), st.booleans())
def test_whoever_was_born_on_the_day_of_her_nik_is_never_doubted(born: date, woman: bool) -> None:
    assert codes(f"317507{born.day + 40 * woman:02d}{born:%m%y}0001", born) == []


@pytest.mark.parametrize("region", ["9975", "3199", "0001"])
def test_a_region_that_nobody_knows_is_a_doubt_and_no_fault(region: str) -> None:
    nik = region + A_WOMANS_NIK[4:]

    assert check_nik(nik) == nik
    assert codes(nik) == ["nik_region_unknown"]


def test_without_a_nik_there_is_nothing_to_doubt() -> None:
    assert codes(None, BORN) == []


def test_a_shared_phone_says_how_many_and_not_who() -> None:
    assert shared_phone(0) == []
    assert [remark.detail for remark in shared_phone(1) + shared_phone(3)] == [
        "1 other maker has this phone number",
        "3 other makers have this phone number",
    ]


def test_people_see_the_last_four_digits_only() -> None:
    assert masked(A_WOMANS_NIK) == masked("0001") == "************0001"
    assert masked(None) is None


def test_a_home_begins_today_in_jakarta_where_it_is_already_tomorrow() -> None:
    assert home_since(None, LATE_EVENING) == date(2026, 11, 22)


def test_a_home_may_have_begun_long_ago() -> None:
    assert home_since(date(2019, 2, 1), LATE_EVENING) == date(2019, 2, 1)


def test_a_home_to_come_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        home_since(date(2026, 11, 23), LATE_EVENING)

    assert refused.value.errors[0]["field"] == "since"
