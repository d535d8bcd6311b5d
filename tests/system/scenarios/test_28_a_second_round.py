"""Scenario 28. Sent back for its finish, a remedial session, a second round: the same submission, and fair jurors."""

from uuid import uuid4

import aio_pika

from services.gateway import keys
from shared.contracts.training import TrainersAssigned
from shared.runtime.envelope import join, now, seal
from tests.system.conftest import until
from tests.system.scenarios.people import Json, Person
from tests.system.scenarios.world import CRITERIA, World, wib

BAG = {"title": "Tas perca", "craft": "sewing", "technique": "jahit mesin", "material": "kain perca", "hours": 9}


async def a_juror(world: World) -> tuple[Person, str]:
    """With the name of her account."""
    name = f"juri-{uuid4().hex[:8]}"
    return Person(world.http, await keys.create(world.endpoints.database_url("gateway"), "juror", name)), name


async def handed_in(world: World, maker: str) -> str:
    """A bag; the path of its submission."""
    offer = {**BAG, "asking_price": 180_000, "makers": [{"maker_id": maker}], "contains_animal_material": False}
    return f"/v1/submissions/{(await world.coordinator.post('/v1/submissions', offer))['submission_id']}"


def scores(points: int, **others: int) -> Json:
    return {"scores": dict.fromkeys(CRITERIA, points) | others}


async def a_remedial_session(world: World, maker: str) -> str:
    """She is enrolled, is there, and completes it; the cohort's id."""
    planned = {"planned_start": wib(1, "09:00").isoformat(), "planned_minutes": 120}
    course = {"craft": "sewing", "title": "Perbaikan jahitan", "rusun": await world.rusun(), "trainer": "Pelatih"}
    cohort = await world.coordinator.post("/v1/cohorts", course | {"sessions": [planned]})
    path = f"/v1/cohorts/{cohort['cohort_id']}"
    await world.coordinator.post(f"{path}/enrolments", {"maker_id": maker})
    session = f"/v1/sessions/{cohort['sessions'][0]['session_id']}"
    there = {"entries": [{"maker_id": maker, "status": "present"}]}
    await world.coordinator.post(f"{session}/attendance", there)
    actual = {"actual_start": wib(1, "09:00").isoformat(), "actual_minutes": 150}
    await world.coordinator.post(f"{session}/completion", actual)
    return str(cohort["cohort_id"])


async def was_taught_by(world: World, cohort: str, account: str) -> None:
    """As training tells it."""
    event = TrainersAssigned.model_validate({"cohort_id": cohort, "accounts": [account]})
    body = join([seal(event, "training", now()).envelope])
    async with await aio_pika.connect(world.endpoints.amqp_url("karya")) as connection:
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange("events", ensure=False)
        await exchange.publish(aio_pika.Message(body, delivery_mode=2), event.wire, mandatory=True)


async def notice(world: World, maker: str, template: str) -> str:
    """What she was told, in her language, once she was told."""
    await world.books.told(maker, template, 1)
    return str((await world.books.notices(maker, template))[0]["text"])


async def test_a_bag_sent_back_for_its_finish_is_accepted_in_its_second_round(world: World) -> None:
    maker = await world.maker()
    (dewi, account), (sari, _) = await a_juror(world), await a_juror(world)
    bag, other = await handed_in(world, maker), await handed_in(world, maker)
    await dewi.post(f"{bag}/reviews", scores(6, finish=2))
    await dewi.post(f"{other}/reviews", scores(9))

    cohort = await a_remedial_session(world, maker)
    way = {"kind": "remedial-session", "text": "Sabtu pukul 9 di aula rusun, gratis", "cohort_id": cohort}
    back = {"verdict": "changes", "tags": ["finish"], "reasons": ["Sudut kiri lepas"], "way_forward": [way]}
    await world.coordinator.post(f"{bag}/decision", back)
    told = await notice(world, maker, "changes-requested")
    assert "- Hasil akhirnya belum rapi.\n- Sudut kiri lepas\n" in told
    assert "Langkah berikutnya:\n\n- Sesi perbaikan: Sabtu pukul 9 di aula rusun, gratis\n" in told

    await was_taught_by(world, cohort, account)
    await until(lambda: is_set_aside(world, other), "dewi's review of the other bag counts no more")
    again = {"what_changed": "Sudut dijahit ganda", "hours": 11}
    second = await world.coordinator.post(f"{bag}/rounds", again)
    assert (bag.endswith(second["submission_id"]), second["round"], second["state"]) == (True, 2, "submitted")

    assert (await dewi.refused(f"{bag}/reviews", scores(10)))["code"] == "juror_trained_maker"
    assert (await world.coordinator.refused(f"{other}/decision", approval()))["code"] == "review_required"
    await sari.post(f"{bag}/reviews", scores(8))
    decided = await world.coordinator.post(f"{bag}/decision", approval())

    assert (decided["state"], decided["score"]) == ("approved", 800)
    seen = await world.coordinator.get(bag)
    assert [(one["round"], one["state"], one["score"]) for one in seen["rounds"]] == [
        (1, "changes-requested", 520),
        (2, "approved", 800),
    ]
    assert seen["changes"] == [{"field": "hours", "before": 9, "after": 11}]
    assert seen["earlier_reasons"] == ["Hasil akhirnya belum rapi.", "Sudut kiri lepas"]
    assert decided["sku"] in await notice(world, maker, "product-approved")


async def test_a_juror_sees_whose_it_is_after_she_has_scored(world: World) -> None:
    maker = await world.maker()
    (dewi, _), (sari, _) = await a_juror(world), await a_juror(world)
    bag = await handed_in(world, maker)
    await dewi.post(f"{bag}/reviews", scores(9))

    blind = await sari.get(bag)
    (listed,) = [one for one in await sari.every("/v1/submissions") if bag.endswith(one["submission_id"])]
    await sari.post(f"{bag}/abstention", {"reason": "Ibu ini tetangga saya"})
    seen = await sari.get(bag)

    assert set(blind["criteria"]["weights"]) == set(CRITERIA)
    assert (blind["blind"], blind["makers"], blind["reviews"], blind["score"]) == (True, [], [], None)
    assert (listed["blind"], listed["makers"], listed["reviews"], listed["score"]) == (True, [], [], None)
    assert maker not in str(blind) + str(listed)
    assert (seen["blind"], seen["makers"][0]["maker_id"], seen["score"]) == (False, maker, 900)


def approval() -> Json:
    return {"verdict": "approve", "price": 180_000}


async def is_set_aside(world: World, path: str) -> bool:
    (review,) = (await world.coordinator.get(path))["reviews"]
    return bool(review["set_aside"] == "juror_trained_maker")
