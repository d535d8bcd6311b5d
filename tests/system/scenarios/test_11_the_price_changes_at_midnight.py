"""Scenario 11. A price changes; a sale of half a minute before that arrives late has the old price and the old day.

Prices are set ahead, and a process's clock cannot be moved: so the price changes now (at midnight itself it does in
tests/integration/sales/test_prices.py). That it is Jakarta's midnight which divides the days is seen by what the
till's closings and the outlet's terms make of two sales around it.
"""

from datetime import timedelta

from tests.system.conftest import until
from tests.system.scenarios.hearing import listening
from tests.system.scenarios.world import World, now, today, wib

OUTLET = "s11"


async def test_the_moment_of_sale_decides_the_price_however_late_it_is_told(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker, price=700_000), await world.till("citos")
    await world.deliver("citos", {sku: 5})
    change = now().replace(microsecond=0)
    new = {"price": 800_000, "valid_from": change.isoformat()}
    await world.coordinator.post(f"/v1/products/{sku}/prices", new)
    # What sales has heard of the new price is seen by what it makes of a sale at it.
    await world.report(till, till.sale("S11-new", sku, 800_000, change))

    late = till.sale("S11-old", sku, 700_000, change - timedelta(seconds=30))
    await world.report(till, late)

    listed = {sale["receipt"]: sale["list_price"] for sale in await world.books.sales(sku=sku)}
    assert listed == {"S11-new": 800_000, "S11-old": 700_000}
    assert all(sale["remarks"] == [] for sale in await world.books.sales(sku=sku))
    assert await world.books.owed(maker) == 525_000 + 600_000


async def test_the_day_in_jakarta_decides_to_which_business_day_and_terms_it_belongs(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 5})
    await world.agree(OUTLET, today(), 3000)
    midnight = wib(0, "00:00")
    before, at = midnight - timedelta(seconds=30), midnight
    days = [before.date().isoformat(), at.date().isoformat()]

    async with listening(world.endpoints.amqp_url("karya")) as ear:
        await world.report(till, till.sale("S11-B", sku, 700_000, at), till.sale("S11-A", sku, 700_000, before))
        await world.report(till, *[till.closing(day, 1, 700_000, at) for day in days])
        await ear.hears("TillTiedOut", times=2, till=till.name)

    async def both_tied() -> bool:
        return {one["state"] for one in (await world.books.closings(OUTLET, till.name)).values()} == {"tied"}

    await until(both_tied, "both days tie out")
    assert sorted(await world.books.closings(OUTLET, till.name)) == days
    shares = {sale["receipt"]: sale["outlet_share"] for sale in await world.books.sales(sku=sku)}
    assert shares == {"S11-A": 175_000, "S11-B": 210_000}
