"""What becomes of a receipt: sold, returned, voided, exchanged. No two stories contradict each other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from deploy.local.chaos.feed.goods import LABELLED, LATE, PRICE, PRICES, PROMO, PROMO_BPS, TILLS
from deploy.local.chaos.feed.telling import Line, Telling, Where

STEP = timedelta(seconds=40)
"""Between two receipts of a till: no two of them are taken for one that was told twice."""

LONGEST = timedelta(hours=4)
"""From a sale to the end of its story."""


@dataclass(slots=True)
class Till:
    """Where a story plays. `pieces`: serials that this till has not sold yet."""

    where: Where
    random: Random
    telling: Telling
    pieces: list[str]
    receipts: "count[int]" = field(default_factory=lambda: count(1))

    def receipt(self) -> str:
        return f"{self.telling.mark}-{next(self.receipts)}"

    def later(self, at: datetime) -> datetime:
        """By more than clocks may differ."""
        return at + timedelta(seconds=self.random.randint(400, 3_000))

    def some(self) -> tuple[str, int]:
        """(SKU, list price)."""
        return self.random.choice(list(PRICES.items()))

    def line(self, at: datetime, receipt: str, line: int = 1) -> Line:
        (sku, price), quantity = self.some(), self.random.choice((1, 1, 1, 2, 3, 7))
        discount = self.random.choice((0, 0, 0, 10_000, 25_001))
        facts = {"receipt": receipt, "line": line, "sku": sku, "quantity": quantity, "unit_price": price}
        return self.telling.sell(self.where, at, discount=discount, **facts)


Story = Callable[[Till, datetime], None]


def sold(till: Till, at: datetime) -> None:
    receipt = till.receipt()
    for line in range(1, till.random.randint(1, 3) + 1):
        till.line(at, receipt, line)


def at_another_price(till: Till, at: datetime) -> None:
    """In a promotion, or at a price of the till's own."""
    sku, price = till.some()
    reduced = {"unit_price": price * (10_000 - PROMO_BPS) // 10_000, "promo_id": PROMO}
    told = till.random.choice((reduced, {"unit_price": price - 5_000}))
    till.telling.sell(till.where, at, receipt=till.receipt(), line=1, sku=sku, quantity=1, **told)


def returned(till: Till, at: datetime) -> None:
    """One piece of it, at the till that sold it or at any other."""
    line, back = till.line(at, till.receipt()), till.later(at)
    where = till.random.choice((till.where, till.random.choice(TILLS)))
    till.telling.take_back(line, where, back, receipt=f"R-{till.where[0]}-{till.where[1]}-{till.receipt()}")


def voided(till: Till, at: datetime) -> None:
    receipt = till.receipt()
    lines = [till.line(at, receipt, line) for line in range(1, till.random.randint(1, 2) + 1)]
    till.telling.void(lines, till.later(at))


def exchanged(till: Till, at: datetime) -> None:
    """A piece comes back, and another is sold for it on the same receipt."""
    line, back, name = till.line(at, till.receipt()), till.later(at), till.receipt()
    till.telling.take_back(line, till.where, back, receipt=name, exchange=name)
    sku, price = till.some()
    facts = {"receipt": name, "line": 2, "sku": sku, "quantity": 1, "unit_price": price, "exchange": name}
    till.telling.sell(till.where, back, **facts)


def a_piece(till: Till, at: datetime) -> None:
    """With a serial: sold, brought back, and sold again."""
    if not till.pieces:
        return sold(till, at)
    serial = till.pieces.pop()
    facts = {"line": 1, "sku": LABELLED, "quantity": 1, "serial": serial}
    first = till.telling.sell(till.where, at, receipt=till.receipt(), unit_price=PRICE, **facts)
    back = till.later(at)
    till.telling.take_back(first, till.where, back, receipt=till.receipt(), serial=serial)
    again = till.later(back)
    till.telling.sell(till.where, again, receipt=till.receipt(), unit_price=PRICE, **facts)
    return None


def not_approved_yet(till: Till, at: datetime) -> None:
    till.telling.sell(till.where, at, receipt=till.receipt(), line=1, sku=LATE, quantity=1, unit_price=PRICE)


STORIES: dict[Story, int] = {
    sold: 60,
    at_another_price: 8,
    returned: 10,
    voided: 5,
    exchanged: 5,
    a_piece: 4,
    not_approved_yet: 2,
}
"""How often each is told, of a hundred or so."""


def tell(till: Till, opened: datetime, events: int) -> None:
    """Stories of one till, about so many events of them."""
    at, before = opened, len(till.telling.facts[till.where])
    while len(till.telling.facts[till.where]) - before < events:
        [story] = till.random.choices(list(STORIES), list(STORIES.values()))
        story(till, at)
        at += STEP
