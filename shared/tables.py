"""Tables as files: CSV that spreadsheets open as it is meant, and read back as they save it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from shared.errors import Invalid

CSV = "text/csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 20_000


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Figures stay figures. With a byte order mark: without it spreadsheets take UTF-8 for something else."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(columns)
    table.writerows([[cell(value) for value in row] for row in rows])
    return file.getvalue().encode("utf-8-sig")


def cell(value: object) -> object:
    """A text that no spreadsheet takes for a formula: it then begins with an apostrophe. None is empty."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if not isinstance(value, int) and text.startswith(FORMULA) else text


def read_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with its number: the first row of the file is 1. Raises Invalid."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable("not UTF-8: save the table as CSV UTF-8") from None
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), start=1):
            if number > MOST_ROWS:
                raise unreadable(f"more than {MOST_ROWS} rows")
            if any(value.strip() for value in row):
                yield number, [value.strip().removeprefix("'") for value in row]
    except csv.Error:
        raise unreadable("not a table of separated values") from None


def unreadable(reason: str) -> Invalid:
    return Invalid("invalid", f"content: {reason}", errors=[{"field": "content", "reason": reason}])


def _delimiter(text: str) -> str:
    """A semicolon where the decimal sign is a comma, as in Indonesia; whichever the first lines have more of."""
    head = text[:4096]
    return max(",;\t", key=head.count)
