"""Tables as files: what is written is read back, and no text is taken for a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.tables import FORMULA, cell, read_csv, write_csv

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(st.lists(st.tuples(TEXTS.filter(lambda text: text and not text.startswith("'")), st.integers()), max_size=5))
def test_what_is_written_is_read_back(rows: list[tuple[str, int]]) -> None:
    content = write_csv(("name", "amount"), rows)
    assert [row for _, row in read_csv(content)] == [["name", "amount"], *[[text, str(n)] for text, n in rows]]


@given(TEXTS)
def test_no_text_begins_as_a_formula(text: str) -> None:
    assert not str(cell(text)).startswith(FORMULA)


def test_figures_stay_figures_and_nothing_is_empty() -> None:
    assert [cell(value) for value in (-5, 0, None, "-5")] == ["-5", "0", "", "'-5"]


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(Invalid, match="UTF-8"):
        list(read_csv(b"\xff\xfe\x00"))
