"""Promotions as the catalog told of them."""

from collections.abc import Collection
from datetime import datetime

from services.sales.domain.pricing import Funding, Promotion
from shared.contracts.catalog import FundedBy, PromotionScheduled
from shared.db import Row, Tx


async def add_promotion(tx: Tx, promotion: PromotionScheduled) -> bool:
    """False when there is one of this id."""
    paid = promotion.funded_by if isinstance(promotion.funded_by, FundedBy) else None
    added = await tx.fetchval(
        """
        INSERT INTO promotion (promo_id, discount_bps, funded_outlet, funded_programme, funded_makers,
                               skus, crafts, outlets, valid_from, valid_to)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (promo_id) DO NOTHING
        RETURNING true
        """,
        promotion.promo_id,
        promotion.discount_bps,
        paid and paid.outlet_bps,
        paid and paid.programme_bps,
        paid and paid.makers_bps,
        promotion.skus,
        promotion.crafts,
        promotion.outlets,
        promotion.valid_from,
        promotion.valid_to,
    )
    return bool(added)


async def mark_promotion_ended(tx: Tx, promo_id: str, ends_at: datetime) -> bool:
    """False when there is no such promotion. The earliest end that was told counts, in whatever order they come."""
    done = await tx.fetchval(
        "UPDATE promotion SET ends_at = least(ends_at, $2) WHERE promo_id = $1 RETURNING true", promo_id, ends_at
    )
    return bool(done)


async def get_promotions(tx: Tx, promo_ids: Collection[str]) -> dict[str, Promotion]:
    """Those that exist, by id, each until its true end."""
    if not promo_ids:
        return {}
    rows = await tx.fetch(
        """
        SELECT promo_id, discount_bps, funded_outlet, funded_programme, funded_makers,
               skus, crafts, outlets, valid_from, least(valid_to, ends_at) AS valid_to
        FROM promotion
        WHERE promo_id = ANY ($1::text[])
        """,
        list(promo_ids),
    )
    return {row["promo_id"]: _promotion(row) for row in rows}


def _promotion(row: Row) -> Promotion:
    everyone = row["funded_outlet"] is None
    return Promotion(
        discount_bps=row["discount_bps"],
        funding=None if everyone else Funding(row["funded_outlet"], row["funded_programme"], row["funded_makers"]),
        skus=frozenset(row["skus"]),
        crafts=frozenset(row["crafts"]),
        outlets=frozenset(row["outlets"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )
