"""What was heard of tills: claimed once, and folded into what each till said so far.

A row of `heard` is written by the transaction that booked what it speaks of, so it can be seen only when that is
committed. Rows are claimed by one round at a time. Of two transactions that ran side by side one row is claimed with
or after the other: whoever looks at the facts then sees those of both. All that is found rests on this, and no cursor
over numbers is needed, which a transaction that commits late would slip past.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.sales.domain.numbers import Numbers
from services.sales.domain.stock import Shelf
from shared.db import Row, Tx

LOCK = 0x7761746368


class Claimed(NamedTuple):
    """What one transaction booked of one till on one day; `seqs`: its numbers, as a multirange is written."""

    outlet: str
    till: str
    day: date
    events: int
    total: int
    seqs: str
    first_no: int
    last_no: int


async def has_work(tx: Tx, at: datetime) -> bool:
    """Whether something was heard or is due."""
    return bool(
        await tx.fetchval(
            """
            SELECT EXISTS (SELECT FROM heard)
                OR EXISTS (SELECT FROM till_gap WHERE due_at <= $1)
                OR EXISTS (SELECT FROM till_check WHERE due_at <= $1)
            """,
            at,
        )
    )


async def lock_round(tx: Tx) -> bool:
    """False when another replica has the turn. A killed one frees the lock at once."""
    return bool(await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK))


async def claim_heard(tx: Tx, limit: int) -> list[Claimed]:
    """The oldest rows, which are gone then. In a round only."""
    rows = await tx.fetch(
        """
        DELETE FROM heard WHERE id IN (SELECT id FROM heard ORDER BY id LIMIT $1)
        RETURNING outlet, till, day, events, total, seqs::text, first_no, last_no
        """,
        limit,
    )
    return [Claimed(*row) for row in rows]


async def add_to_days(tx: Tx, claimed: Sequence[Claimed]) -> None:
    await tx.execute(
        """
        INSERT INTO till_day AS d (outlet, till, day, events, total)
        SELECT outlet, till, day, sum(events), sum(total)
        FROM unnest($1::text[], $2::text[], $3::date[], $4::int[], $5::bigint[])
            AS told (outlet, till, day, events, total)
        GROUP BY outlet, till, day
        ON CONFLICT (outlet, till, day) DO UPDATE
        SET events = d.events + excluded.events, total = d.total + excluded.total
        """,
        *zip(*[one[:5] for one in claimed], strict=True),
    )


async def add_numbers(tx: Tx, claimed: Sequence[Claimed]) -> None:
    """What each till has said so far."""
    await tx.execute(
        """
        INSERT INTO till AS t (outlet, till, seen)
        SELECT outlet, till, range_agg(seqs::int8multirange)
        FROM unnest($1::text[], $2::text[], $3::text[]) AS told (outlet, till, seqs)
        WHERE seqs <> '{}'
        GROUP BY outlet, till
        ON CONFLICT (outlet, till) DO UPDATE SET seen = t.seen + excluded.seen
        """,
        *_numbers(claimed),
    )


async def list_reused(tx: Tx, claimed: Sequence[Claimed], spans: Numbers) -> list[Row]:
    """`outlet, till, numbers, again, no`: numbers of the claimed facts that something else has, by till.

    `again`: what was known to come again; `no`: the first of these facts. Before `add_numbers`. A line that a person
    had booked anew may keep its number.
    """
    return await tx.fetch(
        """
        WITH told AS MATERIALIZED (
            SELECT outlet, till, t.again, coalesce(t.seen * c.seqs, '{}') AS twice
            FROM (
                SELECT outlet, till, range_agg(seqs::int8multirange) AS seqs
                FROM unnest($1::text[], $2::text[], $3::text[]) AS claimed (outlet, till, seqs)
                GROUP BY outlet, till
            ) c
            LEFT JOIN till t USING (outlet, till)
        ), span AS (
            SELECT * FROM unnest($4::bigint[], $5::bigint[]) AS span (first, last)
        ), fact AS (
            SELECT no, outlet, till, till_seq FROM span JOIN sale ON no BETWEEN first AND last WHERE version = 0
            UNION ALL
            SELECT no, outlet, till, till_seq FROM span JOIN returned ON no BETWEEN first AND last
            UNION ALL
            SELECT no, outlet, till, till_seq FROM span JOIN receipt_void ON no BETWEEN first AND last
            UNION ALL
            SELECT no, outlet, till, till_seq FROM span JOIN till_closing ON no BETWEEN first AND last
        ), used AS (
            SELECT outlet, till, till_seq, min(no) AS no
            FROM fact JOIN told USING (outlet, till)
            WHERE till_seq IS NOT NULL
            GROUP BY outlet, till, till_seq, twice
            HAVING count(*) > 1 OR till_seq <@ twice
        )
        SELECT outlet, till, range_agg(int8range(till_seq, till_seq, '[]')) AS numbers,
               coalesce(again, '{}') AS again, min(no) AS no
        FROM used JOIN told USING (outlet, till)
        GROUP BY outlet, till, again
        """,
        *_numbers(claimed),
        *_spans(spans),
    )


async def mark_again(tx: Tx, tills: Sequence[tuple[str, str, Numbers]]) -> None:
    """What is known to come again of each till. Those that were never heard of before are left out."""
    if tills:
        await tx.execute(
            """
            UPDATE till t SET again = told.again::int8multirange
            FROM unnest($1::text[], $2::text[], $3::text[]) AS told (outlet, till, again)
            WHERE (t.outlet, t.till) = (told.outlet, told.till)
            """,
            [outlet for outlet, _, _ in tills],
            [till for _, till, _ in tills],
            ["{" + ",".join([f"[{first},{last}]" for first, last in again]) + "}" for _, _, again in tills],
        )


async def list_twins(tx: Tx, spans: Numbers, most: int) -> list[Row]:
    """Sales with these numbers that look like another one of the same till; `most` of its twins, the earliest first.

    Sold within 10 seconds on another receipt, the same pieces at the same price and without a serial, neither taken
    back. Two lines of one receipt are two pieces: a cashier enters the second one so.
    """
    return await tx.fetch(
        """
        SELECT s.sale_id, s.outlet, s.till, s.receipt, s.sku, s.quantity, s.unit_price, s.discount, s.sold_at,
               twin.sale_ids, twin.receipts
        FROM unnest($1::bigint[], $2::bigint[]) AS span (first, last)
        JOIN sale s ON s.no BETWEEN span.first AND span.last
        CROSS JOIN LATERAL (
            SELECT array_agg(sale_id ORDER BY sold_at, no) AS sale_ids,
                   array_agg(receipt ORDER BY sold_at, no) AS receipts
            FROM (
                SELECT o.no, o.sale_id, o.receipt, o.sold_at
                FROM sale o
                WHERE o.sku = s.sku
                  AND o.sold_at BETWEEN s.sold_at - interval '10 s' AND s.sold_at + interval '10 s'
                  AND o.outlet = s.outlet AND o.till = s.till AND o.receipt <> s.receipt
                  AND o.quantity = s.quantity AND o.unit_price = s.unit_price AND o.discount = s.discount
                  AND o.serial IS NULL
                  AND NOT EXISTS (SELECT FROM sale_void v WHERE v.sale = o.no)
                ORDER BY o.sold_at
                LIMIT $3
            ) o
        ) twin
        WHERE s.serial IS NULL AND twin.sale_ids IS NOT NULL
          AND NOT EXISTS (SELECT FROM sale_void v WHERE v.sale = s.no)
        ORDER BY s.sold_at, s.no
        """,
        *_spans(spans),
        most,
    )


async def list_late_shelves(tx: Tx, spans: Numbers) -> list[Shelf]:
    """Shelves of which a fact with these numbers tells something that was so before an approved count of them.

    A line that a void took back is found by the void as well as by the line.
    """
    rows = await tx.fetch(
        """
        WITH span AS (
            SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS span (first, last)
        ), fact AS (
            SELECT outlet, sku, sold_at AS at FROM span JOIN sale ON no BETWEEN first AND last
            UNION ALL
            SELECT outlet, sku, returned_at FROM span JOIN returned ON no BETWEEN first AND last
            UNION ALL
            SELECT v.outlet, v.sku, v.voided_at
            FROM span JOIN sale s ON s.no BETWEEN first AND last JOIN sale_void v ON v.sale = s.no
            UNION ALL
            SELECT v.outlet, v.sku, v.voided_at
            FROM span JOIN receipt_void r ON r.no BETWEEN first AND last
            JOIN sale s ON (s.receipt, s.outlet, s.till) = (r.receipt, r.outlet, r.till)
            JOIN sale_void v ON v.sale = s.no
        )
        SELECT f.outlet, f.sku
        FROM (SELECT outlet, sku, min(at) AS at FROM fact GROUP BY outlet, sku) f
        WHERE EXISTS (
            SELECT FROM stock_count_line line
            JOIN stock_count c ON c.no = line.count
            JOIN stock_count_approval a ON a.count = c.no
            WHERE line.sku = f.sku AND c.outlet = f.outlet AND c.counted_at >= f.at
        )
        ORDER BY f.outlet, f.sku
        """,
        *_spans(spans),
    )
    return [(row["outlet"], row["sku"]) for row in rows]


def _numbers(claimed: Sequence[Claimed]) -> tuple[list[str], list[str], list[str]]:
    return [one.outlet for one in claimed], [one.till for one in claimed], [one.seqs for one in claimed]


def _spans(spans: Numbers) -> tuple[list[int], list[int]]:
    return [first for first, _ in spans], [last for _, last in spans]
