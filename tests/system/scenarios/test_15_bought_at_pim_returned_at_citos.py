"""Scenario 15. Bought at PIM, returned at Citos: the piece is at Citos, commission is taken back of PIM."""

from tests.system.scenarios.books import moved
from tests.system.scenarios.world import World, wib


async def test_the_piece_stays_where_it_came_back_and_who_sold_it_gives_its_commission_back(world: World) -> None:
    maker = await world.maker()
    sku = await world.product(maker)
    pim, citos = await world.till("pim"), await world.till("citos")
    await world.deliver("pim", {sku: 3})
    await world.report(pim, pim.sale("S15", sku, 700_000, wib(2, "10:00")))
    before = await world.books.accounts()

    names = {"original_outlet": "pim", "original_till": pim.name, "original_receipt": "S15", "original_line": 1}
    await world.report(citos, citos.returned("S15-R", sku, wib(1, "10:00"), **names))

    assert moved(before, await world.books.accounts()) == {
        "outlet-receivable citos": -700_000,
        "outlet-commission pim": 175_000,
        "programme-share programme": 70_000,
        f"maker-payable {maker}": 455_000,
    }
    assert await world.books.on_hand("pim", sku) == 2
    assert await world.books.on_hand("citos", sku) == 1
    assert await world.books.owed(maker) == 0
    assert (await world.books.sale(sku=sku))["returned"] == 1
