"""The people of the demo: rusun, cooperatives, and sixty makers with made-up names and numbers."""

from dataclasses import dataclass
from datetime import date
from itertools import product

COUNTRY_CODE = "+62"


@dataclass(frozen=True, slots=True)
class Rusun:
    """`companion`: who will accompany those of it who complete a course; without one somebody has to be found."""

    code: str
    name: str
    cooperative: str
    cooperative_name: str
    companion: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A maker before she is registered. `number` counts from 0 and decides everything else about her."""

    number: int
    name: str
    phone: str
    rusun: str
    block: str
    unit: str
    language: str
    consents: tuple[str, ...]
    craft: str


RUSUN = (
    Rusun("pulogebang", "Rusunawa Pulogebang", "kop-pulogebang", "Koperasi Rusun Pulogebang", "Ibu Dini"),
    Rusun("komarudin", "Rusunawa Komarudin", "kop-komarudin", "Koperasi Rusun Komarudin", "Ibu Ratih"),
    Rusun("daan-mogot", "Rusunawa Daan Mogot", "kop-daan-mogot", "Koperasi Rusun Daan Mogot"),
)
CRAFTS = ("batik", "embroidery", "knitting", "sewing", "weaving", "newspaper-miniatures")
SINCE = date(2026, 1, 5)
MOVER, MOVED_ON = 7, date(2026, 11, 14)
"""She moves to another rusun while the tills are selling."""

_FIRST = (
    "Siti", "Sri", "Dewi", "Rina", "Yanti", "Endang", "Wati", "Nurul", "Ratna", "Indah",
    "Kartini", "Lilis", "Mulyani", "Tuti", "Yuliana",
)  # fmt: skip
_LAST = ("Lestari", "Rahayu", "Handayani", "Puspitasari")


def people() -> list[Person]:
    """Twenty makers of each rusun, ten of each craft."""
    names = [f"{first} {last}" for last, first in product(_LAST, _FIRST)]
    return [_person(number, name) for number, name in enumerate(names)]


def _person(number: int, name: str) -> Person:
    # A number of the right form that nobody has: operators' numbers start with 811 to 899, but none with 850.
    return Person(
        number=number,
        name=name,
        phone=f"{COUNTRY_CODE}8500000{number:04d}",
        rusun=RUSUN[number % len(RUSUN)].code,
        block="ABCDE"[number % 5],
        unit=f"{number % 16 + 1:02d}-{number // 16 + 1:02d}",
        language="en" if number % 10 == 9 else "id",
        consents=_consents(number),
        craft=CRAFTS[number % len(CRAFTS)],
    )


def _consents(number: int) -> tuple[str, ...]:
    """Everybody agrees to be trained; one in twelve wants no notices, two in three a photo in the catalogue."""
    wanted = ["training"]
    if number % 12 != 11:
        wanted.append("notices")
    if number % 3:
        wanted.append("catalogue-photo")
    return tuple(wanted)
