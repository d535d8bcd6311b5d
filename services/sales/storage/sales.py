"""Recorded sales and their stored split."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.sales.domain.feed import Facts, Key
from services.sales.domain.sales import SoldLine
from shared.contracts.outlets import SaleReported
from shared.db import Tx, copy_rows
from shared.runtime.envelope import Received

SPLIT = ("sale", "net", "outlet", "programme", "run", "units", "accounts", "shares")


async def add_sales(tx: Tx, sales: Iterable[tuple[UUID, Received[SaleReported], SoldLine]]) -> dict[UUID, int]:
    """The numbers of those that were not recorded before, by sale id.

    Who records the same line at the same moment waits here, in one order everywhere, and then is left out.
    """
    columns = list(zip(*[_sale_row(*sale) for sale in sales], strict=True))
    if not columns:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO sale (sale_id, report_id, sold_at, unit_price, discount, till_seq, quantity, line,
                          day, agreed_from, outlet, till, receipt, sku, serial, promo_id)
        SELECT * FROM unnest(
            $1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[],
            $8::int[], $9::date[], $10::date[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
            $16::text[]
        ) AS report (sale_id, report_id, sold_at, unit_price, discount, till_seq, quantity, line,
                     day, agreed_from, outlet, till, receipt, sku, serial, promo_id)
        ORDER BY receipt, line, outlet, till
        ON CONFLICT (receipt, line, outlet, till) DO NOTHING
        RETURNING sale_id, no
        """,
        *columns,
    )
    return {row["sale_id"]: row["no"] for row in rows}


def _sale_row(sale_id: UUID, report: Received[SaleReported], line: SoldLine) -> tuple[object, ...]:
    data = report.data
    return (
        sale_id,
        report.id,
        data.sold_at,
        data.unit_price,
        data.discount,
        data.till_seq,
        data.quantity,
        data.line,
        line.day,
        line.terms.valid_from,
        data.outlet,
        data.till,
        data.receipt,
        data.sku,
        data.serial,
        data.promo_id,
    )


async def add_splits(tx: Tx, sales: Iterable[tuple[int, SoldLine]]) -> None:
    """The runs of each sale, by its number."""
    rows = [
        (no, run.net, run.outlet, run.programme, position, run.units, line.parties.makers, run.makers)
        for no, line in sales
        for position, run in enumerate(line.runs)
    ]
    await copy_rows(tx, "sale_split", SPLIT, rows)


async def get_facts_of_sales(tx: Tx, keys: Sequence[Key]) -> dict[Key, Facts]:
    """What is recorded of these lines, in the order of `facts_of_sale`."""
    if not keys:
        return {}
    rows = await tx.fetch(
        """
        SELECT s.receipt, s.line, s.outlet, s.till,
               s.sku, s.quantity, s.unit_price, s.discount, s.sold_at, s.serial
        FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS asked (receipt, line, outlet, till)
        JOIN sale s USING (receipt, line, outlet, till)
        """,
        *zip(*keys, strict=True),
    )
    return {(row[0], row[1], row[2], row[3]): tuple(row)[4:] for row in rows}
