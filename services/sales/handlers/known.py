"""Keeps what other services tell of makers, products, prices, promotions and labels."""

from services.sales.domain.units import LABELLED, Unit
from services.sales.storage import outlets, promotions, units
from services.sales.storage import products as storage
from shared.contracts.catalog import PriceChanged, ProductApproved, PromotionEnded, PromotionScheduled, UnitsLabelled
from shared.contracts.message import Event
from shared.contracts.training import MakerMoved, MakerRegistered
from shared.db import Tx
from shared.errors import Conflict, NotYet
from shared.runtime import parked
from shared.runtime.envelope import Received
from shared.runtime.handler import one_at_a_time


@one_at_a_time
async def know_maker(event: Received[MakerRegistered], tx: Tx) -> list[Event]:
    """A maker can be owed from now on."""
    maker = event.data
    await outlets.open_accounts(tx, ["maker-payable"], str(maker.maker_id))
    await storage.add_maker(tx, maker.maker_id)
    await storage.add_home(tx, maker, event.envelope.time)
    return []


@one_at_a_time
async def move_maker(event: Received[MakerMoved], tx: Tx) -> list[Event]:
    """What she earns from that day on counts for her new rusun."""
    if not await storage.get_known_makers(tx, [event.data.maker_id]):
        raise NotYet("maker_unknown", f"maker {event.data.maker_id} is not known")
    await storage.add_home(tx, event.data, event.envelope.time)
    return []


@one_at_a_time
async def list_product(event: Received[ProductApproved], tx: Tx) -> list[Event]:
    """A product can be delivered and sold from now on."""
    product = event.data
    makers = {maker.maker_id for maker in product.makers}
    unknown = makers - await storage.get_known_makers(tx, list(makers))
    if unknown:
        raise NotYet("maker_unknown", f"{product.sku}: {len(unknown)} of its makers are not known")
    if not await storage.add_product(tx, product):
        raise Conflict("sku_taken", f"there is a product {product.sku}")
    await storage.add_product_makers(tx, product.sku, product.makers)
    first = PriceChanged(sku=product.sku, price=product.price, valid_from=product.price_from, floor=product.floor)
    await storage.add_price(tx, first, event.envelope.time)
    return []


@one_at_a_time
async def change_price(event: Received[PriceChanged], tx: Tx) -> list[Event]:
    """What the product should cost from that moment on. What a till charged stays what was charged."""
    if not await storage.get_known_skus(tx, [event.data.sku]):
        raise NotYet("sku_unknown", f"no product {event.data.sku} is approved")
    await storage.add_price(tx, event.data, event.envelope.time)
    return []


@one_at_a_time
async def schedule_promotion(event: Received[PromotionScheduled], tx: Tx) -> list[Event]:
    """Tills may name it. What was recorded before stays as it is."""
    if not await promotions.add_promotion(tx, event.data):
        raise Conflict("promotion_exists", f"there is a promotion {event.data.promo_id}")
    return []


@one_at_a_time
async def end_promotion(event: Received[PromotionEnded], tx: Tx) -> list[Event]:
    """It holds until then, and no longer."""
    if not await promotions.mark_promotion_ended(tx, event.data.promo_id, event.data.ends_at):
        raise NotYet("promotion_unknown", f"no promotion {event.data.promo_id} is scheduled")
    return []


@one_at_a_time
async def know_units(event: Received[UnitsLabelled], tx: Tx) -> list[Event]:
    """Each piece can be delivered and sold by its serial. One that a till spoke of before stays where it was seen."""
    labelled = event.data
    if not await storage.get_known_skus(tx, [labelled.sku]):
        raise NotYet("sku_unknown", f"no product {labelled.sku} is approved")
    at = event.envelope.time
    await units.add_units(tx, [Unit(serial, labelled.sku, LABELLED, None, None, at) for serial in labelled.serials])
    await parked.wake(tx, "serial_unknown", event.now, serials=labelled.serials)
    return []
