"""Scenario 23. Planned 180 minutes, run 360, two leave at 200: minutes are each maker's own, the overrun is told."""

from datetime import timedelta

from tests.system.scenarios.classroom import a_classroom
from tests.system.scenarios.hearing import listening
from tests.system.scenarios.world import World, now


async def test_completion_is_by_minutes_and_the_overrun_is_for_the_trainers_fee(world: World) -> None:
    classroom = await a_classroom(world, sessions=2)
    ani, wati, sari, dewi = makers = [await world.maker() for _ in range(4)]
    await classroom.enrol(*makers)
    early = [{"maker_id": maker, "status": "left-early", "minutes": 200} for maker in (sari, dewi)]

    async with listening(world.endpoints.amqp_url("karya"), "training.#") as ear:
        marked = await classroom.mark(1, *early, others="present")
        closed = await classroom.hold(1, 360)
        [told] = await ear.hears("SessionCompleted", session_id=classroom.sessions[0])

    assert (marked["recorded"], marked["missing"]) == (4, [])
    stayed, left = ("present", 360), ("left-early", 200)
    assert await classroom.marks(1) == {ani: stayed, wati: stayed, sari: left, dewi: left}
    sheet = await classroom.sheet(1)
    for said in (closed, told, sheet):
        assert (said["attended"], said["attended_minutes"], said["overrun_minutes"]) == (4, 1120, 180)
        assert said["counts"] == {"present": 2, "late": 0, "left_early": 2, "excused": 0, "absent": 0}
    fee = await classroom.see("overruns")
    assert (fee["trainer"], fee["planned_minutes"], fee["actual_minutes"], fee["overrun_minutes"]) == (
        "Bu Sri",
        180,
        360,
        180,
    )

    await classroom.mark(2, others="present")
    await classroom.hold(2, 180)
    done = await world.coordinator.post(f"{classroom.path}/completion")

    assert {one["maker_id"]: one["minutes"] for one in done["certificates"]} == {ani: 540, wati: 540}
    assert {one["maker_id"]: (one["minutes"], one["required_minutes"], one["lacks"]) for one in done["reasons"]} == {
        sari: (380, 405, ["minutes"]),
        dewi: (380, 405, ["minutes"]),
    }
    await world.books.told(ani, "certificate-issued", 1)
    await world.books.told(sari, "maker-not-completed", 1)


async def test_the_answer_to_its_end_shows_the_next_session_in_the_same_place(world: World) -> None:
    place, start = f"aula-{await world.rusun()}", now() + timedelta(minutes=1)
    await world.coordinator.post("/v1/places", {"code": place, "name": "Aula"})
    first = await a_classroom(world, sessions=[{"planned_start": start.isoformat()}], place=place)
    after = start + timedelta(hours=4)
    second = await a_classroom(world, sessions=[{"planned_start": after.isoformat()}], place=place)

    closed = await first.hold(1, 360)

    [clash] = closed["clashes"]
    assert (clash["earlier"]["session_id"], clash["later"]["session_id"]) == (first.sessions[0], second.sessions[0])
    assert (clash["overrun"], clash["place"], clash["trainers"], clash["makers"]) == (True, place, [], [])
