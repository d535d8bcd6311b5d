"""Sales that are doubted because their piece is sold already, and what may clear them up."""

from collections.abc import Collection, Mapping
from datetime import datetime

from services.sales.domain.feed import Key
from services.sales.domain.voids import ReceiptKey
from shared.db import Tx

Line = tuple[str, int | None, str, str | None]
"""(receipt, line, outlet, till); no line: all of the receipt, no till: whichever."""


async def lock_receipts(tx: Tx, receipts: Collection[ReceiptKey]) -> None:
    """Until the transaction ends, of who voids these receipts and who doubts a line of them one waits for the other.

    Neither has a row yet that the other could see or lock. In one order, as everywhere.
    """
    if receipts:
        await tx.execute(
            """
            SELECT pg_advisory_xact_lock(key) FROM (
                SELECT DISTINCT hashtextextended(concat_ws('/', outlet, till, receipt), 0) AS key
                FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (receipt, outlet, till)
                ORDER BY key
            ) named
            """,
            *zip(*receipts, strict=True),
        )


async def get_awaited_backs(tx: Tx, sold: Mapping[Key, str]) -> dict[Key, datetime]:
    """When what these lines sold came back: by returns and voids that wait for them, and by voids of their receipts.

    `sold`: each with its piece.
    """
    if not sold:
        return {}
    rows = await tx.fetch(
        """
        WITH asked AS (
            SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[])
                AS asked (receipt, line, outlet, till, serial)
        ), waiting AS (
            SELECT code, serial, d ->> 'original_receipt' AS original, d ->> 'original_line' AS line,
                   coalesce(d ->> 'original_outlet', d ->> 'outlet') AS original_outlet,
                   d ->> 'original_till' AS original_till, (d ->> 'returned_at')::timestamptz AS returned_at,
                   d ->> 'receipt' AS receipt, d ->> 'outlet' AS outlet, d ->> 'till' AS till,
                   (d ->> 'voided_at')::timestamptz AS voided_at
            FROM parked
            CROSS JOIN LATERAL (SELECT envelope -> 'data' AS d) told
            WHERE code IN ('sale_not_recorded', 'receipt_not_recorded') AND state IN ('waiting', 'person')
        ), back AS (
            SELECT asked.*, w.returned_at AS at FROM asked
            JOIN waiting w ON w.code = 'sale_not_recorded' AND CASE WHEN w.original IS NULL OR w.line IS NULL
                THEN asked.serial IN (w.serial, w.original_outlet || '/' || w.serial)
                ELSE (w.original, w.line, w.original_outlet) = (asked.receipt, asked.line::text, asked.outlet)
                     AND coalesce(w.original_till, asked.till) = asked.till END
            UNION ALL
            SELECT asked.*, w.voided_at FROM asked
            JOIN waiting w ON w.code = 'receipt_not_recorded'
                 AND (w.receipt, w.outlet, w.till) = (asked.receipt, asked.outlet, asked.till)
            UNION ALL
            SELECT asked.*, v.voided_at FROM asked
            JOIN receipt_void v USING (receipt, outlet, till)
        )
        SELECT receipt, line, outlet, till, min(at) AS at FROM back GROUP BY receipt, line, outlet, till
        """,
        *zip(*[(*key, serial) for key, serial in sold.items()], strict=True),
    )
    return {(row[0], row[1], row[2], row[3]): row["at"] for row in rows}


async def list_backs(tx: Tx, facts: Collection[int]) -> set[int]:
    """Those of these facts by which a till took a piece back. What a person took back says nothing of the piece."""
    if not facts:
        return set()
    rows = await tx.fetch(
        """
        SELECT no FROM returned WHERE no = ANY ($1::bigint[])
        UNION ALL
        SELECT no FROM sale_void WHERE no = ANY ($1::bigint[]) AND kind = 'receipt'
        """,
        list(facts),
    )
    return {row["no"] for row in rows}


async def list_doubted(tx: Tx, lines: Collection[Line]) -> set[str]:
    """The subjects of the reports of these lines that wait because their piece is sold."""
    if not lines:
        return set()
    rows = await tx.fetch(
        """
        SELECT DISTINCT p.subject
        FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS asked (receipt, line, outlet, till)
        JOIN parked p ON p.envelope -> 'data' ->> 'receipt' = asked.receipt
             AND p.envelope -> 'data' ->> 'outlet' = asked.outlet
             AND coalesce(asked.line::text, p.envelope -> 'data' ->> 'line') = p.envelope -> 'data' ->> 'line'
             AND coalesce(asked.till, p.envelope -> 'data' ->> 'till') = p.envelope -> 'data' ->> 'till'
        WHERE p.code = 'serial_already_sold' AND p.state IN ('waiting', 'person')
        """,
        *zip(*lines, strict=True),
    )
    return {row["subject"] for row in rows}
