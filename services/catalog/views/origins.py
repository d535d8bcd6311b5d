"""Where products come from."""

from shared.contracts.catalog.origins import GetOrigins, Origin, Origins
from shared.db import Tx
from shared.runtime.envelope import Received


async def get_origins(query: Received[GetOrigins], tx: Tx) -> Origins:
    """By SKU."""
    rows = await tx.fetch(
        """
        SELECT p.sku, p.submission_id, p.craft, s.submitted_at, p.approved_at
        FROM product p
        JOIN submission s USING (submission_id)
        WHERE p.sku = ANY ($1::text[])
        ORDER BY p.sku
        """,
        query.data.skus,
    )
    return Origins(items=[Origin(**row) for row in rows])
