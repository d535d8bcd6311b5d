"""Returns that are taken back, and what may stand in their way."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.sales.domain.undone import Returned, Undone
from services.sales.domain.voids import ReceiptKey
from shared.db import Row, Tx


async def list_returned(tx: Tx, receipts: Collection[ReceiptKey]) -> dict[ReceiptKey, list[Returned]]:
    """What is recorded as brought back on these receipts, and stands."""
    if not receipts:
        return {}
    rows = await tx.fetch(
        """
        SELECT r.no, r.return_id, r.sale, r.returned_at, r.quantity, r.outlet, r.till, r.receipt, r.line, r.taken
        FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (receipt, outlet, till)
        JOIN returned r USING (receipt, outlet, till)
        WHERE NOT EXISTS (SELECT FROM return_void u WHERE u.returned = r.no)
        ORDER BY r.no
        """,
        *zip(*receipts, strict=True),
    )
    found: dict[ReceiptKey, list[Returned]] = {}
    for row in rows:
        found.setdefault((row["receipt"], row["outlet"], row["till"]), []).append(returned_of(row))
    return found


async def get_voids(tx: Tx, receipts: Collection[ReceiptKey]) -> dict[ReceiptKey, tuple[int, datetime]]:
    """The void of each of these receipts that has one: its number, and when."""
    rows = await tx.fetch(
        """
        SELECT v.receipt, v.outlet, v.till, v.no, v.voided_at
        FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (receipt, outlet, till)
        JOIN receipt_void v USING (receipt, outlet, till)
        """,
        *zip(*receipts, strict=True),
    )
    return {(row[0], row[1], row[2]): (row["no"], row["voided_at"]) for row in rows}


async def get_returned(tx: Tx, return_ids: Collection[UUID]) -> dict[UUID, Returned]:
    """For who projects events, which name them by their ids."""
    rows = await tx.fetch(
        """
        SELECT no, return_id, sale, returned_at, quantity, outlet, till, receipt, line, taken FROM returned
        WHERE return_id = ANY ($1::uuid[])
        """,
        list(return_ids),
    )
    return {row["return_id"]: returned_of(row) for row in rows}


def returned_of(row: Row) -> Returned:
    return Returned(**{**row, "taken": tuple(row["taken"]) if row["taken"] else None})


async def list_resold(tx: Tx, pieces: Collection[str], leave_out: Collection[int]) -> dict[str, set[int]]:
    """By piece the sales of which no buyer has brought it back, besides those that are left out."""
    if not pieces:
        return {}
    rows = await tx.fetch(
        """
        SELECT s.serial, array_agg(s.no) AS sales
        FROM sale s JOIN sale_split p ON p.sale = s.no
        WHERE s.serial = ANY ($1::text[]) AND s.no <> ALL ($2::bigint[]) AND p.taken_back < p.units
        GROUP BY s.serial
        """,
        list(pieces),
        list(leave_out),
    )
    return {row["serial"]: set(row["sales"]) for row in rows}


async def add_undone(tx: Tx, undone: Sequence[Undone]) -> dict[int, int]:
    """The numbers of these facts by the number of the return, of those that stood until now."""
    columns = list(zip(*[_row(one) for one in undone], strict=True))
    if not columns:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO return_void (returned, sale, receipt, voided_at, net, quantity, outlet, sku, taken)
        SELECT returned, sale, receipt, voided_at, net, quantity, outlet, sku, taken::int[]
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::int[], $7::text[],
                    $8::text[], $9::text[])
            AS one (returned, sale, receipt, voided_at, net, quantity, outlet, sku, taken)
        ORDER BY returned
        ON CONFLICT (returned) DO NOTHING
        RETURNING returned, no
        """,
        *columns,
    )
    return {row["returned"]: row["no"] for row in rows}


def _row(one: Undone) -> tuple[object, ...]:
    again = one.again
    return (
        one.returned.no,
        one.returned.sale,
        one.receipt,
        one.at,
        again.totals.net,
        again.quantity,
        one.returned.outlet,
        again.original.sku,
        "{" + ",".join([str(units) for units in again.taken]) + "}",
    )


async def list_too_many(tx: Tx, lines: Collection[tuple[str, int, str]]) -> set[str]:
    """The subjects of returns that were refused because nothing was left of these lines (receipt, line, outlet)."""
    if not lines:
        return set()
    rows = await tx.fetch(
        """
        SELECT DISTINCT p.subject
        FROM unnest($1::text[], $2::int[], $3::text[]) AS asked (receipt, line, outlet)
        JOIN parked p ON p.envelope -> 'data' ->> 'original_receipt' = asked.receipt
             AND p.envelope -> 'data' ->> 'original_line' = asked.line::text
             AND coalesce(p.envelope -> 'data' ->> 'original_outlet', p.envelope -> 'data' ->> 'outlet') = asked.outlet
        WHERE p.code = 'more_than_sold' AND p.state IN ('waiting', 'person')
        """,
        *zip(*lines, strict=True),
    )
    return {row["subject"] for row in rows}
