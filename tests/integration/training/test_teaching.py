"""Trainers, places and curricula on a real database."""

import asyncio
from typing import Any

import pytest

from services.training.handlers import courses, planning, teaching
from services.training.views import teaching as views
from shared.contracts.training import Craft, OpenCohort, PlannedSession, TrainersAssigned
from shared.contracts.training.planning import SetTrainers
from shared.contracts.training.teaching import ListCurricula, ListPlaces, ListTrainers, SetTrainerAccount
from shared.errors import Conflict, Invalid, NotFound, Rejected
from tests.integration.training.builders import NOON, Database, do, hold, look_at, open_cohort, register_rusun
from tests.integration.training.school import a_curriculum, a_place, a_trainer, open_recurring, replan


async def test_trainers_are_listed_by_name_with_the_institution_that_sent_them(database: Database) -> None:
    pool = await database("training")
    sri = await a_trainer(pool)
    budi = await a_trainer(pool, "Pak Budi", kind="industry-office", crafts=["sewing", "batik"], institution=None)
    await a_trainer(pool, "Dr. Ayu", kind="expert", crafts=["business"])

    first = await do(pool, views.list_trainers, ListTrainers(craft=Craft.BATIK, limit=1))
    second = await do(pool, views.list_trainers, ListTrainers(craft=Craft.BATIK, limit=1, cursor=first.next))

    assert (first.items, second.items, second.next) == ([sri], [budi], None)
    assert sri.institution == "Dinas PPKUKM"
    assert [one.name for one in (await do(pool, views.list_trainers, ListTrainers())).items] == [
        "Bu Sri",
        "Dr. Ayu",
        "Pak Budi",
    ]


async def test_an_account_belongs_to_one_trainer(database: Database) -> None:
    pool = await database("training")
    await a_trainer(pool, account="juror-sri")
    budi = await a_trainer(pool, "Pak Budi")

    with pytest.raises(Conflict) as registered:
        await a_trainer(pool, "Bu Tuti", account="juror-sri")
    with pytest.raises(Conflict) as changed:
        await do(pool, teaching.set_trainer_account, SetTrainerAccount(trainer_id=budi.trainer_id, account="juror-sri"))

    assert {registered.value.code, changed.value.code} == {"account_taken"}


async def test_places_are_listed_by_code_and_a_code_is_given_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    hall = await a_place(pool, "aula", rusun="pulogebang", capacity=40)
    await a_place(pool, "balai-warga")

    page = await do(pool, views.list_places, ListPlaces(limit=1))
    rest = await do(pool, views.list_places, ListPlaces(limit=1, cursor=page.next))
    there = await do(pool, views.list_places, ListPlaces(rusun="pulogebang"))

    assert (page.items, [place.code for place in rest.items], rest.next) == ([hall], ["balai-warga"], None)
    assert there.items == [hall]
    with pytest.raises(Conflict) as taken:
        await a_place(pool, "aula")
    with pytest.raises(NotFound) as nowhere:
        await a_place(pool, "musala", rusun="nowhere")
    assert (taken.value.code, nowhere.value.code) == ("place_taken", "rusun_not_found")


async def test_a_curriculum_is_never_changed_but_has_a_next_version(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    first = await a_curriculum(pool)
    cohort, _ = await open_recurring(pool, curriculum=first.code)
    second = await a_curriculum(pool, title="Batik tulis lanjut", materials=[])
    await a_curriculum(pool, code="usaha", craft="business", title="Usaha", topics=["pricing", "bookkeeping"])

    newest = await do(pool, views.list_curricula, ListCurricula())
    versions = await do(pool, views.list_curricula, ListCurricula(code=first.code, limit=1))
    rest = await do(pool, views.list_curricula, ListCurricula(code=first.code, limit=1, cursor=versions.next))

    assert [(one.code, one.version) for one in newest.items] == [("batik-dasar", 2), ("usaha", 1)]
    assert newest.items[1].topics == ["pricing", "bookkeeping"]
    assert (versions.items, rest.items, rest.next) == ([second], [first], None)
    seen = await look_at(pool, cohort)
    assert (seen.curriculum, seen.curriculum_version, len(seen.materials)) == ("batik-dasar", 1, 2)
    with pytest.raises(Rejected) as other:
        await a_curriculum(pool, craft="sewing")
    assert other.value.code == "craft_differs"


async def test_versions_that_are_written_at_once_have_numbers_of_their_own(database: Database) -> None:
    pool = await database("training")

    written = await asyncio.gather(*[a_curriculum(pool) for _ in range(5)])

    assert sorted([one.version for one in written]) == [1, 2, 3, 4, 5]


async def test_a_cohort_is_taught_as_its_curriculum_says(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await a_curriculum(pool)
    days = {"weekdays": ["tuesday"], "start": "13:00", "from": "2026-12-01"}

    cohort, _ = await open_recurring(
        pool, craft=None, title=None, curriculum="batik-dasar", recurrence=days, capacity=30
    )

    assert (cohort.craft, cohort.title, cohort.required_share) == (Craft.BATIK, "Batik tulis dasar", 80)
    assert cohort.practical_required
    assert [(one.title, one.planned_minutes) for one in cohort.sessions] == [
        ("Mengenal canting", 180),
        ("Pewarnaan", 300),
    ]
    assert [(one.name, one.unit, float(one.total)) for one in cohort.materials] == [
        ("kain mori", "m", 75.0),
        ("malam", "kg", 30.0),
    ]
    assert await look_at(pool, cohort) == cohort


async def test_what_a_request_says_goes_before_its_curriculum(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    await a_curriculum(pool)

    cohort, _ = await open_recurring(pool, curriculum="batik-dasar", title="Batik angkatan 7", required_share=60)

    assert (cohort.title, cohort.required_share) == ("Batik angkatan 7", 60)
    with pytest.raises(Rejected) as other:
        await open_recurring(pool, curriculum="batik-dasar", craft="sewing")
    assert other.value.code == "craft_differs"


async def test_trainers_with_an_account_are_told_when_a_cohort_is_opened_and_when_they_change(
    database: Database,
) -> None:
    pool = await database("training")
    await register_rusun(pool)
    sri, budi = await a_trainer(pool, account="juror-sri"), await a_trainer(pool, "Pak Budi", account="juror-budi")

    cohort, opened = await open_recurring(pool, trainers=[sri.trainer_id])
    _, silent = await open_recurring(pool, trainers=[(await a_trainer(pool, "Bu Tuti")).trainer_id])
    second = cohort.sessions[1].session_id
    _, changed = await replan(pool, second, trainers=[budi.trainer_id])
    _, same = await replan(pool, second, planned_minutes=200)

    key = cohort.cohort_id
    assert opened[1:] == [TrainersAssigned(cohort_id=key, accounts=["juror-sri"])]
    assert changed[1:] == [TrainersAssigned(cohort_id=key, accounts=["juror-budi", "juror-sri"])]
    assert (silent[1:], same[1:]) == ([], [])
    assert (cohort.trainer, [one.name for one in cohort.trainers]) == ("Bu Sri", ["Bu Sri"])
    assert {tuple(session.trainers) for session in cohort.sessions} == {(sri.trainer_id,)}


async def test_a_cohort_gets_other_trainers_for_all_that_is_still_to_be_held(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    sri, budi = await a_trainer(pool, account="juror-sri"), await a_trainer(pool, "Pak Budi", account="juror-budi")
    cohort = await open_cohort(pool, sessions=2, trainers=[sri.trainer_id])
    await hold(pool, cohort, 1, 200, [])
    asked = SetTrainers(cohort_id=cohort.cohort_id, trainers=[budi.trainer_id], reason="Bu Sri is ill")

    changed, events = await do(pool, planning.set_trainers, asked)
    _, again = await do(pool, planning.set_trainers, asked)

    assert events == [TrainersAssigned(cohort_id=cohort.cohort_id, accounts=["juror-budi", "juror-sri"])]
    assert again == []
    assert (changed.trainer, [one.name for one in changed.trainers]) == ("Pak Budi", ["Pak Budi"])
    assert [session.trainers for session in changed.sessions] == [[sri.trainer_id], [budi.trainer_id]]
    assert await look_at(pool, cohort) == changed
    kept = await pool.fetch("SELECT trainers FROM former_plan ORDER BY seq")
    assert [row["trainers"] for row in kept] == [[sri.trainer_id], [budi.trainer_id]]


async def test_an_account_that_a_trainer_gets_later_is_told_for_all_that_she_has_taught(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    sri = await a_trainer(pool)
    cohorts = {(await open_recurring(pool, trainers=[sri.trainer_id]))[0].cohort_id for _ in range(2)}
    await open_recurring(pool)
    asked = SetTrainerAccount(trainer_id=sri.trainer_id, account="juror-sri")

    trainer, events = await do(pool, teaching.set_trainer_account, asked)
    _, again = await do(pool, teaching.set_trainer_account, asked)

    assert trainer.account == "juror-sri"
    assert {event.cohort_id for event in events if isinstance(event, TrainersAssigned)} == cohorts
    assert {tuple(event.accounts) for event in events if isinstance(event, TrainersAssigned)} == {("juror-sri",)}
    assert again == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"trainers": ["00000000-0000-0000-0000-000000000009"]}, "trainer_not_found"),
        ({"place": "nowhere"}, "place_not_found"),
        ({"curriculum": "nothing"}, "curriculum_not_found"),
        ({"craft": None}, "invalid"),
        ({"trainer": None}, "invalid"),
        ({"recurrence": None}, "invalid"),
        ({"sessions": [PlannedSession(planned_start=NOON)]}, "invalid"),
    ],
)
async def test_a_cohort_that_cannot_be_opened_says_why(database: Database, fields: dict[str, Any], code: str) -> None:
    pool = await database("training")
    await register_rusun(pool)

    with pytest.raises((NotFound, Invalid)) as refused:
        await open_recurring(pool, **fields)

    assert refused.value.code == code
    assert await pool.fetchval("SELECT count(*) FROM cohort") == 0


async def test_the_form_without_a_curriculum_goes_on_working(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    form = {"craft": "batik", "title": "Batik", "rusun": "pulogebang", "trainer": "Bu Sri"}
    asked = OpenCohort.model_validate(form | {"sessions": [{"planned_start": NOON.isoformat()}]})

    cohort, _ = await do(pool, courses.open_cohort, asked)

    assert (cohort.capacity, cohort.required_share, cohort.offer_seconds) == (35, 75, 86_400)
    assert (cohort.curriculum, cohort.materials, cohort.trainers, cohort.clashes) == (None, [], [], [])
