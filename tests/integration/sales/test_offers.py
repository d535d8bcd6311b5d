"""What the catalog offers no longer goes to no outlet; what tills sell of it is recorded all the same."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.sales.handlers import deliveries, offers
from services.sales.views.parts import get_price_parts
from shared.contracts.catalog import ProductPaused, ProductResumed, ProductRetired
from shared.contracts.sales import DeliveryLine, ItemSold
from shared.contracts.sales.goods import RecallStock
from shared.contracts.sales.parts import GetPriceParts, Range
from shared.db import Pool
from shared.errors import NotYet, Rejected
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    deliver,
    do,
    hear,
    open_outlet,
    open_shop,
    report,
    send,
    told,
)

HANDLERS: dict[Any, Any] = {
    ProductPaused: offers.pause_product,
    ProductResumed: offers.resume_product,
    ProductRetired: offers.retire_product,
}


def word(kind: Any, minutes: int, sku: str = SHAWL) -> Any:
    return kind(sku=sku, at=NOON + timedelta(minutes=minutes))


async def hear_all(pool: Pool, *words: Any) -> None:
    for one in words:
        assert await hear(pool, HANDLERS[type(one)], one) == []


async def test_a_paused_product_goes_to_no_outlet_until_it_is_offered_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await hear_all(pool, word(ProductPaused, 1))

    with pytest.raises(Rejected, match=rf"product_not_offered.*{SHAWL}"):
        await send(pool, {POUCH: 1, SHAWL: 1})
    assert (await send(pool, {POUCH: 1})).state == "dispatched"
    await hear_all(pool, word(ProductResumed, 2))

    assert (await send(pool, {SHAWL: 1})).state == "dispatched"


async def test_what_is_there_of_a_retired_product_is_sold_and_comes_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 2})
    await hear_all(pool, word(ProductRetired, 1))

    assert len(told(await report(pool, a_sale()), ItemSold)) == 1
    recall = RecallStock(outlet="citos", lines=[DeliveryLine(sku=SHAWL, quantity=1)], reason="retired")
    recalled, _ = await do(pool, deliveries.recall_stock, recall)

    assert recalled.kind == "recall"


async def test_the_latest_word_counts_in_whatever_order_it_comes(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    words = [word(ProductPaused, 1), word(ProductResumed, 2), word(ProductRetired, 3)]
    for order in permutations(words):
        await pool.execute("DELETE FROM product_offer")
        await hear_all(pool, *order)
        with pytest.raises(Rejected, match="product_not_offered"):
            await send(pool, {SHAWL: 1})


async def test_a_word_on_a_product_that_is_not_known_yet_waits_for_it(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)

    with pytest.raises(NotYet, match="sku_unknown"):
        await hear(pool, offers.pause_product, word(ProductPaused, 1, "NEW-0001"))


async def test_the_parts_of_a_price_follow_from_what_is_agreed_today(database: Database) -> None:
    pool = await database("sales")
    nothing = await do(pool, get_price_parts, GetPriceParts(price=700_000))
    await open_shop(pool)
    await open_outlet(pool, "gallery", outlet_bps=1500)

    parts = await do(pool, get_price_parts, GetPriceParts(price=700_001))

    assert nothing.outlets == 0
    assert parts.outlets == 2
    assert parts.outlet == Range(least=105_000, most=175_000)
    assert parts.programme == Range(least=70_000, most=70_000)
    assert parts.makers == Range(least=455_001, most=525_001)
