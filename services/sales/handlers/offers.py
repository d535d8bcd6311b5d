"""Keeps what the catalog offers: no more goes out of what it does not. What tills sell is a fact all the same."""

from services.sales.storage import offers, products
from shared.contracts.catalog import ProductPaused, ProductResumed, ProductRetired
from shared.contracts.message import Event
from shared.db import Tx
from shared.errors import NotYet
from shared.runtime.envelope import Received
from shared.runtime.handler import one_at_a_time


@one_at_a_time
async def pause_product(event: Received[ProductPaused], tx: Tx) -> list[Event]:
    """Until it is resumed."""
    return await _mark(event, tx, offered=False)


@one_at_a_time
async def resume_product(event: Received[ProductResumed], tx: Tx) -> list[Event]:
    return await _mark(event, tx, offered=True)


@one_at_a_time
async def retire_product(event: Received[ProductRetired], tx: Tx) -> list[Event]:
    """For good."""
    return await _mark(event, tx, offered=False)


async def _mark(
    event: Received[ProductPaused] | Received[ProductResumed] | Received[ProductRetired], tx: Tx, *, offered: bool
) -> list[Event]:
    if not await products.get_known_skus(tx, [event.data.sku]):
        raise NotYet("sku_unknown", f"no product {event.data.sku} is approved")
    await offers.mark_offer(tx, event.data.sku, offered, event.data.at)
    return []
