"""The 16 digits of a NIK: what makes them impossible, and what makes them only doubtful."""

from datetime import date

from stdnum import numdb
from stdnum.exceptions import ValidationError
from stdnum.id import nik as identity

from services.training.domain.faults import invalid
from shared.contracts.training import Remark

LATER_PROVINCES = frozenset({"65", "92", "93", "95", "96"})
"""Provinces founded since stdnum's table was made: North Kalimantan and four in Papua, by their codes on a NIK."""

LENGTH, WOMANS_DAYS = 16, 40

BORN_OTHERWISE = Remark(
    code="birth_date_differs",
    detail="the NIK names another birth date: one of the two is mistyped, or the card was never corrected",
)
REGION_UNKNOWN = Remark(
    code="nik_region_unknown",
    detail="the NIK begins with a province or regency that is not known here: look at the card again",
)


def check_nik(nik: str) -> str:
    """A NIK of 16 digits: place of first registration, birth date (a woman's day is 40 more), serial. Raises Invalid.

    The place never says where she lives now.
    """
    if len(nik) != LENGTH or not (nik.isascii() and nik.isdecimal()):
        raise invalid(("nik", "not a NIK: it has 16 digits"))
    try:
        identity.get_birth_date(nik)
    except ValidationError:
        raise invalid(("nik", "not a NIK: its birth date is impossible")) from None
    # stdnum takes the day modulo 40, which lets the 81st to 99th of a month through.
    if int(nik[6:8]) > 31 + WOMANS_DAYS:
        raise invalid(("nik", "not a NIK: its birth date is impossible"))
    return nik


def doubts(nik: str | None, born: date | None) -> list[Remark]:
    """What a person should look at again; `nik` has passed `check_nik`. A year has two digits there."""
    if nik is None:
        return []
    found = [] if _is_known_region(nik) else [REGION_UNKNOWN]
    day, month, year = int(nik[6:8]) % WOMANS_DAYS, int(nik[8:10]), int(nik[10:12])
    if born and (day, month, year) != (born.day, born.month, born.year % 100):
        found.append(BORN_OTHERWISE)
    return found


def masked(nik: str | None) -> str | None:
    """A NIK, or what is known of its end, as people may see it: `************1234`."""
    return f"{'*' * 12}{nik[-4:]}" if nik else None


def _is_known_region(nik: str) -> bool:
    if nik[:2] in LATER_PROVINCES:
        return True
    parts = numdb.get("id/loc").info(nik[:4])
    return all(named for _, named in parts)
