"""Suspicions that a till told one sale twice, and the sales that they name."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.db import Tx


async def list_single(tx: Tx, sale_ids: Collection[UUID]) -> list[UUID]:
    """Open suspicions that name one of these sales, when of the receipts that they name at most one still stands.

    Those of a minute in which there were many name only the first few: a person looks at them.
    """
    if not sale_ids:
        return []
    rows = await tx.fetch(
        """
        SELECT f.finding_id
        FROM finding f
        WHERE f.kind = 'suspected-duplicate' AND f.settled_at IS NULL AND NOT (f.detail ->> 'many')::boolean
          AND f.detail -> 'sale_ids' ?| $1::text[]
          AND (
            SELECT count(DISTINCT s.receipt) FROM jsonb_array_elements_text(f.detail -> 'receipts') AS named (receipt)
            JOIN sale s ON (s.receipt, s.outlet, s.till) = (named.receipt, f.outlet, f.till)
            WHERE f.detail -> 'sale_ids' ? s.sale_id::text
              AND NOT EXISTS (SELECT FROM sale_void v WHERE v.sale = s.no)
          ) < 2
        """,
        [str(sale_id) for sale_id in sale_ids],
    )
    return [row["finding_id"] for row in rows]


async def list_voided(tx: Tx, facts: Sequence[int]) -> list[UUID]:
    """Sales that these facts took back, or that are among them and were taken back."""
    rows = await tx.fetch(
        """
        SELECT s.sale_id FROM sale_void v JOIN sale s ON s.no = v.sale WHERE v.sale = ANY ($1::bigint[])
        UNION
        SELECT s.sale_id FROM sale_void v JOIN sale s ON s.no = v.sale WHERE v.receipt = ANY ($1::bigint[])
        """,
        facts,
    )
    return [row["sale_id"] for row in rows]
