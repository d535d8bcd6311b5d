"""Scenario 12. A till sells at a stale price, 650.000 for 700.000: a promotion or the outlet bears it; it is listed."""

from datetime import timedelta

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, now, wib

OUTLET, LISTED, STALE = "s12", 700_000, 650_000


async def test_without_a_promotion_the_outlet_bears_the_difference(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker, price=LISTED), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 5})

    await world.report(till, till.sale("S12-A", sku, STALE, wib(1, "10:00")))

    sale = await world.books.sale(sku=sku)
    assert (sale["net"], sale["list_price"], sale["outlet_bears"], sale["promo_cost"]) == (STALE, LISTED, 50_000, 0)
    assert (sale["outlet_share"], sale["programme_share"]) == (125_000, 70_000)
    assert await world.books.owed(maker) == 455_000
    assert sale["remarks"] == ["below_list_price"]
    (line,) = await variances(world, sku)
    assert (line["difference"], line["outlet_bears"]) == (-50_000, 50_000)


async def test_with_a_valid_promotion_the_reduced_price_is_split(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker, price=LISTED), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 5})
    window = {"valid_from": wib(10, "00:00").isoformat(), "valid_to": (now() + timedelta(days=10)).isoformat()}
    terms = {"promo_id": "S12-TEN", "title": "Ten off", "discount_bps": 1000, "funded_by": "everyone", "skus": [sku]}
    await world.coordinator.post("/v1/promotions", terms | window)
    await told(world)

    await world.report(till, till.sale("S12-B", sku, STALE, wib(1, "10:00"), promo_id="S12-TEN"))

    sale = await world.books.sale(sku=sku)
    assert (sale["net"], sale["list_price"], sale["outlet_bears"], sale["promo_cost"]) == (STALE, LISTED, 0, 50_000)
    assert (sale["outlet_share"], sale["programme_share"]) == (162_500, 65_000)
    assert await world.books.owed(maker) == 422_500
    assert sale["remarks"] == []
    (line,) = await variances(world, sku)
    assert (line["difference"], line["promo_cost"], line["outlet_bears"]) == (-50_000, 50_000, 0)
    assert line["remarks"] == ["promo_given"]


async def told(world: World) -> None:
    """What the catalog told so far has reached sales: a product that was approved after it is known there."""
    sku = await world.product(await world.maker())
    await world.deliver(OUTLET, {sku: 1})


async def variances(world: World, sku: str) -> list[Json]:
    """The lines of the report that are of this product."""
    found = await world.finance.every("/v1/variances", outlet=OUTLET)
    return [line for line in found if line["sku"] == sku]
