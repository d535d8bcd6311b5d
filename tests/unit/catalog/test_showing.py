"""When products are offered, which words are looked for, and what a spreadsheet may be handed."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.showing import FORMULA, STEPS, Step, cell, take, words_of
from shared.contracts.catalog.photos import read_makers
from shared.contracts.catalog.showing import State
from shared.errors import Rejected

ALL: tuple[State, ...] = ("active", "paused", "retired")


def test_a_product_is_paused_resumed_and_retired() -> None:
    assert take("pause", "active") == "paused"
    assert take("resumption", "paused") == "active"
    assert take("retirement", "active") == take("retirement", "paused") == "retired"


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=20))
def test_whatever_is_asked_a_retired_product_stays_retired(steps: list[Step]) -> None:
    state: State = "active"
    for step in steps:
        before = state
        try:
            state = take(step, state)
        except Rejected as refused:
            assert refused.code == "product_state"
            assert state not in STEPS[step][0]
        assert before != "retired" or state == "retired"
        assert state in ALL


@given(st.text())
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    assert not cell(text).startswith(FORMULA)
    assert cell(text).removeprefix("'") == text.removeprefix("'")


def test_a_formula_in_a_title_survives_a_round_through_csv_as_text() -> None:
    file = StringIO()
    csv.writer(file).writerow([cell('=HYPERLINK("http://x")'), cell("Parang; shawl")])
    assert next(csv.reader(StringIO(file.getvalue()))) == ['\'=HYPERLINK("http://x")', "Parang; shawl"]


@given(st.text(max_size=200))
def test_words_hold_nothing_that_a_search_takes_for_a_sign(text: str) -> None:
    words = words_of(text)
    assert len(words) <= 10
    assert all(word.isalnum() or word.replace("_", "").isalnum() for word in words if word.isascii())
    assert not set("".join(words)) & set("&|!():*'\\<>\0 ")


def test_words_are_small_and_without_their_signs() -> None:
    assert words_of("  Selendang & BATIK:* (sutra)!") == ["selendang", "batik", "sutra"]


def test_makers_are_named_once_each() -> None:
    one = "00000000-0000-0000-0000-000000000001"
    assert [str(maker) for maker in read_makers(f"{one}, {one},")] == [one]
    with pytest.raises(ValueError, match="separated by commas"):
        read_makers("ani")
