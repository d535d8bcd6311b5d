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
        assert await held(world, sku) == 1
        kept = {"on_hand": 1, "deficit": 0, "in_transit": 0, "reserved": 1, "available": 0}
        assert await world.books.shelf(OUTLET, sku) == kept

        await world.report(till, till.sale("S05", sku, 700_000, wib(0, "00:00")))
        await ear.hears("StockDeficitRaised", outlet=OUTLET, sku=sku, missing=1)

    promised = {"on_hand": 0, "deficit": 0, "in_transit": 0, "reserved": 1, "available": -1}
    assert await world.books.shelf(OUTLET, sku) == promised
    assert await world.books.owed(maker) == 455_000


async def test_a_till_sells_the_last_piece_at_the_moment_in_which_two_clients_ask_for_it(world: World) -> None:
    """Whoever is first: at most one client holds it, and the sale is recorded, with a deficit when one does."""
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: 1})
    path = f"/v1/outlets/{OUTLET}/reservations"
    wanted = [{"sku": sku, "quantity": 1, "client": name} for name in ("Hotel Satu", "Hotel Dua")]

    async with world.books.after(1), asyncio.TaskGroup() as at_once:
        asked = [at_once.create_task(world.coordinator.try_to_post(path, one)) for one in wanted]
        at_once.create_task(till.report(till.sale("S05-AT-ONCE", sku, 700_000, wib(0, "00:00"))))

    answers = [task.result() for task in asked]
    won = sum([answer.status_code == 201 for answer in answers])
    assert won <= 1
    assert [one.json()["code"] for one in answers if one.status_code != 201] == ["stock_insufficient"] * (2 - won)
    assert await held(world, sku) == won
    shelf = {"on_hand": 0, "deficit": 0, "in_transit": 0, "reserved": won, "available": -won}
    assert await world.books.shelf(OUTLET, sku) == shelf
    assert (await world.books.sale(sku=sku))["receipt"] == "S05-AT-ONCE"
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


async def held(world: World, sku: str) -> int:
    """How many pieces of it are held for clients."""
    held_for = await world.coordinator.every(f"/v1/outlets/{OUTLET}/reservations", state="open")
    return sum([one["quantity"] for one in held_for if one["sku"] == sku])
