"""Approved products, their SKUs and their dated prices, on a real database."""

import asyncio
from datetime import datetime, timedelta

import pytest

from services.catalog.handlers import jury, products, selection
from services.catalog.views import products as product_views
from services.catalog.views import selection as selection_views
from shared.contracts.catalog import (
    GetProduct,
    ListProducts,
    ListSubmissions,
    Price,
    PriceChanged,
    Product,
    ProductApproved,
    SetPrice,
)
from shared.contracts.training import Craft
from shared.db import Pool
from shared.errors import Conflict, Invalid, NotFound, Rejected
from tests.integration.catalog.builders import (
    ANI,
    NOON,
    WATI,
    Database,
    a_decision,
    a_product,
    a_review,
    approve,
    do,
    received,
    register,
    submit,
)

HOUR = timedelta(hours=1)


async def get_product(pool: Pool, sku: str, now: datetime) -> Product:
    async with pool.acquire() as tx, tx.transaction(readonly=True):
        return await product_views.get_product(received(GetProduct(sku=sku), now=now), tx)


async def test_approval_makes_a_product_with_its_first_price(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI, WATI)
    submission = await submit(pool, WATI, ANI)

    approved, events = await approve(pool, submission)

    assert (approved.state, approved.sku, approved.score) == ("approved", "BTK-0001", 800)
    told = ProductApproved(
        submission_id=submission.submission_id,
        sku="BTK-0001",
        title="Parang shawl",
        craft=Craft.BATIK,
        price=700_000,
        price_from=NOON,
        makers=submission.makers,
    )
    assert events == [told]
    product = await get_product(pool, "BTK-0001", NOON)
    assert (product.price, product.prices) == (700_000, [Price(price=700_000, valid_from=NOON)])
    assert product.makers == submission.makers


async def test_every_craft_counts_its_own_skus(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)

    crafts = (Craft.BATIK, Craft.WEAVING, Craft.BATIK)
    assert [await a_product(pool, craft=craft) for craft in crafts] == ["BTK-0001", "WVN-0001", "BTK-0002"]


async def test_a_sku_that_somebody_asked_for_is_passed_over(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)

    assert [await a_product(pool, sku) for sku in ("BTK-0001", "BTK-0002", None)][-1] == "BTK-0003"


async def test_a_sku_belongs_to_one_product(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    await a_product(pool, "85123A")
    second = await submit(pool)

    with pytest.raises(Conflict, match="sku_taken"):
        await approve(pool, second, "85123A")

    assert await pool.fetchval("SELECT array_agg(sku) FROM product") == ["85123A"]
    assert (
        await pool.fetchval("SELECT state FROM submission WHERE submission_id = $1", second.submission_id)
        == "in-review"
    )


async def test_products_approved_at_once_get_different_skus(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)

    skus = await asyncio.gather(*[a_product(pool) for _ in range(5)])

    assert sorted(skus) == [f"BTK-000{n}" for n in range(1, 6)]


async def test_a_price_holds_from_its_moment_on(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    sku = await a_product(pool)

    reply, events = await do(pool, products.set_price, SetPrice(sku=sku, price=650_000, valid_from=NOON + HOUR))

    assert events == [PriceChanged(sku=sku, price=650_000, valid_from=NOON + HOUR)]
    assert (reply.price, [price.price for price in reply.prices]) == (700_000, [700_000, 650_000])
    before = await get_product(pool, sku, NOON + HOUR - timedelta(microseconds=1))
    after = await get_product(pool, sku, NOON + HOUR)
    assert (before.price, after.price) == (700_000, 650_000)


async def test_a_price_brings_its_own_floor(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)
    await do(pool, jury.review_submission, a_review(submission), "juror:dewi")
    _, (approved,) = await do(
        pool, selection.decide_submission, a_decision(submission).model_copy(update={"floor": 600_000})
    )
    assert isinstance(approved, ProductApproved)
    assert (approved.price, approved.floor) == (700_000, 600_000)
    changes = [SetPrice(sku=approved.sku, price=650_000, floor=650_000, valid_from=NOON + HOUR)]
    changes += [SetPrice(sku=approved.sku, price=500_000, valid_from=NOON + 2 * HOUR)]

    told = [(await do(pool, products.set_price, change))[1] for change in changes]

    assert told == [[PriceChanged.model_validate(change.model_dump())] for change in changes]
    floors = [(await get_product(pool, approved.sku, NOON + hours * HOUR)).floor for hours in range(3)]
    assert floors == [600_000, 650_000, None]


async def test_a_floor_above_its_price_changes_nothing(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)
    await do(pool, jury.review_submission, a_review(submission), "juror:dewi")
    high = a_decision(submission).model_copy(update={"floor": 700_001})

    with pytest.raises(Rejected, match="floor_above_price"):
        await do(pool, selection.decide_submission, high)
    sku = await a_product(pool)
    with pytest.raises(Rejected, match="floor_above_price"):
        await do(pool, products.set_price, SetPrice(sku=sku, price=9, floor=10, valid_from=NOON + HOUR))

    assert await pool.fetchval("SELECT array_agg(price) FROM price") == [700_000]


async def test_a_price_may_start_before_one_that_is_planned(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    sku = await a_product(pool)
    for price, start in ((600_000, NOON + 3 * HOUR), (650_000, NOON + HOUR)):
        await do(pool, products.set_price, SetPrice(sku=sku, price=price, valid_from=start))

    prices = [(await get_product(pool, sku, NOON + hours * HOUR)).price for hours in (0, 2, 4)]

    assert prices == [700_000, 650_000, 600_000]


async def test_a_product_can_be_priced_for_a_later_day(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)

    _, (told,) = await approve(pool, await submit(pool), price_from=NOON + 24 * HOUR)

    assert isinstance(told, ProductApproved)
    assert told.price_from == NOON + 24 * HOUR
    assert (await get_product(pool, told.sku, NOON)).price == 700_000


async def test_two_prices_cannot_start_at_one_moment(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    sku = await a_product(pool)

    with pytest.raises(Conflict, match="price_already_set"):
        await do(pool, products.set_price, SetPrice(sku=sku, price=650_000, valid_from=NOON))

    assert await pool.fetchval("SELECT array_agg(price) FROM price") == [700_000]


async def test_a_price_changes_nothing_that_was_sold(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    sku = await a_product(pool)

    with pytest.raises(Rejected, match="price_in_the_past"):
        await do(pool, products.set_price, SetPrice(sku=sku, price=650_000, valid_from=NOON - HOUR))


async def test_an_unknown_product_is_not_found(database: Database) -> None:
    pool = await database("catalog")

    with pytest.raises(NotFound, match="product_unknown"):
        await do(pool, products.set_price, SetPrice(sku="BTK-0404", price=1, valid_from=NOON))
    with pytest.raises(NotFound, match="product_unknown"):
        await get_product(pool, "BTK-0404", NOON)


async def test_submissions_are_listed_newest_first_page_by_page(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    made = [(await submit(pool, title=f"Shawl {n}")).submission_id for n in range(5)]

    pages, cursor = [], None
    for _ in range(3):
        page = await do(pool, selection_views.list_submissions, ListSubmissions(limit=2, cursor=cursor))
        pages.append([submission.submission_id for submission in page.items])
        cursor = page.next

    assert pages == [[made[4], made[3]], [made[2], made[1]], [made[0]]]
    assert cursor is None


async def test_submissions_are_listed_by_state(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    approved, _ = await approve(pool, await submit(pool))
    waiting = await submit(pool)

    by_state = {
        state: (await do(pool, selection_views.list_submissions, ListSubmissions(state=state))).items
        for state in ("approved", "submitted", "rejected")
    }

    assert by_state == {"approved": [approved], "submitted": [waiting], "rejected": []}
    with pytest.raises(Invalid, match="state: one of submitted, in-review"):
        await do(pool, selection_views.list_submissions, ListSubmissions(state="aproved"))


async def test_products_are_listed_by_craft_and_by_maker(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI, WATI)
    for makers, craft in (((ANI,), Craft.BATIK), ((ANI, WATI), Craft.SEWING), ((WATI,), Craft.BATIK)):
        await approve(pool, await submit(pool, *makers, craft=craft))

    async def skus(query: ListProducts) -> list[str]:
        return [product.sku for product in (await do(pool, product_views.list_products, query)).items]

    assert await skus(ListProducts()) == ["BTK-0001", "BTK-0002", "SEW-0001"]
    assert await skus(ListProducts(craft=Craft.BATIK)) == ["BTK-0001", "BTK-0002"]
    assert await skus(ListProducts(maker_id=WATI)) == ["BTK-0002", "SEW-0001"]
    assert await skus(ListProducts(craft=Craft.BATIK, maker_id=ANI)) == ["BTK-0001"]


async def test_products_are_listed_page_by_page(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    made = [await a_product(pool) for _ in range(3)]

    first = await do(pool, product_views.list_products, ListProducts(limit=2))
    second = await do(pool, product_views.list_products, ListProducts(limit=2, cursor=first.next))

    assert [product.sku for product in first.items + second.items] == made
    assert second.next is None


async def test_a_cursor_of_another_list_is_refused(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    for _ in range(2):
        await a_product(pool)
    products = await do(pool, product_views.list_products, ListProducts(limit=1))
    assert products.next is not None

    with pytest.raises(Invalid, match="not a cursor of this list"):
        await do(pool, selection_views.list_submissions, ListSubmissions(cursor=products.next))
