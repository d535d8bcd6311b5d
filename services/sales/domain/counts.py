"""Stock counts: how far the books were from what was counted, and what sets them right."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.calendar import is_ahead
from services.sales.domain.deliveries import check_known, check_once
from services.sales.domain.stock import Movement
from shared.contracts.sales.goods import CountStock
from shared.errors import Rejected


class Counted(NamedTuple):
    """An approved count of one shelf; `gap`: what was counted less what the books hold for that moment now."""

    no: int
    count_id: UUID
    counted_at: datetime
    outlet: str
    sku: str
    gap: int


class Correction(NamedTuple):
    counted: Counted
    delta: int

    @property
    def movement(self) -> Movement:
        """It is booked as of the count: later counts of the shelf already know of it."""
        counted = self.counted
        return Movement(counted.no, counted.counted_at, self.delta, "adjusted", counted.outlet, counted.sku)


def check_count(told: CountStock, known: set[str], now: datetime) -> None:
    """Raises Rejected for a moment that has not come and a SKU in two lines, NotYet for an unknown SKU."""
    if is_ahead(told.counted_at, now):
        raise Rejected("counted_in_the_future", f"counted at {told.counted_at.isoformat()}")
    skus = [line.sku for line in told.lines]
    check_once(skus)
    check_known(set(skus), known)


def corrections(counts: Iterable[Sequence[Counted]]) -> list[Correction]:
    """What is still to be booked so that every shelf held what was counted at the moment of each of its counts.

    `counts`: for each shelf its counts in the order of their moments. A correction moves the books of every later
    moment too, so all that is left for the next count is how much its gap differs from the one before.
    """
    found: list[Correction] = []
    for shelf in counts:
        before = 0
        for count in shelf:
            found.append(Correction(count, count.gap - before))
            before = count.gap
    return [one for one in found if one.delta]
