"""Products in full on a real database: offered or not, told of in two languages, with the prices to come."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.catalog.handlers import products, selection, showing, units
from services.catalog.views import origins as origin_views
from services.catalog.views import products as views
from services.catalog.views import story as story_views
from shared.contracts.catalog import (
    GetProduct,
    LabelUnits,
    ListProducts,
    ProductPaused,
    ProductResumed,
    ProductRetired,
    SetPrice,
)
from shared.contracts.catalog.origins import GetOrigins
from shared.contracts.catalog.showing import GetStory, PauseProduct, ResumeProduct, RetireProduct, TellStory
from shared.db import Pool
from shared.errors import NotFound, Rejected
from tests.integration.catalog.builders import ANI, NOON, WATI, Database, a_product, a_shawl, approve, do, register
from tests.integration.catalog.builders import submit as submit_shawl

WHY = "no silk until March"


async def opened(database: Database) -> tuple[Pool, str]:
    pool = await database("catalog")
    await register(pool, ANI, WATI)
    return pool, await a_product(pool)


async def test_a_product_is_paused_offered_again_and_retired_and_each_is_told(database: Database) -> None:
    pool, sku = await opened(database)
    asked: list[tuple[Any, Any, Any, str]] = [
        (showing.pause_product, PauseProduct, ProductPaused, "paused"),
        (showing.resume_product, ResumeProduct, ProductResumed, "active"),
        (showing.retire_product, RetireProduct, ProductRetired, "retired"),
    ]
    for handle, command, event, state in asked:
        product, events = await do(pool, handle, command(sku=sku, reason=WHY))
        assert (product.state, events) == (state, [event(sku=sku, at=NOON)])
        assert (await do(pool, views.get_product, GetProduct(sku=sku))).state == state

    kept = await pool.fetch("SELECT state, reason, set_by FROM product_state ORDER BY seq")
    assert [tuple(row) for row in kept] == [
        (state, WHY, "coordinator:rini") for state in ("paused", "active", "retired")
    ]


async def test_a_retired_product_stays_retired_and_an_unknown_one_is_not_found(database: Database) -> None:
    pool, sku = await opened(database)
    await do(pool, showing.retire_product, RetireProduct(sku=sku, reason=WHY))

    with pytest.raises(Rejected, match=r"product_state.*retired"):
        await do(pool, showing.resume_product, ResumeProduct(sku=sku, reason=WHY))
    with pytest.raises(NotFound, match="product_unknown"):
        await do(pool, showing.pause_product, PauseProduct(sku="NONE", reason=WHY))
    with pytest.raises(NotFound, match="product_unknown"):
        await do(pool, showing.tell_story, TellStory(sku="NONE", story_id="Kisah"))


async def test_of_many_who_pause_at_once_one_does(database: Database) -> None:
    pool, sku = await opened(database)
    command = PauseProduct(sku=sku, reason=WHY)

    done = await asyncio.gather(*[do(pool, showing.pause_product, command) for _ in range(5)], return_exceptions=True)

    assert sum(isinstance(one, tuple) for one in done) == 1
    assert await pool.fetchval("SELECT count(*) FROM product_state") == 1


async def test_a_price_to_come_is_seen_before_it_holds(database: Database) -> None:
    pool, sku = await opened(database)
    march = NOON + timedelta(days=100)
    await do(pool, products.set_price, SetPrice(sku=sku, price=800_000, valid_from=march, floor=600_000))

    product = await do(pool, views.get_product, GetProduct(sku=sku))

    assert product.price == 700_000
    assert [(price.price, price.floor, price.valid_from) for price in product.prices] == [
        (700_000, None, NOON),
        (800_000, 600_000, march),
    ]
    assert (await do(pool, views.get_product, GetProduct(sku=sku), now=march)).price == 800_000


async def test_the_story_of_a_submission_is_the_products_until_another_is_told(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    wanted = a_shawl().model_copy(update={"story": "Dari lantai 12."})
    submission, _ = await do(pool, selection.submit_product, wanted)
    approved, _ = await approve(pool, submission)
    sku = approved.sku or ""
    told = await do(pool, views.get_product, GetProduct(sku=sku))
    assert (told.story_id, told.story_en, told.hours) == ("Dari lantai 12.", None, 40)

    product, events = await do(pool, showing.tell_story, TellStory(sku=sku, story_en="From the 12th floor."))

    assert (product.story_id, product.story_en, events) == (None, "From the 12th floor.", [])


async def test_a_story_is_found_by_the_serial_of_a_piece_and_by_the_sku(database: Database) -> None:
    pool, sku = await opened(database)
    made, _ = await do(
        pool, lambda command, tx: units.label_units(command, tx, "https://karya.example"), LabelUnits(sku=sku, count=1)
    )
    serial = made.items[0].serial

    of_piece = await do(pool, story_views.get_story, GetStory(code=serial))
    of_product = await do(pool, story_views.get_story, GetStory(code=sku))

    assert (of_piece.serial, of_product.serial) == (serial, None)
    assert of_product == of_piece.model_copy(update={"serial": None})
    assert (of_piece.makers, of_piece.price, of_piece.hours) == ([ANI], 700_000, 40)
    with pytest.raises(NotFound, match="story_unknown"):
        await do(pool, story_views.get_story, GetStory(code="2900000099995"))


async def test_products_are_listed_by_what_they_are(database: Database) -> None:
    pool, sku = await opened(database)
    other, _ = await approve(pool, await submit_shawl(pool, WATI, ANI, title="Table runner"))
    await do(pool, showing.pause_product, PauseProduct(sku=sku, reason=WHY))
    await do(pool, products.set_price, SetPrice(sku=sku, price=900_000, valid_from=NOON + timedelta(seconds=1)))

    async def listed(**asked: Any) -> list[str]:
        found = await do(pool, views.list_products, ListProducts(**asked), now=NOON + timedelta(hours=1))
        return [product.sku for product in found.items]

    assert await listed() == [sku, other.sku]
    assert await listed(state="paused") == [sku]
    assert await listed(maker_id=WATI) == [other.sku]
    assert await listed(technique="TULIS") == [sku, other.sku]
    assert await listed(technique="cap") == []
    assert await listed(price_from=700_000, price_to=899_999) == [other.sku]
    assert await listed(price_from=900_000) == [sku]
    assert await listed(craft="weaving") == []


async def test_a_product_is_followed_back_to_its_submission_and_craft(database: Database) -> None:
    pool, sku = await opened(database)
    product = await do(pool, views.get_product, GetProduct(sku=sku))

    found = await do(pool, origin_views.get_origins, GetOrigins(skus=["UNKNOWN-1", sku]))

    assert [(one.sku, one.submission_id, one.craft) for one in found.items] == [
        (sku, product.submission_id, product.craft)
    ]
    assert found.items[0].submitted_at <= found.items[0].approved_at
