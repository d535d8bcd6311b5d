"""The lists of participants that each rusun hands in, with what such lists have: somebody twice, a number cut short."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from deploy.local.demo.people import RUSUN, SINCE, Person

HEADINGS = ("No", "Nama", "Telepon", "Blok", "Unit", "Bahasa", "Persetujuan", "Sejak")
WORDS = {"training": "pelatihan", "notices": "kabar", "catalogue-photo": "foto"}
FIRST_LINE = 2
"""Of people; the headings are line 1."""

CUT_SHORT = "0812 3456"
TWICE_IN, REFUSED_IN = RUSUN[0].code, RUSUN[1].code


@dataclass(frozen=True, slots=True)
class ParticipantList:
    """What one rusun hands in."""

    rusun: str
    people: tuple[Person, ...]

    @property
    def rows(self) -> list[Sequence[str]]:
        """Her line for each, in order; what is wrong with the list comes last."""
        rows = [_row(n, person) for n, person in enumerate(self.people, start=1)]
        if self.rusun == TWICE_IN:
            rows.append(rows[0])
        if self.rusun == REFUSED_IN:
            rows.append([str(len(rows) + 1), "Ibu Sumiati", CUT_SHORT, "B", "04-01", "id", "pelatihan", ""])
        return rows

    def csv(self) -> bytes:
        """As a spreadsheet saves it."""
        text = io.StringIO()
        csv.writer(text).writerows([HEADINGS, *self.rows])
        return text.getvalue().encode()


def lists(people: Sequence[Person]) -> list[ParticipantList]:
    """One for each rusun."""
    return [ParticipantList(rusun.code, tuple(p for p in people if p.rusun == rusun.code)) for rusun in RUSUN]


def _row(n: int, person: Person) -> Sequence[str]:
    agreed = ", ".join([WORDS[purpose] for purpose in person.consents])
    door = (person.block, person.unit)
    return [str(n), person.name, person.phone, *door, person.language, agreed, SINCE.isoformat()]
