"""Approved submissions become products; products get new prices."""

from services.catalog.domain import products as domain
from services.catalog.storage import Mark
from services.catalog.storage import products as storage
from shared.contracts.catalog import (
    DecideSubmission,
    Price,
    PriceChanged,
    Product,
    ProductApproved,
    SetPrice,
    Submission,
)
from shared.contracts.message import Event
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.runtime.envelope import Received


async def set_price(command: Received[SetPrice], tx: Tx) -> tuple[Product, list[Event]]:
    wanted = command.data
    domain.check_price_start(wanted.valid_from, command.now)
    domain.check_floor(wanted.price, wanted.floor)
    if not await storage.lock_product(tx, wanted.sku):
        raise NotFound("product_unknown", f"no product {wanted.sku}")
    price = Price(price=wanted.price, valid_from=wanted.valid_from, floor=wanted.floor)
    if not await storage.add_price(tx, wanted.sku, price, Mark(by=command.actor, at=command.now)):
        raise Conflict("price_already_set", "another price starts at the same moment; prices are never changed")
    product = await storage.get_product(tx, wanted.sku, command.now)
    assert product is not None
    return product, [PriceChanged(sku=wanted.sku, **price.model_dump())]


async def approve(command: Received[DecideSubmission], submission: Submission, tx: Tx) -> ProductApproved:
    """Makes a product of a submission, with its first price."""
    decision = command.data
    assert decision.price is not None
    price = Price(price=decision.price, valid_from=decision.price_from or command.now, floor=decision.floor)
    sku = await _add_product(command, submission, tx)
    await storage.add_price(tx, sku, price, Mark(by=command.actor, at=command.now))
    return ProductApproved(
        submission_id=submission.submission_id,
        sku=sku,
        title=submission.title,
        craft=submission.craft,
        price=price.price,
        price_from=price.valid_from,
        floor=price.floor,
        makers=submission.makers,
        round=submission.round,
    )


async def _add_product(command: Received[DecideSubmission], submission: Submission, tx: Tx) -> str:
    """Under the SKU asked for, or under the craft's next number that nobody has asked for before."""
    asked = command.data.sku
    if asked:
        if not await storage.add_product(tx, asked, submission.submission_id, command.now):
            raise Conflict("sku_taken", f"{asked} is another product's")
        return asked
    while True:
        sku = domain.own_sku(submission.craft, await storage.claim_sku_number(tx, submission.craft))
        if await storage.add_product(tx, sku, submission.submission_id, command.now):
            return sku
