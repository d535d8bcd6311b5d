"""Stock counts, their approval, and how far the books are from them."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.counts import Counted
from services.sales.domain.stock import Shelf
from shared.contracts.sales.goods import CountStock, ExpectedLine
from shared.db import Row, Tx


class Recorded(NamedTuple):
    """A new stock count: its number, and when it was recorded."""

    no: int
    recorded_at: datetime


async def add_count(tx: Tx, count_id: UUID, told: CountStock, by: str) -> Recorded:
    row = await tx.fetchrow(
        """
        INSERT INTO stock_count (count_id, counted_at, outlet, counted_by, note)
        VALUES ($1, $2, $3, $4, $5)
        RETURNING no, recorded_at
        """,
        count_id,
        told.counted_at,
        told.code,
        by,
        told.note,
    )
    assert row is not None  # an INSERT of one row
    return Recorded(*row)


async def add_count_lines(tx: Tx, no: int, told: CountStock) -> list[ExpectedLine]:
    """What was counted, beside what the books hold for that moment: today's balance less all that moved since."""
    rows = await tx.fetch(
        """
        INSERT INTO stock_count_line (count, counted, position, sku, expected)
        SELECT $1, counted, position, line.sku, coalesce(stock.balance, 0) - (
            SELECT coalesce(sum(delta), 0) FROM stock_movement m
            WHERE m.outlet = $2 AND m.sku = line.sku AND m.occurred_at > $3
        )
        FROM unnest($4::text[], $5::int[]) WITH ORDINALITY AS line (sku, counted, position)
        LEFT JOIN stock ON stock.outlet = $2 AND stock.sku = line.sku
        RETURNING sku, counted, expected
        """,
        no,
        told.code,
        told.counted_at,
        [line.sku for line in told.lines],
        [line.counted for line in told.lines],
    )
    return [ExpectedLine(sku=row["sku"], counted=row["counted"], expected=row["expected"]) for row in rows]


async def get_count(tx: Tx, count_id: UUID) -> Row | None:
    return await tx.fetchrow("SELECT no, outlet, counted_at FROM stock_count WHERE count_id = $1", count_id)


async def add_approval(tx: Tx, no: int, by: str, at: datetime) -> bool:
    """False when it is approved already."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO stock_count_approval (count, approved_at, approved_by) VALUES ($1, $2, $3)
            ON CONFLICT (count) DO NOTHING
            RETURNING true
            """,
            no,
            at,
            by,
        )
    )


async def list_counted_skus(tx: Tx, no: int) -> list[str]:
    rows = await tx.fetch("SELECT sku FROM stock_count_line WHERE count = $1", no)
    return [row["sku"] for row in rows]


async def list_counted_shelves(tx: Tx, shelves: Collection[Shelf], since: datetime | None = None) -> list[Shelf]:
    """Those of which an approved count speaks, of a moment not before `since`."""
    rows = await tx.fetch(
        """
        SELECT outlet, sku FROM unnest($1::text[], $2::text[]) AS shelf (outlet, sku)
        WHERE EXISTS (
            SELECT FROM stock_count_line line
            JOIN stock_count c ON c.no = line.count
            JOIN stock_count_approval a ON a.count = c.no
            WHERE line.sku = shelf.sku AND c.outlet = shelf.outlet
              AND ($3::timestamptz IS NULL OR c.counted_at >= $3)
        )
        """,
        [outlet for outlet, _ in shelves],
        [sku for _, sku in shelves],
        since,
    )
    return [(row["outlet"], row["sku"]) for row in rows]


async def list_gaps(tx: Tx, shelves: Collection[Shelf]) -> list[list[Counted]]:
    """Of each shelf its approved counts in the order of their moments. The shelves must be locked.

    Of two counts of the same moment the one that was recorded later stands. The books of a moment are the balance of
    now less all that moved since; each movement is read once, in the span between two counts that it belongs to.
    """
    rows = await tx.fetch(
        """
        WITH approved AS (
            SELECT DISTINCT ON (c.outlet, line.sku, c.counted_at)
                   c.no, c.count_id, c.counted_at, c.outlet, line.sku, line.counted
            FROM unnest($1::text[], $2::text[]) AS shelf (outlet, sku)
            JOIN stock_count_line line ON line.sku = shelf.sku
            JOIN stock_count c ON c.no = line.count AND c.outlet = shelf.outlet
            JOIN stock_count_approval a ON a.count = c.no
            ORDER BY c.outlet, line.sku, c.counted_at, c.no DESC
        ), span AS (
            SELECT *, coalesce(lead(counted_at) OVER shelf, 'infinity') AS until
            FROM approved
            WINDOW shelf AS (PARTITION BY outlet, sku ORDER BY counted_at)
        )
        SELECT span.no, span.count_id, span.counted_at, span.outlet, span.sku,
               (span.counted - stock.balance + sum(moved.since) OVER later)::bigint AS gap
        FROM span
        JOIN stock ON stock.outlet = span.outlet AND stock.sku = span.sku
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(m.delta), 0) AS since FROM stock_movement m
            WHERE m.outlet = span.outlet AND m.sku = span.sku
              AND m.occurred_at > span.counted_at AND m.occurred_at <= span.until
        ) moved
        WINDOW later AS (PARTITION BY span.outlet, span.sku ORDER BY span.counted_at DESC)
        ORDER BY span.outlet, span.sku, span.counted_at
        """,
        [outlet for outlet, _ in shelves],
        [sku for _, sku in shelves],
    )
    counts = [Counted(**row) for row in rows]
    return [list(shelf) for _, shelf in groupby(counts, key=attrgetter("outlet", "sku"))]
