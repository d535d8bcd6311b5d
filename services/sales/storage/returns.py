"""Recorded returns, and the sales that those without a name may come from."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.sales.domain.feed import Facts, Key
from services.sales.domain.returns import ReturnedLine
from shared.contracts.outlets import ReturnReported
from shared.db import Row, Tx
from shared.runtime.envelope import Received

LOOKED_AT = 500


async def add_returns(
    tx: Tx, returns: Iterable[tuple[UUID, Received[ReturnReported], ReturnedLine]]
) -> dict[UUID, int]:
    """The numbers of those that were not recorded before, by return id."""
    columns = list(zip(*[_return_row(*one) for one in returns], strict=True))
    if not columns:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO returned (return_id, report_id, sale, returned_at, net, till_seq, quantity, line, original_line,
                              outlet, till, receipt, original_outlet, original_till, original_receipt, sku, serial,
                              reason, exchange, taken)
        SELECT return_id, report_id, sale, returned_at, net, till_seq, quantity, line, original_line,
               outlet, till, receipt, original_outlet, original_till, original_receipt, sku, serial,
               reason, exchange, taken::int[]
        FROM unnest(
            $1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::bigint[], $7::int[],
            $8::int[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
            $16::text[], $17::text[], $18::text[], $19::text[], $20::text[]
        ) AS report (return_id, report_id, sale, returned_at, net, till_seq, quantity, line, original_line,
                     outlet, till, receipt, original_outlet, original_till, original_receipt, sku, serial,
                     reason, exchange, taken)
        ORDER BY receipt, line, outlet, till
        ON CONFLICT (receipt, line, outlet, till) DO NOTHING
        RETURNING return_id, no
        """,
        *columns,
    )
    return {row["return_id"]: row["no"] for row in rows}


def _return_row(return_id: UUID, report: Received[ReturnReported], line: ReturnedLine) -> tuple[object, ...]:
    data = report.data
    return (
        return_id,
        report.id,
        line.back.original.no,
        data.returned_at,
        line.back.totals.net,
        data.till_seq,
        data.quantity,
        data.line,
        data.original_line,
        data.outlet,
        data.till,
        data.receipt,
        data.original_outlet,
        data.original_till,
        data.original_receipt,
        data.sku,
        data.serial,
        data.reason,
        data.exchange,
        "{" + ",".join([str(units) for units in line.back.taken]) + "}",
    )


async def get_facts_of_returns(tx: Tx, keys: Sequence[Key]) -> dict[Key, Facts]:
    """What is recorded of these lines, in the order of `facts_of_return`."""
    rows = await tx.fetch(
        """
        SELECT r.receipt, r.line, r.outlet, r.till,
               r.sku, r.quantity, r.returned_at, r.original_receipt, r.original_line,
               r.original_outlet, r.original_till, r.serial
        FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS asked (receipt, line, outlet, till)
        JOIN returned r USING (receipt, line, outlet, till)
        """,
        *zip(*keys, strict=True),
    )
    return {(row[0], row[1], row[2], row[3]): tuple(row)[4:] for row in rows}


async def list_candidates(tx: Tx, reports: Sequence[ReturnReported]) -> list[list[Row]]:
    """For each report up to 5 sales that it may belong to: of its own outlet first, the last sold first.

    Only the last LOOKED_AT sales of the SKU are looked at: what sells well has a history that never ends.
    """
    if not reports:
        return []
    rows = await tx.fetch(
        """
        SELECT asked.position, c.*
        FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY
             AS asked (outlet, sku, returned_at, position)
        CROSS JOIN LATERAL (
            SELECT s.no, s.sale_id, s.outlet, s.till, s.receipt, s.line, s.sold_at, s.unit_price, p.left
            FROM (
                SELECT * FROM sale
                WHERE sale.sku = asked.sku AND sale.sold_at <= asked.returned_at
                ORDER BY sale.sold_at DESC
                LIMIT $4
            ) s
            CROSS JOIN LATERAL (
                SELECT sum(units - taken_back)::int AS left FROM sale_split WHERE sale = s.no
            ) p
            WHERE p.left > 0
            ORDER BY (s.outlet = asked.outlet) DESC, s.sold_at DESC, s.no DESC
            LIMIT 5
        ) c
        ORDER BY asked.position, (c.outlet = asked.outlet) DESC, c.sold_at DESC, c.no DESC
        """,
        [report.outlet for report in reports],
        [report.sku for report in reports],
        [report.returned_at for report in reports],
        LOOKED_AT,
    )
    found: list[list[Row]] = [[] for _ in reports]
    for row in rows:
        found[row["position"] - 1].append(row)
    return found
