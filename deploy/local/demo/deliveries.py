"""What goes to the outlets: enough of most things, too little of some, a part of it in the middle of the week."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deploy.local.demo.places import OUTLETS, till_of
from deploy.local.demo.till_data import Line

LINES = 100
SPARE = 2
SHORT = 50
"""Of one SKU in so many half is sent: what the outlet sold and never received shows as a deficit."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery note. A `late` one is on the road while the outlet already sells from it."""

    outlet: str
    number: int
    lines: tuple[tuple[str, int], ...]
    late: bool

    @property
    def skus(self) -> frozenset[str]:
        """What is in it."""
        return frozenset(sku for sku, _ in self.lines)


def deliveries(lines: Sequence[Line]) -> list[Delivery]:
    """For each outlet what it will sell, in the order of its sales; every third delivery is late."""
    sold: dict[str, dict[str, int]] = {place.code: defaultdict(int) for place in OUTLETS}
    for line in lines:
        if line.is_sale:
            sold[till_of(line.receipt)[0]][line.sku] += line.quantity
    return [
        Delivery(outlet, number, tuple(note), late=number % 3 == 1)
        for outlet, wanted in sold.items()
        for number, note in enumerate(_notes(wanted))
    ]


def needed(plan: Iterable[Delivery], lines: Iterable[Line]) -> list[Delivery]:
    """Those deliveries of the plan that hold something of what these lines sell."""
    sold = {(till_of(line.receipt)[0], line.sku) for line in lines if line.is_sale}
    return [note for note in plan if any((note.outlet, sku) in sold for sku in note.skus)]


def _notes(wanted: dict[str, int]) -> list[list[tuple[str, int]]]:
    """Delivery notes of equal length. The quantity follows from the place in the list alone."""
    sent = [
        (sku, max(1, quantity // 2) if i % SHORT == SHORT - 1 else quantity + SPARE)
        for i, (sku, quantity) in enumerate(wanted.items())
    ]
    return [sent[start : start + LINES] for start in range(0, len(sent), LINES)]
