"""What tests of the books are made of: months that are closed, figures of them, entries."""

from datetime import datetime, timedelta
from typing import Any

from services.sales.handlers.settlement import periods
from services.sales.views import entries
from services.sales.views import periods as views
from shared.contracts.sales.books import (
    ClosePeriod,
    Entry,
    GetMovements,
    ListAdjustments,
    ListEntries,
    Movements,
    Period,
)
from shared.db import Pool
from tests.integration.sales.builders import NOON, do
from tests.integration.sales.settling import BUDI, RINI, order

OCTOBER = NOON - timedelta(days=30)
"""In the month before; NOON is in November."""


async def ask_to_close(pool: Pool, actor: str = RINI, month: str = "2026-10", now: datetime = NOON) -> Period:
    return await order(pool, periods.close_period, ClosePeriod(month=month), actor, now)


async def close(pool: Pool, month: str = "2026-10", now: datetime = NOON) -> Period:
    """By Rini and Budi."""
    await ask_to_close(pool, RINI, month, now)
    return await ask_to_close(pool, BUDI, month, now)


async def movements(pool: Pool, month: str = "2026-10") -> Movements:
    return await do(pool, views.get_movements, GetMovements(month=month))


async def figures(pool: Pool, month: str = "2026-10") -> dict[str, tuple[int, int, int, int]]:
    """opening, debit, credit and closing by account; that they tie out is checked on the way."""
    found = await movements(pool, month)
    assert sum([one.debit for one in found.items]) == sum([one.credit for one in found.items]) == found.debit
    assert sum([one.opening for one in found.items]) == sum([one.closing for one in found.items]) == 0
    return {f"{one.kind} {one.owner}": (one.opening, one.debit, one.credit, one.closing) for one in found.items}


async def adjustments(pool: Pool, month: str = "2026-10", **other: Any) -> list[Entry]:
    return (await do(pool, views.list_adjustments, ListAdjustments(month=month, **other))).items


async def list_entries(pool: Pool, **asked: Any) -> list[Entry]:
    """All pages, two entries each."""
    found: list[Entry] = []
    cursor = None
    while True:
        page = await do(pool, entries.list_entries, ListEntries(limit=2, cursor=cursor, **asked))
        found += page.items
        cursor = page.next
        if cursor is None:
            return found
