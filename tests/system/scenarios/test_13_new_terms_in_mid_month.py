"""Scenario 13. Terms change 25 % -> 30 %: a late event from before gets 25 %; old statements are as they were."""

from datetime import timedelta

from tests.system.scenarios.world import World, today, wib

OUTLET = "s13"


async def test_the_day_of_sale_decides_and_what_was_booked_stays(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 10})
    sold = [till.sale(f"S13-{days}", sku, 700_000, wib(days, "10:00")) for days in (9, 8)]
    await world.report(till, *sold)
    statement = await world.books.statement(maker)
    assert [line["amount"] for line in statement] == [455_000, 455_000]

    await world.agree(OUTLET, today() - timedelta(days=5), 3000)

    assert await world.books.statement(maker) == statement
    late = till.sale("S13-late", sku, 700_000, wib(6, "23:59:59"))
    first = till.sale("S13-first", sku, 700_000, wib(5, "00:00:00"))
    await world.report(till, first, late)

    shares = {
        sale["receipt"]: (sale["outlet_share"], sale["shares"][0]["amount"])
        for sale in await world.books.sales(sku=sku)
    }
    assert shares == {
        "S13-9": (175_000, 455_000),
        "S13-8": (175_000, 455_000),
        "S13-late": (175_000, 455_000),
        "S13-first": (210_000, 420_000),
    }
    assert (await world.books.statement(maker))[2:] == statement
    (outlet,) = [one for one in await world.coordinator.every("/v1/outlets") if one["code"] == OUTLET]
    assert [terms["outlet_bps"] for terms in outlet["agreements"]] == [2500, 3000]
    await world.books.accounts()
