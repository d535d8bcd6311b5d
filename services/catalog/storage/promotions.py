"""Promotions: what is reduced, when, and who pays for it."""

from datetime import datetime
from typing import Any

from services.catalog.domain.promotions import end_of, state_at
from services.catalog.storage import Mark
from shared.contracts.catalog import FundedBy, Promotion, PromotionTerms
from shared.db import Row, Tx


async def add_promotion(tx: Tx, terms: PromotionTerms, mark: Mark) -> bool:
    """False when there is a promotion of this id."""
    paid = terms.funded_by if isinstance(terms.funded_by, FundedBy) else None
    added = await tx.fetchval(
        """
        INSERT INTO promotion (promo_id, title, discount_bps, outlet_bps, programme_bps, makers_bps,
                               skus, crafts, outlets, valid_from, valid_to, scheduled_at, scheduled_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (promo_id) DO NOTHING
        RETURNING true
        """,
        terms.promo_id,
        terms.title,
        terms.discount_bps,
        paid and paid.outlet_bps,
        paid and paid.programme_bps,
        paid and paid.makers_bps,
        terms.skus,
        terms.crafts,
        terms.outlets,
        terms.valid_from,
        terms.valid_to,
        mark.at,
        mark.by,
    )
    return bool(added)


async def lock_promotion(tx: Tx, promo_id: str, moment: datetime) -> Promotion | None:
    """As it is at `moment`."""
    row = await tx.fetchrow("SELECT * FROM promotion WHERE promo_id = $1 FOR UPDATE", promo_id)
    return as_promotion(row, moment) if row else None


async def mark_ended(tx: Tx, promo_id: str, ends_at: datetime, mark: Mark) -> None:
    await tx.execute(
        "UPDATE promotion SET ends_at = $2, ended_at = $3, ended_by = $4 WHERE promo_id = $1",
        promo_id,
        ends_at,
        mark.at,
        mark.by,
    )


async def get_promotion(tx: Tx, promo_id: str, moment: datetime) -> Promotion | None:
    """As it is at `moment`."""
    row = await tx.fetchrow("SELECT * FROM promotion WHERE promo_id = $1", promo_id)
    return as_promotion(row, moment) if row else None


def as_promotion(row: Row, moment: datetime) -> Promotion:
    """A row of `promotion`, with the state that it has at `moment`."""
    shares: dict[str, Any] = {name: row[name] for name in FundedBy.model_fields}
    paid = "everyone" if shares["outlet_bps"] is None else shares
    state = state_at(row["valid_from"], end_of(row["valid_to"], row["ends_at"]), moment)
    return Promotion.model_validate(dict(row) | {"funded_by": paid, "state": state})
