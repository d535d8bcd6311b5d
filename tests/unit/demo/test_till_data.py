"""The till data is what its attribution says, and is read without losing a penny or a line."""

from collections import Counter
from datetime import date

import pytest

from deploy.local.demo.till_data import JAKARTA, read_lines, to_rupiah

LINES = read_lines()


def test_the_file_has_its_ten_thousand_lines_of_512_receipts_and_2015_codes() -> None:
    assert len(LINES) == 10_000
    assert len({line.receipt for line in LINES}) == 512
    assert len({line.code for line in LINES}) == 2_015


def test_the_file_has_its_returns_gifts_and_write_offs() -> None:
    assert sum(line.is_return for line in LINES) == 100
    assert sum(line.price == 0 for line in LINES) == 46
    assert sum(line.quantity < 0 and not line.is_return for line in LINES) == 30


def test_a_repeated_line_is_a_line_of_its_own() -> None:
    assert len({(line.receipt, line.place) for line in LINES}) == 10_000
    last = Counter(line.receipt for line in LINES)
    assert all(1 <= line.place <= last[line.receipt] for line in LINES)


def test_every_code_gives_a_label_of_its_own() -> None:
    assert len({line.sku for line in LINES}) == 2_015
    assert not any(" " in line.sku for line in LINES)


def test_weekdays_stay_and_times_are_jakartas() -> None:
    first = LINES[0].at
    assert first.isoformat() == "2026-11-11T08:26:00+07:00"
    assert first.weekday() == date(2010, 12, 1).weekday()
    assert {line.at.tzinfo for line in LINES} == {JAKARTA}


@pytest.mark.parametrize(("pounds", "rupiah"), [("2,55", 51_000), ("0", 0), ("0,1", 2_000), ("569,77", 11_395_400)])
def test_pounds_become_whole_rupiah(pounds: str, rupiah: int) -> None:
    assert to_rupiah(pounds) == rupiah


def test_a_price_that_is_no_whole_rupiah_is_never_rounded() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        to_rupiah("0,00001")
