"""Scenario 10. One malformed event among 412: the other 411 are processed, the bad one can be fixed and replayed."""

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, wib

EVENTS, BAD = 412, 200
OUTLET = "s10"


async def test_the_others_go_on_and_the_bad_one_is_mended_through_the_api(world: World) -> None:
    """By HTTP: the gateway tells the bad one apart before anybody else sees it."""
    maker = await world.maker()
    sku, till = await world.product(maker, price=50_000), await world.till(OUTLET)
    await world.deliver(OUTLET, {sku: EVENTS})
    batch = [till.sale(f"S10-{n}", sku, 50_000, wib(1, "10:00")) for n in range(EVENTS)]
    batch[BAD]["data"]["quantity"] = "one"

    async with world.books.after(EVENTS):
        answer = await till.report(*batch)

    assert (answer["received"], answer["queued"]) == (EVENTS, EVENTS - 1)
    (refused,) = answer["refused"]
    assert (refused["index"], refused["id"]) == (BAD, batch[BAD]["id"])
    assert [error["field"] for error in refused["errors"]] == ["data.quantity"]
    assert await world.books.owed(maker) == (EVENTS - 1) * 32_500
    await _is_mended(world, OUTLET, sku, batch[BAD])
    assert await world.books.owed(maker) == EVENTS * 32_500


async def test_a_bad_one_inside_of_a_delivery_by_amqp_holds_nothing_up_and_is_mended(world: World) -> None:
    """All 412 are one message: nobody has looked at it before sales does."""
    maker = await world.maker()
    sku, till = await world.product(maker, price=50_000), await world.till("citos")
    await world.deliver("citos", {sku: EVENTS})
    batch = [till.sale(f"S10-Q{n}", sku, 50_000, wib(1, "10:00")) for n in range(EVENTS)]
    batch[BAD]["data"]["quantity"] = "one"

    await world.report(till, *batch)
    assert await world.books.owed(maker) == (EVENTS - 1) * 37_500
    await _is_mended(world, "citos", sku, batch[BAD])
    assert await world.books.owed(maker) == EVENTS * 37_500

    # The till is not sure and says all of it again, the bad one too.
    duplicates = (await world.books.feed())["duplicates_ignored"]
    await world.report(till, *batch)
    assert (await world.books.feed())["duplicates_ignored"] == duplicates + EVENTS
    assert await world.books.owed(maker) == EVENTS * 37_500


async def _is_mended(world: World, outlet: str, sku: str, bad: Json) -> None:
    """All others are recorded; the bad one is shown as it came, corrected, and then recorded as well."""
    assert len(await world.books.sales(sku=sku)) == EVENTS - 1
    waiting = [one for one in await world.books.all_parked("invalid") if "data.quantity" in one["detail"]]
    (parked,) = [one for one in [await _whole(world, one) for one in waiting] if one["event"] == bad]
    assert (parked["state"], parked["kind"]) == ("person", "invalid")
    assert "correct the message" in parked["remedy"]
    change = {"change": {"data": {"quantity": 1}}, "reason": "the paper roll says one piece"}
    mended = await world.coordinator.post(f"/v1/parked/{parked['parked_id']}/correction", change)

    assert mended["state"] == "redriven"
    assert mended["history"][-1]["before"] == bad
    assert len(await world.books.sales(sku=sku)) == EVENTS
    assert await world.books.on_hand(outlet, sku) == 0
    await world.books.accounts()


async def _whole(world: World, parked: Json) -> Json:
    one: Json = await world.coordinator.get(f"/v1/parked/{parked['parked_id']}")
    return one
