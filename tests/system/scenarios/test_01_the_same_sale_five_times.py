"""Scenario 1. Same sale event 5x, concurrently on 3 workers -> one sale, one stock move, one message."""

import asyncio

from tests.system.scenarios.books import moved
from tests.system.scenarios.hearing import listening
from tests.system.scenarios.replicas import scaled
from tests.system.scenarios.tills import OverAmqp, Till
from tests.system.scenarios.world import World, wib

TIMES, WORKERS, SALES = 5, 3, 20


async def test_it_is_one_sale_one_stock_move_and_one_message(world: World) -> None:
    maker = await world.maker()
    sku = await world.product(maker)
    till = await world.till("citos")
    await world.deliver("citos", {sku: 50})
    sold = [till.sale(f"S01-{n}", sku, 700_000, wib(1, "10:02:11")) for n in range(SALES)]
    before, duplicates = await world.books.accounts(), (await world.books.feed())["duplicates_ignored"]

    async with scaled(world.system, "sales", WORKERS), listening(world.endpoints.amqp_url("karya")) as ear:
        async with world.books.after(TIMES * SALES):
            await _each_at_once_on_lines_of_their_own(world, till, sold)
        told = await ear.hears("ItemSold", times=SALES, sku=sku)

    sales = await world.books.sales(sku=sku)
    assert sorted(sale["receipt"] for sale in sales) == sorted(f"S01-{n}" for n in range(SALES))
    assert {one["sale_id"] for one in told} == {sale["sale_id"] for sale in sales}
    assert await world.books.on_hand("citos", sku) == 50 - SALES
    assert (await world.books.feed())["duplicates_ignored"] - duplicates == (TIMES - 1) * SALES
    assert moved(before, await world.books.accounts()) == {
        "outlet-receivable citos": 700_000 * SALES,
        "outlet-commission citos": -105_000 * SALES,
        "programme-share programme": -70_000 * SALES,
        f"maker-payable {maker}": -525_000 * SALES,
    }
    assert await world.books.nothing_parked("citos", till.name)
    await world.books.told(maker, "item-sold", SALES)


async def _each_at_once_on_lines_of_their_own(world: World, till: Till, sold: list[dict[str, object]]) -> None:
    """Five lines to the broker: each sale is said on all of them at the same time."""
    lines = [OverAmqp(world.endpoints.amqp_url("outlet-citos")) for _ in range(TIMES)]
    try:
        for one in sold:
            await asyncio.gather(*[line.hand_in(till.name, [one]) for line in lines])
    finally:
        for line in lines:
            await line.close()
