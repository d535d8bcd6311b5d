"""Cooperatives and where they are paid."""

from services.sales.domain.calendar import business_day
from services.sales.storage.settlement import cooperatives as storage
from shared.contracts.sales.paying import Cooperative, Cooperatives, ListCooperatives
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_cooperatives(query: Received[ListCooperatives], tx: Tx) -> Cooperatives:
    """By code, what is said for the latest day first."""
    asked, today = query.data, business_day(query.now)
    rows = await storage.list_said(tx, today, asked.code, decode_number(asked.cursor), asked.limit + 1)
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["no"]) if len(rows) > len(shown) else None
    return Cooperatives(items=[Cooperative(**row) for row in shown], next=following)
