"""Promotions are scheduled, and may end earlier than was planned."""

from services.catalog.domain import promotions as domain
from services.catalog.storage import Mark, products
from services.catalog.storage import promotions as storage
from shared.contracts.catalog import EndPromotion, Promotion, PromotionEnded, PromotionScheduled, SchedulePromotion
from shared.contracts.message import Event
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.runtime.envelope import Received


async def schedule_promotion(command: Received[SchedulePromotion], tx: Tx) -> tuple[Promotion, list[Event]]:
    """Tills may give it from its first moment on."""
    wanted = command.data
    domain.check_window(wanted)
    domain.check_skus(await products.list_unknown_skus(tx, wanted.skus))
    if not await storage.add_promotion(tx, wanted, Mark(by=command.actor, at=command.now)):
        raise Conflict("promotion_exists", f"there is a promotion {wanted.promo_id}; its terms are never changed")
    promotion = await storage.get_promotion(tx, wanted.promo_id, command.now)
    assert promotion is not None
    return promotion, [PromotionScheduled.model_validate(wanted.model_dump())]


async def end_promotion(command: Received[EndPromotion], tx: Tx) -> tuple[Promotion, list[Event]]:
    """What was sold before its new end keeps its price."""
    wanted = command.data
    promotion = await storage.lock_promotion(tx, wanted.promo_id, command.now)
    if promotion is None:
        raise NotFound("promotion_unknown", f"no promotion {wanted.promo_id}")
    ends_at = wanted.ends_at or command.now
    domain.check_end(promotion, ends_at, command.now)
    await storage.mark_ended(tx, wanted.promo_id, ends_at, Mark(by=command.actor, at=command.now))
    ended = await storage.get_promotion(tx, wanted.promo_id, command.now)
    assert ended is not None
    return ended, [PromotionEnded(promo_id=wanted.promo_id, ends_at=ends_at)]
