"""Promotions: when one may run, and when it may end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.contracts.catalog import Promotion, PromotionTerms
from shared.errors import Invalid, Rejected

END_GRACE = timedelta(minutes=1)
"""A promotion that is to end "now" has ended by the time it arrives."""


def check_window(terms: PromotionTerms) -> None:
    """Raises Invalid when it would end before it begins."""
    if terms.valid_from >= terms.valid_to:
        fault = {"field": "valid_to", "reason": "must be later than valid_from"}
        raise Invalid("invalid", "valid_to: must be later than valid_from", errors=[fault])


def check_skus(unknown: Sequence[str]) -> None:
    """Raises Rejected, naming them: a slip of the pen would be a promotion of nothing."""
    if unknown:
        raise Rejected("sku_unknown", f"no product {', '.join(unknown)}"[:500])


def check_end(promotion: Promotion, ends_at: datetime, now: datetime) -> None:
    """Raises Rejected for an end that would change what has been sold already, or that is no earlier one."""
    if ends_at < now - END_GRACE:
        raise Rejected("end_in_the_past", "a promotion ends now or later; what was sold keeps its price")
    last = end_of(promotion.valid_to, promotion.ends_at)
    if ends_at >= last:
        raise Rejected("promotion_ends_earlier", f"{promotion.promo_id} ends at {last.isoformat()} already")


def end_of(valid_to: datetime, ends_at: datetime | None) -> datetime:
    """The first moment at which it no longer holds."""
    return min(valid_to, ends_at) if ends_at else valid_to


def state_at(valid_from: datetime, end: datetime, moment: datetime) -> str:
    """`scheduled`, `running` or `ended`."""
    if moment >= end:
        return "ended"
    return "running" if moment >= valid_from else "scheduled"
