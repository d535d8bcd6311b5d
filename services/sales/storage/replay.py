"""What only the replay of the event log asks and stores: all else it does with the statements of the handlers."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from services.sales.domain.stock import Shelf
from services.sales.domain.voids import ReceiptKey
from shared.contracts.sales.goods import StockCounted
from shared.contracts.sales.paying import ListedItem
from shared.db import Tx

KNOWN: Mapping[str, str] = {
    "outlet": "SELECT code FROM outlet WHERE code = ANY ($1::text[])",
    "maker": "SELECT maker_id::text FROM maker WHERE maker_id = ANY ($1::text[]::uuid[])",
    "product": "SELECT sku FROM product WHERE sku = ANY ($1::text[])",
    "unit": "SELECT serial FROM unit WHERE serial = ANY ($1::text[])",
    "sale": "SELECT sale_id::text FROM sale WHERE sale_id = ANY ($1::text[]::uuid[])",
    "return": "SELECT return_id::text FROM returned WHERE return_id = ANY ($1::text[]::uuid[])",
    "void": """
        SELECT name FROM unnest($1::text[]) AS asked (name)
        JOIN receipt_void v ON v.receipt = regexp_replace(name, '^[^/]*/[^/]*/', '')
             AND v.outlet = split_part(name, '/', 1) AND v.till = split_part(name, '/', 2)
    """,
    "line taken back": """
        SELECT s.sale_id::text FROM sale s JOIN sale_void v ON v.sale = s.no
        WHERE s.sale_id = ANY ($1::text[]::uuid[])
    """,
    "return taken back": """
        SELECT r.return_id::text FROM returned r JOIN return_void u ON u.returned = r.no
        WHERE r.return_id = ANY ($1::text[]::uuid[])
    """,
    "delivery": "SELECT delivery_id::text FROM delivery WHERE delivery_id = ANY ($1::text[]::uuid[])",
    "claim": "SELECT claim_id::text FROM claim WHERE claim_id = ANY ($1::text[]::uuid[])",
    "count": "SELECT count_id::text FROM stock_count WHERE count_id = ANY ($1::text[]::uuid[])",
    "reservation": "SELECT reservation_id::text FROM reservation WHERE reservation_id = ANY ($1::text[]::uuid[])",
    "payout": "SELECT payout_id::text FROM payout WHERE payout_id = ANY ($1::text[]::uuid[])",
    "remittance": "SELECT remittance_id::text FROM remittance WHERE remittance_id = ANY ($1::text[]::uuid[])",
    "loan": "SELECT loan_id::text FROM loan WHERE loan_id = ANY ($1::text[]::uuid[])",
    "write-off": "SELECT write_off_id::text FROM write_off WHERE write_off_id = ANY ($1::text[]::uuid[])",
}
"""What an event may speak of, and which of these names are known."""


async def list_known(tx: Tx, kind: str, names: Collection[str]) -> set[str]:
    """Those of the names that something of this kind has."""
    return {row[0] for row in await tx.fetch(KNOWN[kind], list(names))}


async def add_lookup(tx: Tx) -> None:
    """Events name sales and returns by their ids. Nobody else does so often enough for an index."""
    await tx.execute("CREATE INDEX IF NOT EXISTS sale_for_replay ON sale (sale_id)")
    await tx.execute("CREATE INDEX IF NOT EXISTS returned_for_replay ON returned (return_id)")


async def drop_lookup(tx: Tx) -> None:
    await tx.execute("DROP INDEX IF EXISTS sale_for_replay")
    await tx.execute("DROP INDEX IF EXISTS returned_for_replay")


async def get_sale_numbers(tx: Tx, sale_ids: Collection[UUID]) -> dict[UUID, int]:
    rows = await tx.fetch("SELECT sale_id, no FROM sale WHERE sale_id = ANY ($1::uuid[])", list(sale_ids))
    return {row["sale_id"]: row["no"] for row in rows}


async def get_accounts(tx: Tx, owners: Collection[str]) -> dict[tuple[str, str], int]:
    """All accounts of these owners, by kind and owner."""
    rows = await tx.fetch("SELECT kind, owner, id FROM account WHERE owner = ANY ($1::text[])", list(owners))
    return {(row["kind"], row["owner"]): row["id"] for row in rows}


async def get_void_numbers(tx: Tx, keys: Collection[ReceiptKey]) -> dict[ReceiptKey, int]:
    """The numbers of the voids of these receipts."""
    if not keys:
        return {}
    rows = await tx.fetch(
        """
        SELECT v.receipt, v.outlet, v.till, v.no
        FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (receipt, outlet, till)
        JOIN receipt_void v USING (receipt, outlet, till)
        """,
        *zip(*keys, strict=True),
    )
    return {(row[0], row[1], row[2]): row["no"] for row in rows}


async def mark_note_number(tx: Tx, year: int, count: int) -> None:
    """The next delivery note of the year has a higher number."""
    await tx.execute(
        """
        INSERT INTO delivery_note (year, last) VALUES ($1, $2)
        ON CONFLICT (year) DO UPDATE SET last = greatest(delivery_note.last, excluded.last)
        """,
        year,
        count,
    )


async def add_counted_lines(tx: Tx, no: int, counted: StockCounted) -> None:
    """With what was expected when it was counted."""
    await tx.execute(
        """
        INSERT INTO stock_count_line (count, counted, expected, position, sku)
        SELECT $1, counted, expected, position, sku
        FROM unnest($2::int[], $3::bigint[], $4::text[]) WITH ORDINALITY AS line (counted, expected, sku, position)
        """,
        no,
        [line.counted for line in counted.lines],
        [line.expected for line in counted.lines],
        [line.sku for line in counted.lines],
    )


async def move_reserved(tx: Tx, shelf: Shelf, quantity: int) -> None:
    """So many more pieces are held; below 0: fewer."""
    await tx.execute(
        """
        INSERT INTO stock AS s (outlet, sku, balance, reserved) VALUES ($1, $2, 0, greatest($3, 0))
        ON CONFLICT (outlet, sku) DO UPDATE SET reserved = s.reserved + $3
        """,
        *shelf,
        quantity,
    )


async def add_items(tx: Tx, batch: int, items: Sequence[ListedItem]) -> None:
    """What the lines of a batch are made of, by the numbers that it has here."""
    await tx.execute(
        """
        INSERT INTO payout_item (cause, payout, amount, account, earned)
        SELECT CASE told.kind WHEN 'sale' THEN s.no WHEN 'void' THEN v.no WHEN 'return' THEN r.no ELSE u.no END,
               $1, told.amount, m.account, told.earned
        FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::boolean[])
             AS told (maker_id, kind, id, amount, earned)
        JOIN maker m USING (maker_id)
        LEFT JOIN sale s ON s.sale_id = told.id AND told.kind IN ('sale', 'void')
        LEFT JOIN sale_void v ON v.sale = s.no
        LEFT JOIN returned r ON r.return_id = told.id AND told.kind IN ('return', 'return-void')
        LEFT JOIN return_void u ON u.returned = r.no
        """,
        batch,
        [item.maker_id for item in items],
        [item.kind for item in items],
        [item.id for item in items],
        [item.amount for item in items],
        [item.earned for item in items],
    )


async def has_tables(tx: Tx) -> bool:
    return bool(await tx.fetchval("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())"))
