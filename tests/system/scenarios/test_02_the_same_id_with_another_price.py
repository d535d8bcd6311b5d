"""Scenario 2. Same event id, other payload (700.000, then 70.000): the first stands, the second is shown, no money."""

from tests.system.scenarios.world import World, wib


async def test_the_first_stands_until_a_coordinator_says_otherwise(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 5})
    at = wib(1, "11:00")
    await world.report(till, till.sale("S02", sku, 700_000, at, id="s02-one-id"))
    before = await world.books.accounts()

    await world.report(till, till.sale("S02", sku, 70_000, at, id="s02-one-id"))

    doubted = await world.books.parked(f"citos/{till.name}/S02/1", "event_id_reused")
    assert (doubted["state"], doubted["kind"], doubted["event"]["data"]["unit_price"]) == ("person", "conflict", 70_000)
    assert await world.books.accounts() == before
    assert (await world.books.sale(outlet="citos", receipt="S02"))["net"] == 700_000
    assert await world.books.owed(maker) == 525_000

    reason = "the buyer's paper says seven hundred"
    path = f"/v1/parked/{doubted['parked_id']}/choice"
    done = await world.coordinator.post(path, {"right": "recorded", "reason": reason})

    assert (done["state"], done["history"][-1]["reason"]) == ("discarded", reason)
    assert await world.books.accounts() == before
    assert await world.books.on_hand("citos", sku) == 4


async def test_the_second_replaces_the_first_when_a_coordinator_says_so(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker, price=70_000), await world.till("citos")
    await world.deliver("citos", {sku: 5})
    at = wib(1, "11:00")
    await world.report(till, till.sale("S02-B", sku, 700_000, at, id="s02-other-id"))
    await world.report(till, till.sale("S02-B", sku, 70_000, at, id="s02-other-id"))
    doubted = await world.books.parked(f"citos/{till.name}/S02-B/1", "event_id_reused")

    path = f"/v1/parked/{doubted['parked_id']}/choice"
    done = await world.coordinator.post(path, {"right": "parked", "reason": "a zero too many"})

    assert done["state"] == "redriven"
    booked = await world.books.sales(outlet="citos", receipt="S02-B")
    assert sorted((sale["net"], sale["voided"]) for sale in booked) == [(70_000, False), (700_000, True)]
    assert await world.books.owed(maker) == 52_500
    assert await world.books.on_hand("citos", sku) == 4
    await world.books.accounts()
