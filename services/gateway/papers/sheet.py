"""A sheet of lines as a PDF: A4 across, as many pages as it takes, each with what is carried over to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from shared.lettering import BOLD, PLAIN, fit, load_fonts

WIDTH, HEIGHT = landscape(A4)
MARGIN, TOP, BOTTOM = 15 * mm, HEIGHT - 15 * mm, 16 * mm
TEXT, SMALL, TITLE = 8.5, 6.5, 16.0
LEAST, LEAST_WORDS = 4.0, 5.0
"""What is too long is written smaller, down to here, before anything of it is cut off."""

LINE, NOTE = 5 * mm, 3.2 * mm
GAP = 1.2 * mm
CARRIED, CARRIES = "Pindahan / brought forward", "Dipindahkan / carried forward"

_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Column:
    """`title` in Indonesian, `also` in English; `width` in mm; figures stand on the right."""

    title: str
    also: str
    width: float
    right: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A line. `notes`: smaller lines under its second cell. Its last cell is the balance after it, which is carried."""

    cells: Sequence[str]
    notes: Sequence[str] = ()
    bold: bool = False

    @property
    def height(self) -> float:
        return float(LINE + len(self.notes) * NOTE + GAP)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: `heads` under the title, the table, and `after` it plain lines; `!` begins a headline."""

    title: str
    heads: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Row]
    after: Sequence[str] = ()


def draw(sheet: Sheet) -> bytes:
    """The same sheet gives the same bytes. For a thread of its own."""
    # The fonts are files that are read from where the last reader stopped.
    with _one_at_a_time:
        load_fonts()
        content = BytesIO()
        canvas = Canvas(content, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1)
        canvas.setTitle(sheet.title)
        pages = list(_pages(sheet))
        for number, page in enumerate(pages, start=1):
            _Page(canvas, sheet, number, len(pages)).draw(page, pages[number - 2] if number > 1 else None)
            canvas.showPage()
        canvas.save()
        return content.getvalue()


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands on one page."""

    rows: list[Row]
    after: list[str]


def _pages(sheet: Sheet) -> Iterator[_Part]:
    """At least one. A page keeps room for what is carried over at its top and at its foot."""
    part, left = _Part([], []), _room(first=True, heads=len(sheet.heads))
    for row in sheet.rows:
        if row.height > left:
            yield part
            part, left = _Part([], []), _room(first=False, heads=0)
        part.rows.append(row)
        left -= row.height
    for line in sheet.after:
        if left < LINE:
            yield part
            part, left = _Part([], []), _room(first=False, heads=0)
        part.after.append(line)
        left -= LINE
    yield part


def _room(*, first: bool, heads: int) -> float:
    above = (12 * mm + heads * LINE) if first else 0
    return float(TOP - BOTTOM - above - 10 * mm - 2 * (LINE + GAP))


class _Page:
    """One page, from its top to its foot."""

    def __init__(self, canvas: Canvas, sheet: Sheet, number: int, of: int) -> None:
        self._canvas, self._sheet, self._number, self._of, self._y = canvas, sheet, number, of, TOP

    def draw(self, part: _Part, before: _Part | None) -> None:
        if self._number == 1:
            self._head()
        if part.rows or not self._sheet.rows:
            self._titles()
        carried = before.rows[-1] if before and before.rows else None
        if carried and part.rows:
            self._row(self._carry(CARRIED, carried))
        for row in part.rows:
            self._row(row)
        if part.rows and part.rows[-1] is not self._sheet.rows[-1]:
            self._row(self._carry(CARRIES, part.rows[-1]))
        for line in part.after:
            self._text(line)
        self._foot()

    def _head(self) -> None:
        self._canvas.setFont(BOLD, TITLE)
        self._canvas.drawString(MARGIN, self._y - 6 * mm, self._sheet.title)
        self._y -= 12 * mm
        for line in self._sheet.heads:
            self._text(line)

    def _text(self, line: str) -> None:
        font, text = (BOLD, line[1:]) if line.startswith("!") else (PLAIN, line)
        self._canvas.setFont(font, TEXT)
        self._y -= LINE
        for whole in fit(text, font, TEXT, WIDTH - 2 * MARGIN, 1):
            self._canvas.drawString(MARGIN, self._y, whole)

    def _titles(self) -> None:
        self._y -= 9 * mm
        for left, column in self._places():
            for text, font, size, lift in ((column.title, BOLD, TEXT, 3.2 * mm), (column.also, PLAIN, SMALL, 0.0)):
                self._cell(left, column, text, (font, size, self._y + lift))
        self._canvas.line(MARGIN, self._y - GAP, WIDTH - MARGIN, self._y - GAP)
        self._y -= 1 * mm

    def _row(self, row: Row) -> None:
        self._y -= LINE
        for (left, column), text in zip(self._places(), row.cells, strict=True):
            self._cell(left, column, text, (BOLD if row.bold else PLAIN, TEXT, self._y))
        second, column = list(self._places())[1]
        for note in row.notes:
            self._y -= NOTE
            self._cell(second, column, note, (PLAIN, SMALL, self._y))
        self._y -= GAP

    def _carry(self, what: str, last: Row) -> Row:
        return Row(["", what, *[""] * (len(last.cells) - 3), last.cells[-1]], bold=True)

    def _cell(self, left: float, column: Column, text: str, style: tuple[str, float, float]) -> None:
        font, size, y = style
        width = column.width * mm
        least = LEAST if column.right else LEAST_WORDS
        while size > least and stringWidth(text, font, size) > width - 2 * mm:
            size -= 0.25
        self._canvas.setFont(font, size)
        for whole in fit(text, font, size, width - 2 * mm, 1):
            if column.right:
                self._canvas.drawRightString(left + width - 1 * mm, y, whole)
            else:
                self._canvas.drawString(left + 1 * mm, y, whole)

    def _places(self) -> Iterator[tuple[float, Column]]:
        left = MARGIN
        for column in self._sheet.columns:
            yield left, column
            left += column.width * mm

    def _foot(self) -> None:
        self._canvas.setFont(PLAIN, SMALL)
        self._canvas.drawString(MARGIN, 9 * mm, "Karya Rusun")
        self._canvas.drawRightString(WIDTH - MARGIN, 9 * mm, f"Halaman {self._number} dari {self._of}")
