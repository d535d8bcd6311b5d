"""Promotions, and where they stand now."""

from services.catalog.storage import promotions as storage
from shared.contracts.catalog import GetPromotion, ListPromotions, Promotion, Promotions
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received
from shared.runtime.paging import decode_number, encode_cursor


async def list_promotions(query: Received[ListPromotions], tx: Tx) -> Promotions:
    """The newest first."""
    asked = query.data
    rows = await tx.fetch(
        """
        SELECT * FROM promotion
        WHERE ($1::timestamptz IS NULL OR valid_from <= $1 AND $1 < least(valid_to, ends_at))
          AND ($2::bigint IS NULL OR seq < $2)
        ORDER BY seq DESC
        LIMIT $3
        """,
        asked.valid_at,
        decode_number(asked.cursor),
        asked.limit + 1,
    )
    shown = rows[: asked.limit]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > len(shown) else None
    return Promotions(items=[storage.as_promotion(row, query.now) for row in shown], next=following)


async def get_promotion(query: Received[GetPromotion], tx: Tx) -> Promotion:
    """With its state of now."""
    promotion = await storage.get_promotion(tx, query.data.promo_id, query.now)
    if promotion is None:
        raise NotFound("promotion_unknown", f"no promotion {query.data.promo_id}")
    return promotion
