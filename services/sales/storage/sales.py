"""Recorded sales and their stored split."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.feed import Key, Recorded
from services.sales.domain.sales import SoldLine
from services.sales.domain.units import piece_of
from shared.contracts.outlets import SaleReported
from shared.db import Tx
from shared.runtime.envelope import Received


class NewSale(NamedTuple):
    """A line about to be recorded. `version` is 0, or counts on when what was recorded of the line was wrong."""

    sale_id: UUID
    version: int
    report: Received[SaleReported]
    line: SoldLine


async def add_sales(tx: Tx, sales: Iterable[NewSale]) -> dict[UUID, int]:
    """The numbers of those that were not recorded before, by sale id.

    Who records the same line at the same moment waits here, in one order everywhere, and then is left out.
    """
    new = [_new_sale(sale) for sale in sales]
    if not new:
        return {}
    rows = await tx.fetch(
        """
        INSERT INTO sale (sale_id, report_id, sold_at, unit_price, discount, list_price, promo_cost, outlet_bears,
                          till_seq, quantity, line, day, agreed_from, version, outlet, till, receipt, sku, serial,
                          promo_id, exchange, remarks)
        SELECT * FROM unnest($1::new_sale[])
        ORDER BY receipt, line, outlet, till
        ON CONFLICT (receipt, line, outlet, till, version) DO NOTHING
        RETURNING sale_id, no
        """,
        new,
    )
    return {row["sale_id"]: row["no"] for row in rows}


def _new_sale(sale: NewSale) -> tuple[object, ...]:
    data, line = sale.report.data, sale.line
    return (
        sale.sale_id,
        sale.report.id,
        data.sold_at,
        data.unit_price,
        data.discount,
        line.list_price,
        line.promo_cost,
        line.outlet_bears,
        data.till_seq,
        data.quantity,
        data.line,
        line.day,
        line.terms.valid_from,
        sale.version,
        data.outlet,
        data.till,
        data.receipt,
        data.sku,
        piece_of(data.outlet, data.serial),
        data.promo_id,
        data.exchange,
        line.remarks,
    )


async def add_splits(tx: Tx, sales: Iterable[tuple[int, SoldLine]]) -> None:
    """The runs of each sale, by its number."""
    rows = [
        (no, run.net, run.outlet, run.programme, position, run.units, line.parties.makers, run.makers)
        for no, line in sales
        for position, run in enumerate(line.runs)
    ]
    if rows:
        await tx.execute(
            """
            INSERT INTO sale_split (sale, net, outlet, programme, run, units, accounts, shares)
            SELECT sale, net, outlet, programme, run, units, accounts, shares FROM unnest($1::new_split[])
            """,
            rows,
        )


async def get_recorded_sales(tx: Tx, keys: Sequence[Key]) -> dict[Key, list[Recorded]]:
    """What is recorded of these lines, the first version first; the facts in the order of `facts_of_sale`."""
    if not keys:
        return {}
    rows = await tx.fetch(
        """
        SELECT s.receipt, s.line, s.outlet, s.till, s.no, s.version,
               s.sku, s.quantity, s.unit_price, s.discount, s.sold_at, s.serial, s.promo_id
        FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS asked (receipt, line, outlet, till)
        JOIN sale s USING (receipt, line, outlet, till)
        ORDER BY s.version
        """,
        *zip(*keys, strict=True),
    )
    found: dict[Key, list[Recorded]] = {}
    for row in rows:
        key, facts = (row[0], row[1], row[2], row[3]), tuple(row)[6:]
        found.setdefault(key, []).append(Recorded(row["no"], row["version"], facts))
    return found
