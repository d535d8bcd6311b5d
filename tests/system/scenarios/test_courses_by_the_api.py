"""What a programme office does before the first session: who teaches, where, by which curriculum, and when."""

from datetime import timedelta

from tests.system.scenarios.classroom import a_classroom
from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, now

CURRICULUM = {
    "craft": "batik",
    "title": "Batik tulis dasar",
    "sessions": [{"title": "Mengenal canting"}, {"title": "Pewarnaan", "minutes": 300}],
    "materials": [{"name": "kain mori", "quantity": 2.5, "unit": "m"}],
    "practical_required": True,
}
MORNINGS = {"weekdays": ["tuesday", "thursday"], "start": "09:00", "from": "2031-04-01", "except": ["2031-04-03"]}


async def test_an_office_plans_its_courses_with_the_api_alone(world: World) -> None:
    office, rusun = world.coordinator, await world.rusun()
    place, code = f"aula-{rusun}", f"batik-{rusun}"
    person = {"name": "Bu Sri", "kind": "industry-office", "crafts": ["batik"], "institution": "Dinas PPKUKM"}
    sri = await office.post("/v1/trainers", person | {"account": f"juror-{rusun}"})
    await office.post("/v1/places", {"code": place, "name": "Aula", "rusun": rusun, "capacity": 40})
    await office.post("/v1/curricula", CURRICULUM | {"code": code})
    wanted: Json = {"rusun": rusun, "curriculum": code, "recurrence": MORNINGS, "trainers": [sri["trainer_id"]]}

    first = await office.post("/v1/cohorts", wanted | {"place": place})
    second = await office.post("/v1/cohorts", wanted | {"title": "Batik angkatan 2"})

    starts = [session["planned_start"] for session in first["sessions"]]
    assert starts == ["2031-04-01T02:00:00Z", "2031-04-08T02:00:00Z"]
    assert [session["planned_minutes"] for session in first["sessions"]] == [180, 300]
    assert first["materials"] == [{"name": "kain mori", "unit": "m", "per_person": 2.5, "total": 87.5}]
    assert (first["title"], first["trainer"], first["clashes"]) == ("Batik tulis dasar", "Bu Sri", [])
    assert [clash["trainers"] for clash in second["clashes"]] == [[sri["trainer_id"]]] * 2

    for session in second["sessions"]:
        later = {"planned_start": session["planned_start"].replace("T02", "T08"), "reason": "Bu Sri mengajar pagi"}
        moved = await office.post(f"/v1/sessions/{session['session_id']}/plan", later)
        assert moved["clashes"] == []

    assert await office.every("/v1/clashes", **{"from": "2031-04-01", "to": "2031-04-30"}) == []
    listed = await office.every("/v1/cohorts", rusun=rusun, state="open")
    assert [head["cohort_id"] for head in listed] == [second["cohort_id"], first["cohort_id"]]
    assert await office.every("/v1/places", rusun=rusun) == [
        {"code": place, "name": "Aula", "rusun": rusun, "capacity": 40}
    ]
    assert [one["version"] for one in await office.every("/v1/curricula", code=code)] == [1]
    assert sri in await office.every("/v1/trainers", craft="batik")


async def test_a_mistake_in_a_plan_is_named(world: World) -> None:
    rusun = await world.rusun()
    wanted = {"rusun": rusun, "craft": "batik", "title": "Batik", "trainer": "Bu Sri"}

    misspelt = await world.coordinator.refused(
        "/v1/cohorts", wanted | {"recurrence": MORNINGS | {"weekdays": ["selasa"]}}
    )
    endless = await world.coordinator.refused("/v1/cohorts", wanted | {"recurrence": MORNINGS})

    assert [fault["field"] for fault in misspelt["errors"]] == ["recurrence.weekdays.0"]
    assert [fault["field"] for fault in endless["errors"]] == ["recurrence.count"]


async def test_makers_are_told_when_a_session_of_theirs_is_moved_or_not_held(world: World) -> None:
    office, maker = world.coordinator, await world.maker()
    stranger, place = await world.maker(), f"aula-{await world.rusun()}"
    await office.post("/v1/places", {"code": place, "name": "Aula Contoh"})
    classroom = await a_classroom(world, sessions=2)
    await classroom.enrol(maker)
    first, second = classroom.sessions

    moved = {"planned_start": "2031-04-01T09:00:00+07:00", "place": place, "reason": "Bu Sri is away"}
    await office.post(f"/v1/sessions/{second}/plan", moved)
    await office.post(f"/v1/sessions/{first}/plan", {"cancel": True, "reason": "no cloth"})

    await world.books.told(maker, "session-moved", 1)
    await world.books.told(maker, "session-cancelled", 1)
    [told] = await world.books.notices(maker, "session-moved")
    assert "sekarang diadakan 1 Apr 2031 pukul 09.00 WIB, di Aula Contoh" in told["text"]
    assert "Bu Sri is away" not in told["text"]
    for template in ("session-moved", "session-cancelled"):
        assert await world.books.notices(stranger, template) == []


async def test_an_office_finds_whom_and_what_it_looks_for(world: World) -> None:
    office, rusun = world.coordinator, await world.rusun()
    home = {"rusun": rusun, "block": "A", "unit": "1"}
    maker = (await office.post("/v1/makers", {"name": "Ratna Dicari", "phone": "081234000999"} | home))["maker_id"]
    classroom = await a_classroom(world, rusun=rusun)
    await classroom.enrol(maker)
    today = now().date()

    for asked in ({"name": "dicari"}, {"phone": "0812 3400 0999"}, {"rusun": rusun}):
        assert [one["maker_id"] for one in await office.every("/v1/makers", **asked)] == [maker]
    [hers] = await office.every(f"/v1/makers/{maker}/enrolments")
    assert (hers["state"], f"/v1/cohorts/{hers['cohort_id']}") == ("enrolled", classroom.path)
    days = {"from": today.isoformat(), "to": (today + timedelta(days=1)).isoformat()}
    assert [one["session_id"] for one in await office.every("/v1/sessions", rusun=rusun, **days)] == classroom.sessions
