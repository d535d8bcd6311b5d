"""Letters on paper: the fonts of what is printed, and texts that fit their place."""

import unicodedata
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Vera", "VeraBd"
ELLIPSIS = "…"


def fit(text: str, font: str, size: float, width: float, most: int) -> list[str]:
    """At most so many lines, none wider than `width` points; what does not fit gives way to an ellipsis."""
    load_fonts()
    words, lines = printable(text, font).split(), list[str]()
    for number, word in enumerate(words):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pdfmetrics.stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[number:]])
            break
    return [_cut(line, font, size, width) for line in lines]


def _cut(line: str, font: str, size: float, width: float) -> str:
    """After a whole word, unless there is only one."""

    def fits(text: str) -> bool:
        return bool(pdfmetrics.stringWidth(text, font, size) <= width)

    if fits(line):
        return line
    while " " in line and not fits(line + ELLIPSIS):
        line = line.rpartition(" ")[0]
    while not fits(line + ELLIPSIS):
        line = line[:-1]
    return line + ELLIPSIS


def printable(text: str, font: str) -> str:
    """With a letter's plain form where the font lacks it, and nothing where there is none."""
    known = pdfmetrics.getFont(font).face.charToGlyph
    whole = [letter if ord(letter) in known else _plain(letter) for letter in unicodedata.normalize("NFC", text)]
    return "".join([letter for letter in "".join(whole) if ord(letter) in known])


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter)


@cache
def load_fonts() -> None:
    """Bitstream Vera, which comes with reportlab: embedded, so that every printer prints the same."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
