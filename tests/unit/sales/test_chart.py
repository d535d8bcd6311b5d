"""The chart of accounts is whole: each kind has one number, whose first digit says its class."""

import re
from pathlib import Path
from typing import get_args

from services.sales.domain.chart import CHART, NUMBERS, OF_KIND
from shared.contracts.sales.books import AccountKind

BOOKS = Path(__file__).parents[3] / "docs" / "books.md"


def test_each_kind_of_account_has_a_number_of_its_own_and_names_in_both_languages() -> None:
    assert set(NUMBERS) == set(get_args(AccountKind)) == set(OF_KIND)
    assert len(set(NUMBERS.values())) == len(CHART)
    assert [one.number for one in CHART] == sorted(NUMBERS.values())
    for names in ([one.name_id for one in CHART], [one.name_en for one in CHART]):
        assert all(names) and len(set(names)) == len(CHART)


def test_the_published_numbers_are_those_that_were_published() -> None:
    assert NUMBERS == {
        "bank": 1100,
        "outlet-receivable": 1200,
        "loan-receivable": 1300,
        "maker-payable": 2100,
        "outlet-commission": 2200,
        "cooperative-payable": 2300,
        "loan-capital": 2400,
        "programme-share": 4100,
        "written-off": 5100,
    }


def test_what_is_owned_and_spent_grows_on_the_debit_side_what_is_owed_and_earned_on_the_credit_side() -> None:
    sides = {one.account_class: one.normal for one in CHART}
    assert sides == {"asset": "debit", "liability": "credit", "income": "credit", "expense": "debit"}
    assert {one.number // 1000: one.account_class for one in CHART} == {
        1: "asset",
        2: "liability",
        4: "income",
        5: "expense",
    }


def test_the_chart_is_published_as_it_is() -> None:
    rows = re.findall(
        r"^\| (\d{4}) \| `([\w-]+)` \| ([^|]+) \| ([^|]+) \| (\w+) \| (\w+) \|", BOOKS.read_text(), re.MULTILINE
    )
    told = [(str(one.number), one.kind, one.name_id, one.name_en, one.account_class, one.normal) for one in CHART]
    assert rows == told
