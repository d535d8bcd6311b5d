"""Scenario 3. Other event id, same till, receipt and line (a till restored from backup): duplicate by natural key."""

from tests.system.scenarios.world import World, wib


async def test_what_it_says_again_under_new_ids_counts_once(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till("pim")
    await world.deliver("pim", {sku: 10})
    day = [wib(1, f"{hour}:15") for hour in range(10, 15)]
    first = [till.sale(f"S03-{n}", sku, 700_000, at) for n, at in enumerate(day)]
    await world.report(till, *first)
    before = await world.books.accounts()
    duplicates = (await world.books.feed())["duplicates_ignored"]

    again = [till.sale(f"S03-{n}", sku, 700_000, at) for n, at in enumerate(day)]
    assert not {one["id"] for one in first} & {one["id"] for one in again}
    await world.report(till, *again)

    assert (await world.books.feed())["duplicates_ignored"] == duplicates + 5
    assert await world.books.accounts() == before
    assert len(await world.books.sales(sku=sku)) == 5
    assert await world.books.on_hand("pim", sku) == 5
    assert await world.books.nothing_parked("pim", till.name)


async def test_other_facts_under_the_same_line_are_a_conflict_for_a_person(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till("pim")
    await world.deliver("pim", {sku: 10})
    await world.report(till, till.sale("S03-X", sku, 700_000, wib(1, "10:15")))

    await world.report(till, till.sale("S03-X", sku, 350_000, wib(1, "16:40")))

    doubted = await world.books.parked(f"pim/{till.name}/S03-X/1", "receipt_line_changed")
    assert doubted["kind"] == "conflict"
    assert [one["unit_price"] for one in doubted["candidates"]] == [700_000]
    assert await world.books.owed(maker) == 455_000
