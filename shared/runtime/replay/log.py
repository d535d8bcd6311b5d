"""The event logs of several services as one: each in its own order, one beside the other by time."""

from collections.abc import AsyncIterator, Sequence
from heapq import heappop, heappush
from typing import Any

from shared.db import Row, Tx

FETCHED = 500


async def read(tx: Tx, wires: Sequence[str]) -> AsyncIterator[Row]:
    """`day, id, type, envelope, recorded_at` of these events, in the order in which they were written.

    An entry is written while its transaction holds what it has locked, so the later of two that speak of the same
    thing is written later. Ids are minted by several replicas and say so only to the millisecond.
    """
    # The days first: each is sorted by itself, whatever the size of the whole.
    cursor = await tx.cursor(
        """
        SELECT day, id, type, envelope, recorded_at FROM event_log
        WHERE type = ANY ($1::text[])
        ORDER BY day, recorded_at, id
        """,
        list(wires),
    )
    while rows := await cursor.fetch(FETCHED):
        for row in rows:
            yield row


async def merge(logs: Sequence[AsyncIterator[Row]]) -> AsyncIterator[Row]:
    """By the time at which they were written; each log in its own order."""
    heads: list[tuple[Any, ...]] = []
    for position, log in enumerate(logs):
        await _push(heads, position, log)
    while heads:
        _, position, row = heappop(heads)
        yield row
        await _push(heads, position, logs[position])


async def _push(heads: list[tuple[Any, ...]], position: int, log: AsyncIterator[Row]) -> None:
    row = await anext(log, None)
    if row is not None:
        heappush(heads, (row["recorded_at"], position, row))
