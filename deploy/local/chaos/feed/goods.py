"""What lies in the outlets when the faults begin, and who tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.broker.definitions import OUTLETS
from deploy.local.chaos.feed.telling import Where

OVER_AMQP, OVER_HTTP = ("till-1", "till-2"), ("till-3",)
TILLS: tuple[Where, ...] = tuple([(outlet, till) for outlet in OUTLETS for till in (*OVER_AMQP, *OVER_HTTP)])

PRICES = {"BTK-CHAOS-1": 700_000, "BTK-CHAOS-2": 349_900, "ANY-CHAOS-3": 125_000, "RJT-CHAOS-4": 89_500}
"""SKU and list price of what lies on every shelf."""

LABELLED = "BTK-CHAOS-5"
LATE = "BTK-CHAOS-LATE"
"""A product that tills sell before it is approved: its sales wait until a person has done that."""

NOBODYS = "BTK-CHAOS-NONE"
PROMO, PROMO_BPS = "chaos-15", 1500
PRICE = 560_000
"""Of a labelled piece, and of the late product."""

SHELF = 100_000
PIECES = 60
"""Pieces with a serial at each outlet."""


@dataclass(frozen=True, slots=True)
class Goods:
    """`pieces`: the serials of the labelled product, by outlet."""

    pieces: Mapping[str, tuple[str, ...]]

    def of_till(self, where: Where) -> list[str]:
        """Each piece is one till's: no two of them ever claim it."""
        tills = [till for outlet, till in TILLS if outlet == where[0]]
        return list(self.pieces[where[0]][tills.index(where[1]) :: len(tills)])
