"""Scenario 33. A consent is withdrawn, a maker is anonymised: history stays, nobody shows her or writes to her."""

import json

from tests.system.conftest import until
from tests.system.scenarios.hearing import listening
from tests.system.scenarios.people import Json
from tests.system.scenarios.replicas import scaled
from tests.system.scenarios.world import World, wib
from tests.unit.catalog.pictures import from_a_phone

HERS = 525_000
NAME, PHONE = "Ibu Tiga Tiga", "081333333333"


async def a_seller(world: World) -> tuple[str, str]:
    """A maker who agreed to everything, and what she makes."""
    home = {"rusun": await world.rusun(), "block": "Q33", "unit": "U33", "since": "2020-01-01"}
    consents = ["training", "notices", "catalogue-photo", "public-name"]
    person = {"name": NAME, "phone": PHONE, "email": "tiga33@example.org", "consents": consents}
    maker = str((await world.coordinator.post("/v1/makers", person | home))["maker_id"])
    sku = await world.product(maker)
    await world.outlet("citos")
    await world.deliver("citos", {sku: 10})
    return maker, sku


async def a_story(world: World) -> tuple[str, str, str, str]:
    """Such a maker with a photo that shows her and a story: her id, the product, the story's page and the photo."""
    maker, sku = await a_seller(world)
    path = f"/v1/products/{sku}/photos"
    photo = await world.coordinator.upload(path, from_a_phone(), "image/jpeg", caption="Di balkon", shows=maker)
    told = {"story_id": f"{NAME} membatik di balkonnya.", "story_en": "She draws on her balcony."}
    await world.coordinator.post(f"/v1/products/{sku}/story", told)
    return maker, sku, f"/story/{sku}", photo["photo_id"]


async def seen(world: World, path: str, times: int = 6) -> list[tuple[int, str]]:
    """What is answered, so often that every replica has been asked."""
    answers = [await world.http.get(path) for _ in range(times)]
    return [(answer.status_code, answer.text) for answer in answers]


async def sell(world: World, sku: str, receipt: str) -> None:
    till = await world.till("citos")
    await world.report(till, till.sale(receipt, sku, 700_000, wib(1, "10:00")))


async def states(world: World, maker: str) -> list[str]:
    """Of the notices of sales, the newest first, when none of them is still to be sent."""

    async def none_queued() -> bool:
        return all(notice["state"] != "queued" for notice in await world.books.notices(maker, "item-sold"))

    await until(none_queued, "nothing is queued")
    return [notice["state"] for notice in await world.books.notices(maker, "item-sold")]


async def withdraw(world: World, maker: str, purpose: str) -> Json:
    said = {"purpose": purpose, "granted": False, "note": "by phone"}
    answer: Json = await world.coordinator.post(f"/v1/makers/{maker}/consents", said)
    return answer


async def test_who_wants_no_notices_any_more_gets_none_from_the_next_sale_on(world: World) -> None:
    maker, sku = await a_seller(world)
    await sell(world, sku, "S33-1")
    await world.books.told(maker, "item-sold", 1)
    assert await states(world, maker) == ["sent"]

    assert (await withdraw(world, maker, "notices"))["changed"]
    await sell(world, sku, "S33-2")
    await world.books.told(maker, "item-sold", 2)

    assert await states(world, maker) == ["suppressed", "sent"]
    history = await world.coordinator.every(f"/v1/makers/{maker}/consents")
    said = [(entry["granted"], entry["note"]) for entry in history if entry["purpose"] == "notices"]
    assert said == [(False, "by phone"), (True, None)]


async def test_an_anonymised_maker_keeps_her_history_and_nobody_can_write_to_her_or_change_her(world: World) -> None:
    maker, sku = await a_seller(world)
    await sell(world, sku, "S33-3")
    await world.books.told(maker, "item-sold", 1)
    assert await states(world, maker) == ["sent"]
    before = await world.books.statement(maker)
    async with listening(world.endpoints.amqp_url("karya"), "training.#") as ear:
        ended = await world.coordinator.post(f"/v1/makers/{maker}/anonymisation", {"reason": "asked for it by letter"})
        await ear.hears("ConsentChanged", 4, maker_id=maker, granted=False)
        await ear.hears("MakerAnonymised", maker_id=maker)

    assert not [secret for secret in (NAME, PHONE[1:], "tiga33") if secret in json.dumps(ear.heard)]
    seen = await world.coordinator.get(f"/v1/makers/{maker}")
    assert seen == ended
    assert (seen["name"], seen["phone"], seen["email"], seen["block"]) == ("", "", None, "")
    assert seen["anonymised_at"]
    assert not any(consent["granted"] for consent in seen["consents"])

    # What she sold is hers under her id, and goes on being so; she is told of nothing.
    await sell(world, sku, "S33-4")
    await world.books.told(maker, "item-sold", 2)
    assert await states(world, maker) == ["suppressed", "sent"]
    assert [line["amount"] for line in before] == [HERS]
    assert [line["amount"] for line in await world.books.statement(maker)] == [HERS, HERS]

    changes: dict[str, Json] = {
        "consents": {"purpose": "notices", "granted": True},
        "moves": {"rusun": seen["rusun"], "block": "A", "unit": "1", "since": "2026-01-01"},
        "contact": {"name": NAME},
        "anonymisation": {"reason": "once more"},
    }
    for what, body in changes.items():
        assert (await world.coordinator.refused(f"/v1/makers/{maker}/{what}", body))["code"] == "maker_anonymised"


async def test_name_and_photo_are_gone_from_the_next_page_that_anybody_opens(world: World) -> None:
    maker, _, page, photo = await a_story(world)
    async with scaled(world.system, "catalog", 2), scaled(world.system, "training", 2):
        assert {(status, NAME in text, photo in text) for status, text in await seen(world, page)} == {
            (200, True, True)
        }

        await withdraw(world, maker, "public-name")
        assert {(status, NAME in text, photo in text) for status, text in await seen(world, page)} == {
            (200, False, True)
        }
        await withdraw(world, maker, "catalogue-photo")
        assert {(status, NAME in text, photo in text) for status, text in await seen(world, page)} == {
            (200, False, False)
        }
        assert {status for status, _ in await seen(world, f"/story/photos/{photo}/thumbnail")} == {404}


async def test_nothing_tells_of_an_anonymised_maker_whichever_replica_is_asked(world: World) -> None:
    maker, sku, page, photo = await a_story(world)
    async with scaled(world.system, "catalog", 2), scaled(world.system, "training", 2):
        assert {NAME in text for _, text in await seen(world, page)} == {True}

        await world.coordinator.post(f"/v1/makers/{maker}/anonymisation", {"reason": "asked for it by letter"})

        pages = await seen(world, page)
        assert {(status, NAME in text, "balkon" in text, photo in text) for status, text in pages} == {
            (200, False, False, False)
        }
        assert {status for status, _ in await seen(world, f"/story/photos/{photo}/thumbnail")} == {404}

        async def forgotten() -> bool:
            product = await world.coordinator.get(f"/v1/products/{sku}")
            return (product["story_id"], product["story_en"], product["photos"]) == (None, None, [])

        await until(forgotten, "the catalogue has forgotten her")
    offer = {"title": "Kain", "craft": "batik", "technique": "tulis", "material": "katun", "hours": 2}
    anew = offer | {"asking_price": 1, "makers": [{"maker_id": maker}]}
    told = {"story_en": "She draws."}
    for path, body in (("/v1/submissions", anew), (f"/v1/products/{sku}/story", told)):
        assert (await world.coordinator.refused(path, body))["code"] == "maker_anonymised"
