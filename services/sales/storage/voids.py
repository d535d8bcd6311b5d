"""Receipts and lines that were taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.sales.domain.numbers import each
from services.sales.domain.originals import TakenBack
from services.sales.domain.voids import ReceiptKey
from shared.contracts.outlets import VoidReported
from shared.db import Row, Tx
from shared.runtime.envelope import Received


@dataclass(frozen=True, slots=True)
class Voiding:
    """Why lines are taken back, and when. `kind`: receipt, person or overruled; `receipt`: the void's number."""

    kind: str
    at: datetime
    receipt: int | None = None
    by: str | None = None
    reason: str | None = None

    @property
    def was_none(self) -> bool:
        """A till voids what it has sold; a person says that nothing was sold: the pieces never left the shelf."""
        return self.kind != "receipt"


class VoidedLine(NamedTuple):
    """A line that is taken back, and by what."""

    back: TakenBack
    voiding: Voiding


async def get_voided_receipts(tx: Tx, keys: Sequence[ReceiptKey]) -> dict[ReceiptKey, datetime]:
    """When these receipts were voided, as it is recorded."""
    rows = await tx.fetch(
        """
        SELECT v.receipt, v.outlet, v.till, v.voided_at
        FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (receipt, outlet, till)
        JOIN receipt_void v USING (receipt, outlet, till)
        """,
        *zip(*keys, strict=True),
    )
    return {(row[0], row[1], row[2]): row["voided_at"] for row in rows}


async def add_voided_receipts(tx: Tx, reports: Sequence[Received[VoidReported]]) -> dict[ReceiptKey, int]:
    """The numbers of those that were not recorded before."""
    if not reports:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO receipt_void (report_id, voided_at, till_seq, outlet, till, receipt)
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::text[], $5::text[], $6::text[])
            AS report (report_id, voided_at, till_seq, outlet, till, receipt)
        ORDER BY receipt, outlet, till
        ON CONFLICT (receipt, outlet, till) DO NOTHING
        RETURNING receipt, outlet, till, no
        """,
        [report.id for report in reports],
        [report.data.voided_at for report in reports],
        [report.data.till_seq for report in reports],
        [report.data.outlet for report in reports],
        [report.data.till for report in reports],
        [report.data.receipt for report in reports],
    )
    return {(row["receipt"], row["outlet"], row["till"]): row["no"] for row in rows}


async def add_voided_lines(tx: Tx, lines: Sequence[VoidedLine]) -> dict[int, int]:
    """The numbers of these facts, by the number of the sale, of those that were not voided before."""
    columns = list(zip(*[_row(line) for line in lines], strict=True))
    if not columns:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO sale_void (sale, receipt, voided_at, back_at, net, quantity, kind, outlet, sku, by, reason)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::bigint[],
                             $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
            AS line (sale, receipt, voided_at, back_at, net, quantity, kind, outlet, sku, by, reason)
        ORDER BY sale
        ON CONFLICT (sale) DO NOTHING
        RETURNING sale, no
        """,
        *columns,
    )
    return {row["sale"]: row["no"] for row in rows}


def _row(line: VoidedLine) -> tuple[object, ...]:
    back, voiding = line
    return (
        back.original.no,
        voiding.receipt,
        voiding.at,
        back.original.sold_at if voiding.was_none else None,
        back.totals.net,
        back.quantity,
        voiding.kind,
        back.original.outlet,
        back.original.sku,
        voiding.by,
        voiding.reason,
    )


async def get_void_of_line(tx: Tx, sale: int) -> Row | None:
    """`kind, voided_at, net`, when this line is taken back."""
    return await tx.fetchrow("SELECT kind, voided_at, net FROM sale_void WHERE sale = $1", sale)


async def list_late_lines(tx: Tx, spans: Sequence[tuple[int, int]]) -> list[Row]:
    """`sale, receipt, voided_at` of lines that belong to a voided receipt and are not taken back.

    `spans`: of numbers that were just recorded; either the line or the void is among them. They are asked for one by
    one: to the planner a range that a join brings is a ninth of the table, which it then reads whole.
    """
    return await tx.fetch(
        """
        SELECT s.no AS sale, v.no AS receipt, v.voided_at
        FROM sale s
        JOIN receipt_void v ON (v.receipt, v.outlet, v.till) = (s.receipt, s.outlet, s.till)
        WHERE s.no = ANY ($1::bigint[]) AND s.sold_at <= v.voided_at
          AND NOT EXISTS (SELECT FROM sale_void done WHERE done.sale = s.no)
        UNION
        SELECT s.no, v.no, v.voided_at
        FROM receipt_void v
        JOIN sale s ON (s.receipt, s.outlet, s.till) = (v.receipt, v.outlet, v.till)
        WHERE v.no = ANY ($1::bigint[]) AND s.sold_at <= v.voided_at
          AND NOT EXISTS (SELECT FROM sale_void done WHERE done.sale = s.no)
        """,
        each(spans),
    )
