"""Pieces of a product get serials."""

from services.catalog.domain import units as domain
from services.catalog.storage import Mark, products
from services.catalog.storage import units as storage
from shared.contracts.catalog import LabelUnits, Unit, Units, UnitsLabelled
from shared.contracts.message import Event
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received


async def label_units(command: Received[LabelUnits], tx: Tx, public_url: str) -> tuple[Units, list[Event]]:
    """So many new pieces; the labels that are printed carry their serials and the addresses of their stories."""
    wanted = command.data
    if not await products.lock_product(tx, wanted.sku):
        raise NotFound("product_unknown", f"no product {wanted.sku}")
    serials = [domain.serial(number) for number in sorted(await storage.claim_unit_numbers(tx, wanted.count))]
    await storage.add_units(tx, wanted.sku, serials, Mark(by=command.actor, at=command.now))
    made = [
        Unit(serial=serial, sku=wanted.sku, story_url=domain.story_url(public_url, serial), labelled_at=command.now)
        for serial in serials
    ]
    return Units(items=made, next=None), [UnitsLabelled(sku=wanted.sku, serials=serials)]
