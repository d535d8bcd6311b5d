"""What a cell of a list means: numbers that a spreadsheet has spoiled, dates as people write them, words for words."""

import re
from datetime import date, datetime
from typing import Any

from shared.contracts.training import Language, Purpose

LOST = "the spreadsheet has dropped digits: make the column text and type them again"
A_DATE = "the spreadsheet has made a date of it: make the column text and type it again"
SCIENTIFIC = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
DIGITS_KEPT = 15
"""Of a number typed into a spreadsheet; what comes behind them is 0 from then on."""

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "mei may", "jun", "jul", "agu agt aug", "sep", "okt oct", "nov nop", "des dec"), 1
    )
    for name in names.split()
}
LANGUAGES = {
    "id": Language.INDONESIAN, "indonesia": Language.INDONESIAN, "bahasa indonesia": Language.INDONESIAN,
    "indonesian": Language.INDONESIAN, "en": Language.ENGLISH, "inggris": Language.ENGLISH,
    "bahasa inggris": Language.ENGLISH, "english": Language.ENGLISH,
}  # fmt: skip
PURPOSES = {purpose.value: purpose for purpose in Purpose} | {
    "pelatihan": Purpose.TRAINING, "kabar": Purpose.NOTICES, "pemberitahuan": Purpose.NOTICES,
    "notifikasi": Purpose.NOTICES, "foto": Purpose.CATALOGUE_PHOTO, "photo": Purpose.CATALOGUE_PHOTO,
    "nama": Purpose.PUBLIC_NAME, "name": Purpose.PUBLIC_NAME, "harga": Purpose.PRICE_PARTS,
    "price": Purpose.PRICE_PARTS, "pinjaman": Purpose.LOAN_SHARING, "loan": Purpose.LOAN_SHARING,
}  # fmt: skip
NONE = frozenset({"tidak", "no", "none", "-"})


def text(cell: Any) -> str:
    """As a person would have typed it. Raises ValueError, with a reason that does not repeat it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        raise ValueError(A_DATE)  # noqa: TRY004 - its value is wrong for what it stands for
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        cell = int(cell)
    found = str(cell).strip().removeprefix("'")
    if "\0" in found:
        raise ValueError("holds a NUL character")
    return found


def phone(cell: Any) -> str:
    """A leading 0 that is lost does no harm. Raises ValueError."""
    found = text(cell).removesuffix(".0")
    if SCIENTIFIC.search(found):
        raise ValueError(LOST)
    return found


def nik(cell: Any) -> str:
    """Without the dots, dashes and blanks that people put in. Raises ValueError.

    A number of 16 digits has lost its last one when that is 0: no spreadsheet keeps more than 15.
    """
    found = text(cell)
    if SCIENTIFIC.search(found):
        raise ValueError(LOST)
    if not isinstance(cell, str) and len(found) > DIGITS_KEPT and found.endswith("0"):
        raise ValueError(LOST)
    return re.sub(r"[\s.-]", "", found)


def day(cell: Any) -> date | None:
    """2026-11-21, 21/11/2026, 21-11-2026, 21 Nov 2026, 21 November 2026. Raises ValueError."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = text(cell)
    if not found:
        return None
    parts = [part for part in re.split(r"[\s/.-]+", found) if part]
    try:
        if len(parts) == 3 and len(parts[0]) == 4:
            return date(int(parts[0]), _month(parts[1]), int(parts[2]))
        if len(parts) == 3 and len(parts[2]) == 4:
            return date(int(parts[2]), _month(parts[1]), int(parts[0]))
    except (ValueError, KeyError):
        pass
    raise ValueError("not a date: write it as 2026-11-21 or 21/11/2026")


def language(cell: Any) -> Language | None:
    """Raises ValueError."""
    found = text(cell).casefold()
    if found and found not in LANGUAGES:
        raise ValueError("not a language here: id or en")
    return LANGUAGES.get(found)


def purposes(cell: Any) -> list[Purpose] | None:
    """Words with commas between them, or `tidak`; None when nothing is said. Raises ValueError."""
    words = [word.strip() for word in re.split(r"[,;/|\n]", text(cell).casefold()) if word.strip()]
    if not words:
        return None
    if set(words) <= NONE:
        return []
    if not set(words) <= PURPOSES.keys():
        raise ValueError(f"name what she consents to, each by itself: {', '.join(Purpose)}")
    return [PURPOSES[word] for word in words]


def _month(word: str) -> int:
    return int(word) if word.isdecimal() else MONTHS[word[:3].casefold()]
