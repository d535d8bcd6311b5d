"""Files with a table in them, read into rows of cells: CSV as text, XLSX with the types that its cells have."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

from services.training.domain.faults import invalid

CSV = "text/csv"
MOST_ROWS, MOST_COLUMNS = 20_000, 50
"""Also empty ones: spreadsheets hold many. More is no list of participants."""

MOST_UNPACKED = 64 * 1024 * 1024
"""A small archive can hold a very large file."""

Cells = tuple[Any, ...]


def read_rows(media_type: str, content: bytes) -> Iterator[tuple[int, Cells]]:
    """Rows that hold something, each with its number: the first row of the file is 1. Raises Invalid."""
    rows = _read_csv(content) if media_type == CSV else _read_xlsx(content)
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise invalid(("content", f"more than {MOST_ROWS} rows, the empty ones counted"))
        if any(cell is not None and str(cell).strip() for cell in cells):
            yield number, cells


def _read_csv(content: bytes) -> Iterator[Cells]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid(("content", "not UTF-8: save the list as CSV UTF-8")) from None
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            yield tuple(row)
    except csv.Error:
        raise invalid(("content", "not a table of separated values")) from None


def _delimiter(text: str) -> str:
    """A semicolon where the decimal sign is a comma, as in Indonesia; whichever the first lines have more of."""
    head = text[:4096]
    return max(",;\t", key=head.count)


def _read_xlsx(content: bytes) -> Iterator[Cells]:
    """Of the first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum([entry.file_size for entry in archive.infolist()]) > MOST_UNPACKED:
                raise invalid(("content", "far too large when it is unpacked"))
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            for row in workbook.worksheets[0].iter_rows(values_only=True):
                yield row[:MOST_COLUMNS]
        finally:
            workbook.close()
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError, TypeError, EOFError):
        raise invalid(("content", "not an XLSX file that can be read")) from None
