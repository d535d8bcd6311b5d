"""Moves goods that no till told of, with all that this means for the shelves."""

from collections.abc import Sequence
from datetime import datetime

from services.sales.domain.stock import Movement
from services.sales.handlers.counts import set_right
from services.sales.handlers.shelves import told
from services.sales.storage import counts, stock
from shared.contracts.message import Event
from shared.db import Tx


async def move(tx: Tx, movements: Sequence[Movement], now: datetime) -> list[Event]:
    """Pieces come and go now. What is told of shelves that get below nothing or are explained again.

    Clocks differ: a count may speak of a moment after now, or be approved at this very moment. The shelves are locked
    by the movements, so either the count saw them or it is seen here.
    """
    if not movements:
        return []
    moved = await stock.add_movements(tx, movements)
    since = min(movement.occurred_at for movement in movements)
    return [*told(moved), *await set_right(tx, await counts.list_counted_shelves(tx, moved, since), now)]
