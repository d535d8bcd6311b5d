"""Files with a table in them: separated by commas or semicolons, or a spreadsheet."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from services.training import spreadsheet
from services.training.spreadsheet import CSV, read_rows
from shared.errors import Invalid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(*rows: tuple[Any, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def refusal(kind: str, content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        list(read_rows(kind, content))
    [error] = refused.value.errors
    assert error["field"] == "content"
    return str(error["reason"])


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_however_it_was_saved(between: str, encoding: str, end: str) -> None:
    rows = [["nama", "blok", "unit"], ['"Ibu Ani"', "A", "12"]]
    content = end.join([between.join(row) for row in rows]).encode(encoding)

    assert list(read_rows(CSV, content)) == [(1, ("nama", "blok", "unit")), (2, ("Ibu Ani", "A", "12"))]


def test_empty_rows_are_counted_and_left_out() -> None:
    assert [number for number, _ in read_rows(CSV, b"a,b\n\n,,\nc,d\n")] == [1, 4]


def test_an_xlsx_keeps_what_kind_each_cell_is_of() -> None:
    rows = list(read_rows(XLSX, xlsx(("nama", "unit"), ("Ibu Ani", 12), (None, None), ("Ibu Wati", 1.5))))

    assert rows == [(1, ("nama", "unit")), (2, ("Ibu Ani", 12)), (4, ("Ibu Wati", 1.5))]


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", b"nama;telepon", b"\x00" * 100])
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    assert "not an XLSX" in refusal(XLSX, content)


def test_an_archive_of_something_else_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.txt", "sun")

    assert "not an XLSX" in refusal(XLSX, out.getvalue())


def test_a_small_archive_that_unpacks_to_something_huge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_UNPACKED", 1_000)

    assert "too large" in refusal(XLSX, xlsx(("nama",)))


def test_other_letters_than_utf_8_are_refused_with_what_to_do() -> None:
    assert "CSV UTF-8" in refusal(CSV, "nama;telepon\nSiti É".encode("latin-1"))


def test_rows_without_an_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)

    assert "more than 3 rows" in refusal(CSV, b"a\n" * 4)
