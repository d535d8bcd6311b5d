"""Products are paused, offered again, retired; their stories are told."""

from services.catalog.domain import showing as domain
from services.catalog.handlers.selection import refuse_anonymised
from services.catalog.storage import Mark, forgetting, products
from services.catalog.storage import showing as storage
from shared.contracts.catalog import Product, ProductPaused, ProductResumed, ProductRetired
from shared.contracts.catalog.showing import PauseProduct, ResumeProduct, RetireProduct, TellStory
from shared.contracts.message import Event
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received

Steps = Received[PauseProduct] | Received[ResumeProduct] | Received[RetireProduct]


async def pause_product(command: Received[PauseProduct], tx: Tx) -> tuple[Product, list[Event]]:
    """No till is told: what it sells is a fact."""
    return await _take("pause", command, tx), [ProductPaused(sku=command.data.sku, at=command.now)]


async def resume_product(command: Received[ResumeProduct], tx: Tx) -> tuple[Product, list[Event]]:
    return await _take("resumption", command, tx), [ProductResumed(sku=command.data.sku, at=command.now)]


async def retire_product(command: Received[RetireProduct], tx: Tx) -> tuple[Product, list[Event]]:
    """For good. A buyer of one of its pieces still reads its story."""
    return await _take("retirement", command, tx), [ProductRetired(sku=command.data.sku, at=command.now)]


async def tell_story(command: Received[TellStory], tx: Tx) -> tuple[Product, list[Event]]:
    """In place of what was told before. An empty story is none."""
    told = command.data
    await refuse_anonymised(tx, await forgetting.list_makers_of_product(tx, told.sku))
    if not await storage.mark_story(tx, told.sku, told.story_id or None, told.story_en or None):
        raise _unknown(told.sku)
    return await _get(command.data.sku, command, tx), []


async def _take(step: domain.Step, command: Steps, tx: Tx) -> Product:
    sku = command.data.sku
    state = await storage.lock_state(tx, sku)
    if state is None:
        raise _unknown(sku)
    after = domain.take(step, state)
    await storage.mark_state(tx, sku, after)
    await storage.add_state(tx, sku, after, command.data.reason, Mark(by=command.actor, at=command.now))
    return await _get(sku, command, tx)


async def _get(sku: str, command: Steps | Received[TellStory], tx: Tx) -> Product:
    product = await products.get_product(tx, sku, command.now)
    assert product is not None
    return product


def _unknown(sku: str) -> NotFound:
    return NotFound("product_unknown", f"no product {sku}")
