"""Looks at facts that were just claimed, and at what is recorded beside them.

Facts are asked for by their very numbers (`no = ANY`). To the planner a range of them that a join brings is a ninth of
the table, which it then reads whole.
"""

from collections.abc import Sequence

from services.sales.domain.stock import Shelf
from services.sales.storage.watch import Claimed, numbers_of
from shared.db import Row, Tx

CROWD = 2_000
"""Of so many sales of one product within 10 seconds twins are looked for."""


async def list_reused(tx: Tx, claimed: Sequence[Claimed], facts: Sequence[int]) -> list[Row]:
    """`outlet, till, numbers, again, no`: numbers of the claimed facts that something else has, by till.

    `again`: what was known to come again; `no`: the first of these facts. To be asked before `add_numbers`.
    """
    return await tx.fetch(
        """
        WITH told AS MATERIALIZED (
            SELECT outlet, till, t.again,
                   coalesce(t.seen * c.seqs - int8multirange(int8range(NULL, t.counts_from)), '{}') AS twice
            FROM (
                SELECT outlet, till, range_agg(seqs::int8multirange) AS seqs
                FROM unnest($1::text[], $2::text[], $3::text[]) AS claimed (outlet, till, seqs)
                GROUP BY outlet, till
            ) c
            LEFT JOIN till t USING (outlet, till)
        ), fact AS (
            -- A line that is booked anew because a person said so may keep its number.
            SELECT no, outlet, till, till_seq FROM sale WHERE no = ANY ($4::bigint[]) AND version = 0
            UNION ALL
            SELECT no, outlet, till, till_seq FROM returned WHERE no = ANY ($4::bigint[])
            UNION ALL
            SELECT no, outlet, till, till_seq FROM receipt_void WHERE no = ANY ($4::bigint[])
            UNION ALL
            SELECT no, outlet, till, till_seq FROM till_closing WHERE no = ANY ($4::bigint[])
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
        *numbers_of(claimed),
        facts,
    )


async def list_twins(tx: Tx, facts: Sequence[int], most: int) -> list[Row]:
    """Sales with these numbers that look like another one of the same till; `most` of its twins, the earliest first.

    Sold within 10 seconds on another receipt, the same pieces at the same price and without a serial, neither taken
    back. Two lines of one receipt are two pieces: a cashier enters the second one so. Of lines that are alike the first
    is looked at: else each of the thousands that a till without a clock tells of would be compared with all.
    """
    return await tx.fetch(
        """
        WITH told AS MATERIALIZED (
            -- The moment first: it tells nearly all of them apart, and is compared sooner than a text.
            SELECT DISTINCT ON (sold_at, receipt, outlet, till, sku, quantity, unit_price, discount)
                   no, sale_id, outlet, till, receipt, sku, quantity, unit_price, discount, sold_at
            FROM sale
            WHERE no = ANY ($1::bigint[]) AND serial IS NULL
              AND NOT EXISTS (SELECT FROM sale_void v WHERE v.sale = sale.no)
            ORDER BY sold_at, receipt, outlet, till, sku, quantity, unit_price, discount, no
        )
        SELECT s.sale_id, s.outlet, s.till, s.receipt, s.sku, s.quantity, s.unit_price, s.discount, s.sold_at,
               twin.sale_ids, twin.receipts
        FROM told s
        CROSS JOIN LATERAL (
            SELECT array_agg(sale_id) AS sale_ids, array_agg(receipt) AS receipts
            FROM (
                SELECT o.sale_id, o.receipt
                FROM (
                    SELECT * FROM sale WHERE sale.sku = s.sku
                      AND sale.sold_at BETWEEN s.sold_at - interval '10 s' AND s.sold_at + interval '10 s'
                    ORDER BY sale.sold_at LIMIT $3
                ) o
                WHERE (o.outlet, o.till, o.quantity, o.unit_price, o.discount)
                    = (s.outlet, s.till, s.quantity, s.unit_price, s.discount)
                  AND o.receipt <> s.receipt AND o.serial IS NULL
                  AND (SELECT true FROM sale_void v WHERE v.sale = o.no) IS NULL
                ORDER BY o.sold_at, o.no LIMIT $2
            ) o
        ) twin
        WHERE twin.sale_ids IS NOT NULL ORDER BY s.sold_at, s.no
        """, facts, most, CROWD,
    )  # fmt: skip


async def list_late_shelves(tx: Tx, facts: Sequence[int]) -> list[Shelf]:
    """Shelves of which a fact with these numbers tells something that was so before an approved count of them.

    A line that a void took back is found by the void as well as by the line.
    """
    rows = await tx.fetch(
        """
        WITH fact AS (
            SELECT outlet, sku, sold_at AS at FROM sale WHERE no = ANY ($1::bigint[])
            UNION ALL
            SELECT outlet, sku, returned_at FROM returned WHERE no = ANY ($1::bigint[])
            UNION ALL
            SELECT outlet, sku, voided_at FROM told_void WHERE told = ANY ($1::bigint[])
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
        facts,
    )
    return [(row["outlet"], row["sku"]) for row in rows]


async def list_awaited(tx: Tx, facts: Sequence[int]) -> dict[str, list[str]]:
    """The subjects of returns and voids that wait for one of these facts, by the code that they wait with."""
    rows = await tx.fetch(
        """
        WITH waiting AS MATERIALIZED (
            SELECT code, subject, serial, d ->> 'receipt' AS receipt, d ->> 'outlet' AS outlet, d ->> 'till' AS till,
                   d ->> 'original_receipt' AS original, (d ->> 'original_line')::int AS line,
                   coalesce(d ->> 'original_outlet', d ->> 'outlet') AS sold_at
            FROM parked
            CROSS JOIN LATERAL (SELECT envelope -> 'data' AS d) told
            WHERE code IN ('sale_not_recorded', 'receipt_not_recorded') AND state IN ('waiting', 'person')
        ), recorded AS (
            SELECT receipt, line, outlet, till, serial FROM sale WHERE no = ANY ($1::bigint[])
        ), awaited AS (
            SELECT w.code, w.subject FROM waiting w
            JOIN recorded s ON (s.receipt, s.line, s.outlet) = (w.original, w.line, w.sold_at)
            WHERE w.code = 'sale_not_recorded'
            UNION
            SELECT w.code, w.subject FROM waiting w
            JOIN recorded s ON s.serial IN (w.serial, w.sold_at || '/' || w.serial)
            WHERE w.code = 'sale_not_recorded' AND (w.original IS NULL OR w.line IS NULL) AND s.serial IS NOT NULL
            UNION
            SELECT w.code, w.subject FROM waiting w
            JOIN recorded s USING (receipt, outlet, till)
            WHERE w.code = 'receipt_not_recorded'
            UNION
            SELECT w.code, w.subject FROM waiting w
            JOIN returned r USING (receipt, outlet, till)
            WHERE w.code = 'receipt_not_recorded' AND r.no = ANY ($1::bigint[])
        )
        SELECT code, array_agg(subject) AS subjects FROM awaited GROUP BY code
        """,
        facts,
    )
    return {row["code"]: row["subjects"] for row in rows}
