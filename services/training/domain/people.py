"""Who a maker is: her phone and NIK in their one right form, and since when she lives where."""

from dataclasses import dataclass
from datetime import date, datetime

import phonenumbers
from stdnum.exceptions import ValidationError
from stdnum.id import nik as identity

from services.training.domain.calendar import jakarta_day
from services.training.domain.faults import invalid

HOME_REGION = "ID"
LATER_PROVINCES = frozenset({"65", "92", "93", "95", "96"})
"""Provinces founded since stdnum's table was made: North Kalimantan and four in Papua, by their codes on a NIK."""

A_KNOWN_PROVINCE = "91"


@dataclass(frozen=True, slots=True)
class Rusun:
    """A block of rental flats and the code of the cooperative that serves it."""

    code: str
    name: str
    cooperative: str


def e164(phone: str) -> str:
    """`0812 3456 7890` and `62 812-3456-7890` are both `+6281234567890`. Raises Invalid.

    A number is no identity: a family may share one phone.
    """
    try:
        number = phonenumbers.parse(phone, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise invalid(("phone", "not a phone number")) from None
    if not phonenumbers.is_valid_number(number):
        raise invalid(("phone", "no such phone number can exist"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_nik(nik: str) -> str:
    """A NIK of 16 digits: place of first registration, birth date (a woman's day is 40 more), serial. Raises Invalid.

    The place never says where she lives now.
    """
    province = A_KNOWN_PROVINCE if nik[:2] in LATER_PROVINCES else nik[:2]
    try:
        identity.validate(province + nik[2:])
    except ValidationError:
        raise invalid(("nik", "not a NIK: its length, province or birth date is impossible")) from None
    # stdnum takes the day modulo 40, which lets the 81st to 99th of a month through.
    if int(nik[6:8]) > 71:
        raise invalid(("nik", "not a NIK: its birth date is impossible"))
    return nik


def masked(nik: str | None) -> str | None:
    """A NIK, or what is known of its end, as people may see it: `************1234`."""
    return f"{'*' * 12}{nik[-4:]}" if nik else None


def home_since(since: date | None, now: datetime) -> date:
    """The first day of a maker's home: today in Jakarta unless an earlier day is given. Raises Invalid."""
    today = jakarta_day(now)
    if since and since > today:
        raise invalid(("since", "she is registered where she lives now, not later"))
    return since or today
