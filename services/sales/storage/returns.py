"""Recorded returns, and the sales that they come back from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from services.sales.domain.feed import Facts, Key
from services.sales.domain.ledger import Parties
from services.sales.domain.returns import Original, OriginalLine, ReturnedLine
from services.sales.domain.split import Run
from shared.contracts.outlets import ReturnReported
from shared.db import Row, Tx
from shared.runtime.envelope import Received


async def lock_originals(tx: Tx, lines: set[OriginalLine]) -> dict[OriginalLine, list[Original]]:
    """The recorded sales of these lines, one for each till that has such a line; their splits are ours to change.

    Locked in one order everywhere, so that two replicas never wait for each other in a circle.
    """
    if not lines:
        return {}
    rows = await tx.fetch(
        """
        SELECT s.no, s.sale_id, s.receipt, s.line, s.outlet, s.till, s.sku,
               o.receivable, o.commission, programme.id AS programme,
               p.units, p.net, p.outlet AS outlet_share, p.programme AS programme_share,
               p.accounts, p.shares, p.returned,
               ARRAY(SELECT m.maker_id FROM unnest(p.accounts) WITH ORDINALITY AS paid (account, position)
                     JOIN maker m USING (account) ORDER BY position) AS makers
        FROM unnest($1::text[], $2::int[], $3::text[]) AS asked (receipt, line, outlet)
        JOIN sale s USING (receipt, line, outlet)
        JOIN sale_split p ON p.sale = s.no
        JOIN outlet o ON o.code = s.outlet
        JOIN account programme ON programme.kind = 'programme-share'
        ORDER BY p.sale, p.run
        FOR UPDATE OF p
        """,
        *zip(*lines, strict=True),
    )
    found: dict[OriginalLine, list[Original]] = defaultdict(list)
    for _, runs in groupby(rows, key=lambda row: row["no"]):
        line, original = _original(list(runs))
        found[line].append(original)
    return found


def _original(rows: Sequence[Row]) -> tuple[OriginalLine, Original]:
    first = rows[0]
    original = Original(
        no=first["no"],
        sale_id=first["sale_id"],
        till=first["till"],
        sku=first["sku"],
        makers=tuple(first["makers"]),
        parties=Parties(first["receivable"], first["commission"], first["programme"], tuple(first["accounts"])),
        runs=tuple([_run(row) for row in rows]),
        returned=[row["returned"] for row in rows],
    )
    return (first["receipt"], first["line"], first["outlet"]), original


def _run(row: Row) -> Run:
    return Run(row["units"], row["net"], row["outlet_share"], row["programme_share"], tuple(row["shares"]))


async def add_returns(
    tx: Tx, returns: Iterable[tuple[UUID, Received[ReturnReported], ReturnedLine]]
) -> dict[UUID, int]:
    """The numbers of those that were not recorded before, by return id."""
    columns = list(zip(*[_return_row(*one) for one in returns], strict=True))
    if not columns:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO returned (return_id, report_id, sale, returned_at, net, quantity, line,
                              original_line, outlet, till, receipt, original_receipt, sku, serial, reason)
        SELECT * FROM unnest(
            $1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::int[], $7::int[],
            $8::int[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[]
        ) AS report (return_id, report_id, sale, returned_at, net, quantity, line,
                     original_line, outlet, till, receipt, original_receipt, sku, serial, reason)
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
        line.original.no,
        data.returned_at,
        line.totals.net,
        data.quantity,
        data.line,
        data.original_line,
        data.outlet,
        data.till,
        data.receipt,
        data.original_receipt,
        data.sku,
        data.serial,
        data.reason,
    )


async def mark_returned(tx: Tx, originals: Iterable[Original]) -> None:
    """Stores how many pieces of each run came back so far. The splits must be locked."""
    runs = [(original.no, run, returned) for original in originals for run, returned in enumerate(original.returned)]
    if runs:
        await tx.execute(
            """
            UPDATE sale_split p SET returned = told.returned
            FROM unnest($1::bigint[], $2::smallint[], $3::int[]) AS told (sale, run, returned)
            WHERE p.sale = told.sale AND p.run = told.run AND p.returned <> told.returned
            """,
            *zip(*runs, strict=True),
        )


async def get_facts_of_returns(tx: Tx, keys: Sequence[Key]) -> dict[Key, Facts]:
    """What is recorded of these lines, in the order of `facts_of_return`."""
    rows = await tx.fetch(
        """
        SELECT r.receipt, r.line, r.outlet, r.till,
               r.sku, r.quantity, r.returned_at, r.original_receipt, r.original_line, r.serial
        FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS asked (receipt, line, outlet, till)
        JOIN returned r USING (receipt, line, outlet, till)
        """,
        *zip(*keys, strict=True),
    )
    return {(row[0], row[1], row[2], row[3]): tuple(row)[4:] for row in rows}


async def list_candidates(tx: Tx, reports: Sequence[ReturnReported]) -> list[list[Row]]:
    """For each report up to 5 sales that it may belong to, the newest recorded first."""
    if not reports:
        return []
    rows = await tx.fetch(
        """
        SELECT asked.position, c.sale_id, c.till, c.receipt, c.line, c.sold_at, c.unit_price, c.left
        FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY
             AS asked (outlet, sku, returned_at, position)
        CROSS JOIN LATERAL (
            SELECT s.no, s.sale_id, s.till, s.receipt, s.line, s.sold_at, s.unit_price, p.left
            FROM sale s
            CROSS JOIN LATERAL (
                SELECT sum(units - returned)::int AS left FROM sale_split WHERE sale = s.no
            ) p
            WHERE s.sku = asked.sku AND s.outlet = asked.outlet AND s.sold_at <= asked.returned_at AND p.left > 0
            ORDER BY s.no DESC
            LIMIT 5
        ) c
        ORDER BY asked.position, c.no DESC
        """,
        [report.outlet for report in reports],
        [report.sku for report in reports],
        [report.returned_at for report in reports],
    )
    found: list[list[Row]] = [[] for _ in reports]
    for row in rows:
        found[row["position"] - 1].append(row)
    return found
