"""Scenario 22. A count finds 9 of 10; a sale from before it arrives later: 9 stays, the adjustment is taken back."""

import asyncio

from tests.system.scenarios.hearing import listening
from tests.system.scenarios.world import World, now

OUTLET = "s22"


async def test_what_was_counted_stays_and_the_variance_is_explained(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till(OUTLET)
    counter = await world.outlet(OUTLET)
    await world.deliver(OUTLET, {sku: 10})
    sold_at = now()
    await asyncio.sleep(0.05)
    counted = {"counted_at": now().isoformat(), "lines": [{"sku": sku, "counted": 9}]}

    count = await counter.post(f"/v1/outlets/{OUTLET}/stock-counts", counted)
    path = f"/v1/stock-counts/{count['count_id']}"
    assert figures(await counter.get(path)) == {"counted": 9, "expected": 10, "variance": -1, "adjusted": 0}
    await world.finance.post(f"{path}/approval")
    assert figures(await counter.get(path)) == {"counted": 9, "expected": 10, "variance": -1, "adjusted": -1}
    assert await world.books.on_hand(OUTLET, sku) == 9

    async with listening(world.endpoints.amqp_url("karya")) as ear:
        await world.report(till, till.sale("S22", sku, 700_000, sold_at))
        (told,) = await ear.hears("StockCountReexplained", count_id=count["count_id"])

    assert told["lines"] == [{"sku": sku, "delta": 1}]
    explained = await counter.get(path)
    assert explained["state"] == "re-explained"
    assert figures(explained) == {"counted": 9, "expected": 9, "variance": 0, "adjusted": 0}
    (late,) = explained["lines"][0]["explained_by"]
    assert (late["kind"], late["quantity"]) == ("sold", -1)
    assert await world.books.on_hand(OUTLET, sku) == 9
    assert await world.books.owed(maker) == 455_000


def figures(count: dict[str, list[dict[str, int]]]) -> dict[str, int]:
    """Of the only line."""
    (line,) = count["lines"]
    return {name: line[name] for name in ("counted", "expected", "variance", "adjusted")}
