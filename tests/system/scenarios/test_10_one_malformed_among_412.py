"""Scenario 10. One malformed event among 412: the other 411 are processed, the bad one can be fixed and replayed."""

from tests.system.scenarios.world import World, wib

EVENTS, BAD = 412, 200
OUTLET = "s10"


async def test_the_others_go_on_and_the_bad_one_is_mended_through_the_api(world: World) -> None:
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
    assert len(await world.books.sales(sku=sku)) == EVENTS - 1
    assert await world.books.owed(maker) == (EVENTS - 1) * 32_500

    waiting = [one for one in await world.books.all_parked("invalid") if "data.quantity" in one["detail"]]
    bad = await world.coordinator.get(f"/v1/parked/{waiting[0]['parked_id']}")
    assert bad["event"] == batch[BAD]
    assert "correct the message" in bad["remedy"]
    change = {"change": {"data": {"quantity": 1}}, "reason": "the paper roll says one piece"}
    mended = await world.coordinator.post(f"/v1/parked/{bad['parked_id']}/correction", change)

    assert mended["state"] == "redriven"
    assert mended["history"][-1]["before"] == batch[BAD]
    assert len(await world.books.sales(sku=sku)) == EVENTS
    assert await world.books.owed(maker) == EVENTS * 32_500
    assert await world.books.on_hand(OUTLET, sku) == 0
    await world.books.accounts()
