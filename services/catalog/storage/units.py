"""Pieces with a serial."""

from collections.abc import Sequence

from services.catalog.domain.units import story_url
from services.catalog.storage import Mark
from shared.contracts.catalog import Unit
from shared.db import Row, Tx


async def claim_unit_numbers(tx: Tx, count: int) -> list[int]:
    """Numbers that nobody gets again, whatever becomes of this transaction."""
    rows = await tx.fetch("SELECT nextval('unit_number') AS number FROM generate_series(1, $1)", count)
    return [row["number"] for row in rows]


async def add_units(tx: Tx, sku: str, serials: Sequence[str], mark: Mark) -> None:
    await tx.execute(
        "INSERT INTO unit (serial, sku, labelled_at, labelled_by) SELECT unnest($1::text[]), $2, $3, $4",
        serials,
        sku,
        mark.at,
        mark.by,
    )


def as_unit(row: Row, public_url: str) -> Unit:
    """A row of `unit`, with the address of its story."""
    return Unit(
        serial=row["serial"],
        sku=row["sku"],
        story_url=story_url(public_url, row["serial"]),
        labelled_at=row["labelled_at"],
    )
