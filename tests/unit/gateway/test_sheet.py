"""Long sheets break over pages, and each page begins with what the one before came to."""

from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.papers.sheet import CARRIED, CARRIES, Column, Row, Sheet, draw

COLUMNS = (Column("Tanggal", "Date", 30, right=False), Column("Keterangan", "What", 150, right=False),
           Column("Jumlah", "Amount", 40), Column("Saldo", "Balance", 40))  # fmt: skip


def a_sheet(rows: int, notes: int = 1, heads: int = 2, after: int = 0) -> Sheet:
    lines = [
        Row([f"{n}.", f"row-{n:04}", "1", f"after-{n}"], [f"note-{n}-{m}" for m in range(notes)]) for n in range(rows)
    ]
    return Sheet("Laporan", [f"head-{n}" for n in range(heads)], COLUMNS, lines, [f"end-{n}" for n in range(after)])


def pages(sheet: Sheet) -> list[list[str]]:
    """The words of each page, line by line."""
    return [page.get_textpage().get_text_range().splitlines() for page in pypdfium2.PdfDocument(draw(sheet))]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 70), st.integers(0, 4), st.integers(0, 3), st.integers(0, 40))
def test_every_line_is_on_one_page_in_its_order(rows: int, notes: int, heads: int, after: int) -> None:
    sheet = a_sheet(rows, notes, heads, after)
    text = [word for page in pages(sheet) for line in page for word in line.split()]
    assert [word for word in text if word.startswith("row-")] == [f"row-{n:04}" for n in range(rows)]
    assert [word for word in text if word.startswith("end-")] == [f"end-{n}" for n in range(after)]
    assert len([word for word in text if word.startswith("note-")]) == rows * notes


def test_a_page_begins_with_what_the_one_before_came_to() -> None:
    found = pages(a_sheet(60))
    assert len(found) > 2
    for before, page in pairwise(found):
        carries = next(line for line in before if line.startswith(CARRIES))
        carried = next(line for line in page if line.startswith(CARRIED))
        last = [line for line in before if "row-" in line][-1].split()[1].removeprefix("row-")
        assert carries.split()[-1] == carried.split()[-1] == f"after-{int(last)}"
    assert not any(line.startswith(CARRIES) for line in found[-1])
    feet = [page[-1].removeprefix("Karya Rusun ") for page in found]
    assert feet == [f"Halaman {n} dari {len(found)}" for n in range(1, len(found) + 1)]


def test_nothing_is_printed_outside_the_page() -> None:
    for page in pypdfium2.PdfDocument(draw(a_sheet(60, notes=4, heads=3, after=30))):
        width, height = page.get_size()
        for box in page.get_objects():
            left, bottom, right, top = box.get_bounds()
            assert left >= 0
            assert bottom >= 0
            assert right <= width
            assert top <= height


@pytest.mark.parametrize("text", ["nilai yang sangat panjang " * 20, "Ć ŵ 漢字 \u202e", ""])
def test_what_does_not_fit_is_cut_and_what_cannot_be_printed_is_left_out(text: str) -> None:
    sheet = Sheet("Laporan", [text], COLUMNS, [Row(["1.", text, "1", "2"], [text])], [text])
    assert len(pages(sheet)) == 1


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert draw(a_sheet(40)) == draw(a_sheet(40))


def test_no_figure_is_cut_however_large_it_is() -> None:
    large = "-Rp1.000.000.000.000"
    row = Row(["1.", "row", large, large], bold=True)
    assert sum(line.split().count(large) for line in pages(Sheet("Laporan", [], COLUMNS, [row]))[0]) == 2
