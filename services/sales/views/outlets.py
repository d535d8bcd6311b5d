"""Outlets and what is agreed with them."""

from shared.contracts.sales import Agreement, ListOutlets, Outlet, Outlets
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor


async def list_outlets(query: Received[ListOutlets], tx: Tx) -> Outlets:
    """By code, each with its agreements, the oldest first."""
    asked = query.data
    after = decode_cursor(asked.cursor, 1)
    rows = await tx.fetch(
        """
        SELECT o.code, o.name, o.place, a.valid_from, a.outlet_bps, a.programme_bps,
               a.hold_days, a.advances, a.remits, a.grace_days
        FROM (
            SELECT code, name, place FROM outlet
            WHERE $1::text IS NULL OR code > $1
            ORDER BY code
            LIMIT $2
        ) o
        LEFT JOIN agreement a ON a.outlet = o.code
        ORDER BY o.code, a.valid_from
        """,
        after[0] if after else None,
        asked.limit + 1,
    )
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["code"], []).append(row)
    shown = [_outlet(agreements) for agreements in list(found.values())[: asked.limit]]
    return Outlets(items=shown, next=encode_cursor(shown[-1].code) if len(found) > asked.limit else None)


def _outlet(rows: list[Row]) -> Outlet:
    first = rows[0]
    agreements = [Agreement.model_validate(dict(row)) for row in rows if row["valid_from"] is not None]
    return Outlet(code=first["code"], name=first["name"], place=first["place"], agreements=agreements)


async def check_outlet(tx: Tx, code: str) -> None:
    """Raises NotFound for an outlet that is not registered."""
    if not await tx.fetchval("SELECT true FROM outlet WHERE code = $1", code):
        raise NotFound("outlet_unknown", f"no outlet {code} is registered")
