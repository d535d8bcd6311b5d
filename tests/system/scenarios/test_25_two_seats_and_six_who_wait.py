"""Scenario 25. A class of 35 is full and 6 wait; 2 cancel at once: exactly 2 offers, and silence passes them on."""

import asyncio
from collections import Counter

from tests.system.conftest import until
from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World

SEATS, WAITING = 35, 6
A_MOMENT, A_DAY = 5, 24 * 60 * 60
EVERY_WEEK = {
    "weekdays": ["tuesday", "thursday"],
    "start": "09:00",
    "minutes": 180,
    "from": "2030-01-01",
    "count": 8,
}


async def test_two_who_cancel_at_once_lead_to_two_offers_and_silence_to_the_next(world: World) -> None:
    cohort, makers = await a_full_class(world, A_MOMENT)
    waiting = makers[SEATS:]
    leave = {"reason": "pindah ke luar kota"}

    answers = await asyncio.gather(
        *[world.coordinator.post(f"{path(cohort, maker)}/cancellation", leave) for maker in makers[:2]]
    )

    offered = [offer["maker_id"] for answer in answers for offer in answer["offers"]]
    assert sorted(offered) == sorted(waiting[:2])
    assert await counted(world, cohort) == {"enrolled": 33, "offered": 2, "waitlisted": 4, "cancelled": 2}
    await world.coordinator.post(f"{path(cohort, waiting[0])}/acceptance")

    async def the_silent_one_is_passed() -> bool:
        return (await standing(world, cohort))[waiting[1]] == "expired"

    await until(the_silent_one_is_passed, "the offer that nobody answered")
    seen = await standing(world, cohort)
    assert seen[waiting[0]] == "enrolled"
    assert seen[waiting[2]] == "offered"
    await world.coordinator.post(f"{path(cohort, waiting[2])}/acceptance")

    assert await counted(world, cohort) == {"enrolled": 35, "waitlisted": 3, "cancelled": 2, "expired": 1}
    late = await world.coordinator.refused(f"{path(cohort, waiting[1])}/acceptance")
    assert late["code"] == "no_offer"
    await is_told(world, waiting[1], "seat-offered", "offer-expired")
    await is_told(world, waiting[2], "seat-offered")


async def test_nobody_is_enrolled_twice_however_often_it_is_asked(world: World) -> None:
    cohort, makers = await a_full_class(world, A_DAY, seats=3, waiting=1)
    ani, waiting = makers[0], makers[-1]
    again = [world.coordinator.try_to_post(f"/v1/cohorts/{cohort}/enrolments", {"maker_id": ani}) for _ in range(5)]

    refused = await asyncio.gather(*again)

    assert {answer.json()["code"] for answer in refused} == {"already_enrolled"}
    await world.coordinator.post(f"{path(cohort, ani)}/cancellation", {"reason": "sakit"})
    taken = await asyncio.gather(
        *[world.coordinator.try_to_post(f"{path(cohort, waiting)}/acceptance") for _ in range(5)]
    )
    assert sorted(answer.status_code for answer in taken) == [200, 409, 409, 409, 409]
    assert await counted(world, cohort) == {"enrolled": 3, "cancelled": 1}


async def a_full_class(
    world: World, offer_seconds: int, seats: int = SEATS, waiting: int = WAITING
) -> tuple[str, list[str]]:
    """A cohort on Tuesdays and Thursdays, and all who applied for it, in their order."""
    rusun = await world.rusun()
    wanted = {"craft": "batik", "title": "Batik tulis", "rusun": rusun, "trainer": "Bu Sri", "recurrence": EVERY_WEEK}
    opened = await world.coordinator.post("/v1/cohorts", wanted | {"capacity": seats, "offer_seconds": offer_seconds})
    assert [session["planned_start"] for session in opened["sessions"]][:2] == [
        "2030-01-01T02:00:00Z",
        "2030-01-03T02:00:00Z",
    ]
    makers = [await world.maker(rusun) for _ in range(seats + waiting)]
    for maker in makers:
        await world.coordinator.post(f"/v1/cohorts/{opened['cohort_id']}/enrolments", {"maker_id": maker})
    return opened["cohort_id"], makers


def path(cohort: str, maker: str) -> str:
    return f"/v1/cohorts/{cohort}/enrolments/{maker}"


async def enrolments(world: World, cohort: str) -> list[Json]:
    found: list[Json] = (await world.coordinator.get(f"/v1/cohorts/{cohort}"))["enrolments"]
    return found


async def standing(world: World, cohort: str) -> dict[str, str]:
    return {one["maker_id"]: one["state"] for one in await enrolments(world, cohort)}


async def counted(world: World, cohort: str) -> dict[str, int]:
    """How many are in each state; everybody is in the list once."""
    found = await enrolments(world, cohort)
    assert len({one["maker_id"] for one in found}) == len(found)
    return dict(Counter([one["state"] for one in found]))


async def is_told(world: World, maker: str, *templates: str) -> None:
    async def told() -> bool:
        listed = await world.coordinator.every(f"/v1/makers/{maker}/notices")
        return sorted(one["template"] for one in listed) == sorted(templates)

    await until(told, f"{templates} told")
