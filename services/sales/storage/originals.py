"""Recorded sales with their stored split, locked by who takes pieces of them back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from uuid import UUID

from services.sales.domain.ledger import Parties
from services.sales.domain.originals import Original
from services.sales.domain.returns import SoldAs
from services.sales.domain.split import Run
from services.sales.domain.voids import ReceiptKey
from shared.db import Row, Tx


async def list_lines(tx: Tx, lines: Collection[SoldAs]) -> dict[SoldAs, list[int]]:
    """The numbers of the sales that these lines may mean: one for each till that has such a line, as it counts now."""
    if not lines:
        return {}
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (s.receipt, s.line, s.outlet, s.till) s.receipt, s.line, s.outlet, s.no
        FROM unnest($1::text[], $2::int[], $3::text[]) AS asked (receipt, line, outlet)
        JOIN sale s USING (receipt, line, outlet)
        ORDER BY s.receipt, s.line, s.outlet, s.till, s.version DESC
        """,
        *zip(*lines, strict=True),
    )
    found: dict[SoldAs, list[int]] = defaultdict(list)
    for row in rows:
        found[row["receipt"], row["line"], row["outlet"]].append(row["no"])
    return found


async def list_receipts(tx: Tx, receipts: Collection[ReceiptKey]) -> dict[ReceiptKey, list[int]]:
    """The numbers of all lines of these receipts."""
    if not receipts:
        return {}
    rows = await tx.fetch(
        """
        SELECT s.receipt, s.outlet, s.till, s.no
        FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (receipt, outlet, till)
        JOIN sale s USING (receipt, outlet, till)
        """,
        *zip(*receipts, strict=True),
    )
    found: dict[ReceiptKey, list[int]] = defaultdict(list)
    for row in rows:
        found[row["receipt"], row["outlet"], row["till"]].append(row["no"])
    return found


async def get_sale_number(tx: Tx, sale_id: UUID) -> int | None:
    """People ask for one sale now and then; an index for that would cost every sale."""
    number: int | None = await tx.fetchval("SELECT no FROM sale WHERE sale_id = $1", sale_id)
    return number


async def lock_originals(tx: Tx, numbers: Collection[int]) -> dict[int, Original]:
    """These sales; their splits are ours to change.

    Locked in one order everywhere, so that two replicas never wait for each other in a circle.
    """
    if not numbers:
        return {}
    rows = await tx.fetch(
        """
        SELECT s.no, s.sale_id, s.outlet, s.till, s.receipt, s.line, s.sku, s.serial, s.sold_at,
               EXISTS (SELECT FROM sale_void v WHERE v.sale = s.no) AS voided,
               o.receivable, o.commission, programme.id AS programme,
               p.units, p.net, p.outlet AS outlet_share, p.programme AS programme_share,
               p.accounts, p.shares, p.taken_back,
               ARRAY(SELECT m.maker_id FROM unnest(p.accounts) WITH ORDINALITY AS paid (account, position)
                     JOIN maker m USING (account) ORDER BY position) AS makers
        FROM sale s
        JOIN sale_split p ON p.sale = s.no
        JOIN outlet o ON o.code = s.outlet
        JOIN account programme ON programme.kind = 'programme-share'
        WHERE s.no = ANY ($1::bigint[])
        ORDER BY p.sale, p.run
        FOR UPDATE OF p
        """,
        list(numbers),
    )
    return {no: _original(list(runs)) for no, runs in groupby(rows, key=lambda row: row["no"])}


def _original(rows: Sequence[Row]) -> Original:
    first = rows[0]
    return Original(
        no=first["no"],
        sale_id=first["sale_id"],
        outlet=first["outlet"],
        till=first["till"],
        receipt=first["receipt"],
        line=first["line"],
        sku=first["sku"],
        serial=first["serial"],
        sold_at=first["sold_at"],
        voided=first["voided"],
        makers=tuple(first["makers"]),
        parties=Parties(first["receivable"], first["commission"], first["programme"], tuple(first["accounts"])),
        runs=tuple([run_of(row) for row in rows]),
        taken_back=[row["taken_back"] for row in rows],
    )


def run_of(row: Row) -> Run:
    """Equal pieces of a sale, from its stored split."""
    return Run(row["units"], row["net"], row["outlet_share"], row["programme_share"], tuple(row["shares"]))


async def mark_taken_back(tx: Tx, originals: Iterable[Original]) -> None:
    """Stores how many pieces of each run came back so far. The splits must be locked."""
    runs = [(original.no, run, taken) for original in originals for run, taken in enumerate(original.taken_back)]
    if runs:
        await tx.execute(
            """
            UPDATE sale_split p SET taken_back = told.taken_back
            FROM unnest($1::bigint[], $2::smallint[], $3::int[]) AS told (sale, run, taken_back)
            WHERE p.sale = told.sale AND p.run = told.run AND p.taken_back <> told.taken_back
            """,
            *zip(*runs, strict=True),
        )
