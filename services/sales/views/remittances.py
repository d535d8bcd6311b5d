"""Remittances and what each of them settled."""

from services.sales.storage.settlement import remittances as storage
from services.sales.storage.settlement import reversals
from shared.contracts.sales.remittances import (
    GetRemittance,
    ListRemittances,
    Remittances,
    RemittanceWithFacts,
    RemittedFact,
)
from shared.db import Row, Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_remittances(query: Received[ListRemittances], tx: Tx) -> Remittances:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT no FROM remittance
        WHERE ($1::text IS NULL OR outlet = $1) AND ($2::bigint IS NULL OR no < $2)
        ORDER BY no DESC
        LIMIT $3
        """,
        asked.outlet,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    numbers = [row["no"] for row in rows[: asked.limit]]
    following = encode_cursor(numbers[-1]) if len(rows) > len(numbers) else None
    return Remittances(items=await storage.list_heads(tx, numbers), next=following)


async def get_remittance(query: Received[GetRemittance], tx: Tx) -> RemittanceWithFacts:
    """What it settled is in the order in which it was recorded. Raises NotFound."""
    asked = query.data
    found = await storage.get_remittance(tx, asked.remittance_id)
    if found is None:
        raise NotFound("remittance_unknown", f"there is no remittance {asked.remittance_id}")
    (head,) = await storage.list_heads(tx, [found["no"]])
    rows = await _list_facts(tx, found["no"], decode_number(asked.cursor), asked.limit + 1)
    shown = rows[: asked.limit]
    return RemittanceWithFacts(
        **dict(head),
        commission=await reversals.get_commission(tx, found),
        items=[RemittedFact.model_validate(dict(row)) for row in shown],
        next=encode_cursor(shown[-1]["cause"]) if len(rows) > len(shown) else None,
    )


async def _list_facts(tx: Tx, no: int, after: int | None, limit: int) -> list[Row]:
    return await tx.fetch(
        """
        SELECT r.cause, r.due, s.sale_id, s.outlet, s.till, s.receipt, s.line, s.sku,
               CASE WHEN b.no IS NOT NULL THEN 'return' WHEN v.no IS NOT NULL THEN 'void'
                    WHEN u.no IS NOT NULL THEN 'return-void' ELSE 'sale' END AS fact,
               coalesce((coalesce(b.returned_at, v.voided_at, u.voided_at) AT TIME ZONE 'Asia/Jakarta')::date, s.day)
                   AS day
        FROM remitted r
        LEFT JOIN returned b ON b.no = r.cause
        LEFT JOIN sale_void v ON v.no = r.cause
        LEFT JOIN return_void u ON u.no = r.cause
        JOIN sale s ON s.no = coalesce(b.sale, v.sale, u.sale, r.cause)
        WHERE r.remittance = $1 AND ($2::bigint IS NULL OR r.cause > $2)
        ORDER BY r.cause
        LIMIT $3
        """,
        no,
        after,
        limit,
    )
