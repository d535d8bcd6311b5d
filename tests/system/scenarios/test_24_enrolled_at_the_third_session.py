"""Scenario 24. Enrolled at session 3 of 8: 1 and 2 are none of hers, and the threshold is pro rata, visibly."""

from tests.system.scenarios.classroom import a_classroom
from tests.system.scenarios.world import World, wib


async def test_she_is_measured_by_the_sessions_that_are_hers(world: World) -> None:
    classroom = await a_classroom(world, sessions=8)
    ani, newcomer = await world.maker(), await world.maker()
    await classroom.enrol(ani)
    present = {"maker_id": ani, "status": "present"}
    await classroom.mark(1, present)
    await classroom.hold(1, 300, wib(14, "09:00"))
    await classroom.mark(2, present)

    await classroom.enrol(newcomer)
    await classroom.hold(2, 300, wib(7, "09:00"))
    for number in range(3, 9):
        late = {"maker_id": newcomer, "status": "late", "minutes": 150}
        await classroom.mark(number, *[late] * (number == 8), others="present")
        await classroom.hold(number, 200)

    for number in (1, 2):
        assert await classroom.marks(number) == {ani: ("present", 300), newcomer: ("not-applicable", 0)}
        assert (await classroom.sheet(number))["attended"] == 1
    assert (await classroom.marks(8))[newcomer] == ("late", 150)
    seen = {one["maker_id"]: (one["minutes"], one["required_minutes"]) for one in (await classroom.see())["enrolments"]}
    assert seen == {ani: (1800, 1350), newcomer: (1150, 900)}
    standing = {one["maker_id"]: one for one in (await classroom.see("completion"))["makers"]}
    assert (standing[newcomer]["sessions"], standing[newcomer]["taught_minutes"]) == (6, 1200)
    assert standing[newcomer]["would_complete"] is True

    done = await world.coordinator.post(f"{classroom.path}/completion")

    assert {one["maker_id"]: one["minutes"] for one in done["certificates"]} == {ani: 1800, newcomer: 1150}
