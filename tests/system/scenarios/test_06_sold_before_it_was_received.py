"""Scenario 6. A sale before its delivery is received: deficit 1, 0 when the receipt comes; nothing is called lost."""

from tests.system.scenarios.hearing import listening
from tests.system.scenarios.world import World, wib


async def test_the_deficit_clears_when_the_receipt_comes(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till("alun-alun")
    delivery = await world.send("alun-alun", {sku: 1})

    async with listening(world.endpoints.amqp_url("karya")) as ear:
        await world.report(till, till.sale("S06", sku, 700_000, wib(1, "12:00")))

        await ear.hears("StockDeficitRaised", outlet="alun-alun", sku=sku, missing=1)
        before = {"on_hand": 0, "deficit": 1, "in_transit": 1, "reserved": 0, "available": 0}
        assert await world.books.shelf("alun-alun", sku) == before
        assert await world.books.owed(maker) == 455_000

        received = await world.coordinator.post(f"/v1/deliveries/{delivery}/receipt")

        assert received["state"] == "received"
        await ear.hears("StockDeficitCleared", outlet="alun-alun", sku=sku)
        assert ear.of("ClaimOpened", sku=sku) == []
    after = {"on_hand": 0, "deficit": 0, "in_transit": 0, "reserved": 0, "available": 0}
    assert await world.books.shelf("alun-alun", sku) == after
    claims = await world.coordinator.every("/v1/claims", outlet="alun-alun")
    assert [claim for claim in claims if claim["sku"] == sku] == []
    assert await world.books.nothing_parked("alun-alun", till.name)
