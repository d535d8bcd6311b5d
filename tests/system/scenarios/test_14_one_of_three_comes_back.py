"""Scenario 14. Return 1 of 3 units: that unit's stored shares are reversed; never more comes back than was sold."""

from tests.system.scenarios.books import moved
from tests.system.scenarios.tills import Till
from tests.system.scenarios.world import World, wib


async def test_the_stored_shares_of_that_unit_are_taken_back(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker, price=200_000), await world.till("pim")
    await world.deliver("pim", {sku: 5})
    before = await world.books.accounts()
    # Three pieces for Rp700.000: 233.334, 233.333 and 233.333.
    three = till.sale("S14", sku, 233_334, wib(2, "10:00"), quantity=3, discount=2)
    await world.report(till, three)
    assert (await world.books.sale(sku=sku))["net"] == 700_000
    assert await world.books.owed(maker) == 151_668 + 151_667 + 151_667
    sold = await world.books.accounts()

    await world.report(till, till.returned("S14-R", sku, wib(1, "10:00"), original_receipt="S14", original_line=1))

    assert moved(sold, await world.books.accounts()) == {
        "outlet-receivable pim": -233_334,
        "outlet-commission pim": 58_333,
        "programme-share programme": 23_333,
        f"maker-payable {maker}": 151_668,
    }
    assert await world.books.on_hand("pim", sku) == 3
    await world.books.told(maker, "item-returned", 1)

    await returns_more_than_is_left(world, till, sku)
    rest = till.returned("S14-R3", sku, wib(1, "12:00"), original_receipt="S14", original_line=1, quantity=2)
    await world.report(till, rest)

    assert await world.books.owed(maker) == 0
    assert await world.books.on_hand("pim", sku) == 5
    assert moved(before, await world.books.accounts()) == {}


async def returns_more_than_is_left(world: World, till: Till, sku: str) -> None:
    """Two are left, three come back: that waits for a person, and no rupiah moves."""
    before = await world.books.accounts()
    too_many = till.returned("S14-R2", sku, wib(1, "11:00"), original_receipt="S14", original_line=1, quantity=3)
    await world.report(till, too_many)
    parked = await world.books.parked(f"pim/{till.name}/S14-R2/1", "more_than_sold")
    assert parked["state"] == "person"
    assert await world.books.accounts() == before


async def test_the_same_piece_does_not_come_back_twice(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till("pim")
    serial = (await world.coordinator.post(f"/v1/products/{sku}/units", {"count": 1}))["items"][0]["serial"]
    await world.deliver("pim", [{"sku": sku, "quantity": 1, "serials": [serial]}])
    await world.report(till, till.sale("S14-S", sku, 700_000, wib(2, "10:00"), serial=serial))
    await world.report(till, till.returned("S14-S1", sku, wib(1, "10:00"), serial=serial))
    assert await world.books.owed(maker) == 0

    await world.report(till, till.returned("S14-S2", sku, wib(1, "11:00"), serial=serial))

    waiting = [one for one in await world.coordinator.every("/v1/parked") if "/S14-S2/" in one["subject"]]
    assert [one["subject"] for one in waiting] == [f"pim/{till.name}/S14-S2/1"]
    assert await world.books.owed(maker) == 0
    assert await world.books.on_hand("pim", sku) == 1
    assert (await world.books.sale(sku=sku))["returned"] == 1
