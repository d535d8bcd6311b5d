"""Scenario 16. Exchange 700.000 for 349.900 and cash back: one linked group, two splits, net tender 350.100."""

from tests.system.scenarios.world import World, wib


async def test_both_sides_are_one_group_and_each_has_its_own_split(world: World) -> None:
    first, second = await world.maker(), await world.maker()
    dear, cheap = await world.product(first, price=700_000), await world.product(second, price=349_900)
    till = await world.till("pim")
    await world.deliver("pim", {dear: 2, cheap: 2})
    await world.report(till, till.sale("S16", dear, 700_000, wib(2, "10:00")))

    at = wib(1, "15:30")
    back = till.returned("S16-X", dear, at, original_receipt="S16", original_line=1, exchange="X-16")
    taken = till.sale("S16-X", cheap, 349_900, at, line=2, exchange="X-16")
    await world.report(till, taken, back)

    exchange = await world.finance.get("/v1/outlets/pim/exchanges/X-16")
    assert (exchange["net_returned"], exchange["net_sold"], exchange["net_tender"]) == (700_000, 349_900, -350_100)
    (returned,), (sold,) = exchange["returned"], exchange["sold"]
    assert (returned["sku"], returned["outlet_share"], returned["programme_share"]) == (dear, 175_000, 70_000)
    assert (sold["sku"], sold["outlet_share"], sold["programme_share"]) == (cheap, 87_475, 34_990)
    assert returned["shares"] == [{"maker_id": first, "amount": 455_000}]
    assert sold["shares"] == [{"maker_id": second, "amount": 227_435}]
    assert await world.books.owed(first) == 0
    assert await world.books.owed(second) == 227_435
    assert (await world.books.on_hand("pim", dear), await world.books.on_hand("pim", cheap)) == (2, 1)
    listed = await world.finance.every("/v1/exchanges", outlet="pim")
    assert [one["net_tender"] for one in listed if one["till"] == till.name] == [-350_100]
    await world.books.accounts()
