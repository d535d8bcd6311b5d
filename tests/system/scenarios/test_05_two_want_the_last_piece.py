"""Scenario 5. Two reserve the last piece without a serial together: one wins; a POS sale is recorded as a deficit."""

import asyncio

from tests.system.scenarios.hearing import listening
from tests.system.scenarios.world import World, wib

OUTLET = "s05"


async def test_one_reservation_wins_and_a_till_that_sells_the_piece_all_the_same_is_believed(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 1})
    clients = ["Hotel Satu", "Hotel Dua"]
    path = f"/v1/outlets/{OUTLET}/reservations"

    async with listening(world.endpoints.amqp_url("karya")) as ear:
        answers = await asyncio.gather(
            *[world.coordinator.try_to_post(path, {"sku": sku, "quantity": 1, "client": name}) for name in clients]
        )

        assert sorted(answer.status_code for answer in answers) == [201, 409]
        assert [one.json()["code"] for one in answers if one.status_code == 409] == ["stock_insufficient"]
        assert len(await world.coordinator.every(path, state="open")) == 1
        held = {"on_hand": 1, "deficit": 0, "in_transit": 0, "reserved": 1, "available": 0}
        assert await world.books.shelf(OUTLET, sku) == held

        await world.report(till, till.sale("S05", sku, 700_000, wib(0, "00:00")))
        await ear.hears("StockDeficitRaised", outlet=OUTLET, sku=sku, missing=1)

    promised = {"on_hand": 0, "deficit": 0, "in_transit": 0, "reserved": 1, "available": -1}
    assert await world.books.shelf(OUTLET, sku) == promised
    assert await world.books.owed(maker) == 455_000


async def test_a_till_that_sells_what_is_not_there_leaves_a_deficit_and_no_rejection(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 1})

    await world.report(till, *[till.sale(f"S05-{n}", sku, 700_000, wib(1, f"1{n}:30")) for n in range(2)])

    assert len(await world.books.sales(sku=sku)) == 2
    nothing = {"on_hand": 0, "deficit": 1, "in_transit": 0, "reserved": 0, "available": 0}
    assert await world.books.shelf(OUTLET, sku) == nothing
    assert await world.books.owed(maker) == 910_000
    await world.books.accounts()
