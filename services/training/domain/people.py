"""Who a maker is: her phone in its one right form, and since when she lives where."""

from dataclasses import dataclass
from datetime import date, datetime

import phonenumbers

from services.training.domain.calendar import jakarta_day
from services.training.domain.faults import invalid
from shared.contracts.training import Remark

HOME_REGION = "ID"


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


def shared_phone(others: int) -> list[Remark]:
    """How many other makers have this number; never who."""
    if not others:
        return []
    who = "1 other maker has" if others == 1 else f"{others} other makers have"
    return [Remark(code="phone_shared", detail=f"{who} this phone number")]


def home_since(since: date | None, now: datetime) -> date:
    """The first day of a maker's home: today in Jakarta unless an earlier day is given. Raises Invalid."""
    today = jakarta_day(now)
    if since and since > today:
        raise invalid(("since", "she is registered where she lives now, not later"))
    return since or today
