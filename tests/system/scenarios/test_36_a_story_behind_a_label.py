"""Scenario 36. Whichever replica of the catalog is asked, a product's photo is there, on its story page and off it."""

from uuid import uuid4

import httpx

from tests.system.scenarios.replicas import scaled
from tests.system.scenarios.world import World, wib
from tests.unit.catalog.pictures import from_a_phone

TIMES = 9


async def test_every_replica_shows_and_removes_the_same_photos(world: World) -> None:
    sku = await world.product(await world.maker())
    async with scaled(world.system, "catalog", 3):
        photos = [await upload(world, f"/v1/products/{sku}/photos", 60 * n, caption=f"Foto {n}") for n in range(3)]
        pages = [await world.http.get(f"/story/{sku}") for _ in range(TIMES)]
        assert {page.status_code for page in pages} == {200}
        assert all(photo["photo_id"] in page.text for page in pages for photo in photos)
        for photo in photos:
            path = f"/story/photos/{photo['photo_id']}/web"
            seen = [await world.http.get(path) for _ in range(TIMES)]
            assert {(one.status_code, one.content[:3]) for one in seen} == {(200, b"\xff\xd8\xff")}

        gone = photos[1]["photo_id"]
        await world.coordinator.post(f"/v1/photos/{gone}/removal", {"reason": "out of focus"})

        pages = [await world.http.get(f"/story/{sku}") for _ in range(TIMES)]
        assert not any(gone in page.text for page in pages)
        assert {(await world.http.get(f"/story/photos/{gone}/web")).status_code for _ in range(TIMES)} == {404}


async def test_a_till_sells_what_is_paused_and_no_more_of_it_goes_out(world: World) -> None:
    sku, till = await world.product(await world.maker()), await world.till("citos")
    await world.deliver("citos", {sku: 2})
    await world.coordinator.post(f"/v1/products/{sku}/pause", {"reason": "no silk until March"})
    lines = {"outlet": "citos", "lines": [{"sku": sku, "quantity": 1}]}
    while (answer := await world.coordinator.try_to_post("/v1/deliveries", lines)).is_success:
        await world.coordinator.post(
            f"/v1/deliveries/{answer.json()['delivery_id']}/cancellation", {"reason": "paused"}
        )
    assert answer.json()["code"] == "product_not_offered"

    await world.report(till, till.sale("S36", sku, 700_000, wib(0, "00:00")))

    assert (await world.books.sale(sku=sku))["sku"] == sku
    assert await world.books.on_hand("citos", sku) == 1


async def upload(world: World, path: str, blue: int, **query: str) -> dict[str, str]:
    """A photo of that much blue."""
    headers = world.coordinator._headers | {"Idempotency-Key": str(uuid4()), "Content-Type": "image/jpeg"}
    answer: httpx.Response = await world.http.post(path, content=from_a_phone(blue), headers=headers, params=query)
    assert answer.status_code == 201, answer.text
    photo: dict[str, str] = answer.json()
    return photo
