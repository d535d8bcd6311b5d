"""Stock per outlet and SKU: movements, and the balance that is their sum."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

Shelf = tuple[str, str]
"""(outlet, SKU)."""


class Movement(NamedTuple):
    """Pieces that came (`delta` > 0) or went; `kind`: received, sold or returned; `cause`: the fact's number."""

    cause: int
    occurred_at: datetime
    delta: int
    kind: str
    outlet: str
    sku: str


def fold(movements: Iterable[Movement]) -> dict[Shelf, int]:
    """The change of each balance."""
    changes: dict[Shelf, int] = {}
    for movement in movements:
        shelf = (movement.outlet, movement.sku)
        changes[shelf] = changes.get(shelf, 0) + movement.delta
    return changes
