"""Rusun, and who lived where when."""

from services.training.storage import homes as storage
from services.training.views.people import find_maker
from shared.contracts.training import Rusun
from shared.contracts.training.people import Home, Homes, ListHomes, ListRusun, RusunList
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_cursor, encode_cursor


async def list_homes(query: Received[ListHomes], tx: Tx) -> Homes:
    """Raises NotFound."""
    maker_id = query.data.maker_id
    await find_maker(tx, maker_id)
    rows = await storage.list_homes(tx, maker_id)
    return Homes(maker_id=maker_id, items=[Home(**row) for row in rows])


async def list_rusun(query: Received[ListRusun], tx: Tx) -> RusunList:
    """By code, each with its cooperative."""
    after, limit = decode_cursor(query.data.cursor, 1), query.data.limit
    rows = await tx.fetch(
        """
        SELECT r.code, r.name, r.cooperative, c.name AS cooperative_name
        FROM rusun r
        JOIN cooperative c ON c.code = r.cooperative
        WHERE $1::text IS NULL OR r.code > $1
        ORDER BY r.code
        LIMIT $2
        """,
        after[0] if after else None,
        limit + 1,
    )
    items = [Rusun(**row) for row in rows[:limit]]
    return RusunList(items=items, next=encode_cursor(items[-1].code) if len(rows) > limit else None)
