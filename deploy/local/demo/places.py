"""Where things are sold: the outlets, their terms, and which till printed which receipt."""

import zlib
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet, its shares in per cent, and the way its tills report."""

    code: str
    name: str
    address: str
    outlet_percent: int
    programme_percent: int
    way: Literal["amqp", "http"]


OUTLETS = (
    Place("citos", "Cilandak Town Square", "Cilandak, Jakarta Selatan", 15, 10, "amqp"),
    Place("pim", "Pondok Indah Mall", "Pondok Indah, Jakarta Selatan", 25, 10, "amqp"),
    Place("alun-alun", "Alun-Alun Grand Indonesia", "Menteng, Jakarta Pusat", 25, 10, "http"),
)
AGREED_FROM = date(2026, 1, 1)
TILLS = ("till-1", "till-2")


def till_of(receipt: str) -> tuple[str, str]:
    """The outlet and till that printed a receipt: always the same, spread evenly."""
    outlet, till = divmod(zlib.crc32(receipt.encode()) % (len(OUTLETS) * len(TILLS)), len(TILLS))
    return OUTLETS[outlet].code, TILLS[till]
