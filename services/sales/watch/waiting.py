"""Wakes returns and voids that wait for a sale as soon as it is recorded: their next try may be an hour away."""

from collections.abc import Sequence
from datetime import datetime

from services.sales.storage import looks
from shared.db import Tx
from shared.runtime import parked


async def wake(tx: Tx, facts: Sequence[int], at: datetime) -> None:
    """`facts`: numbers of what was just recorded. Each sale wakes once who waits for it."""
    for code, subjects in (await looks.list_awaited(tx, facts)).items():
        # A try in hand may not have seen these facts: passed over, it would wait for its next turn, up to an hour.
        await parked.lock_waiting(tx, code, subjects)
        await parked.wake(tx, code, at, subjects=subjects)
