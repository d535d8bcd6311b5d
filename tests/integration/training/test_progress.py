"""The programme's steps, how far each maker has come, and the funnel, on a real database."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.training.handlers import progress
from services.training.views import progress as progress_views
from shared.contracts.training.progress import (
    GetFunnel,
    GetProgress,
    ListProgrammeSteps,
    ProgrammeStep,
    RecordStep,
    SetProgrammeSteps,
    WithdrawStep,
)
from shared.db import Pool
from shared.errors import Conflict, Invalid, NotFound, Rejected
from tests.integration.training.accompanying import (
    TODAY,
    a_graduate,
    ago,
    earn,
    funnel,
    look_at_progress,
    noon,
    record_step,
    since,
    visit,
)
from tests.integration.training.builders import RINI, Database, do, register, register_rusun

SEVEN = ("registration", "training", "accompaniment", "licensing", "marketing", "financial-reporting", "capital")


def steps(*codes: str) -> list[ProgrammeStep]:
    return [ProgrammeStep(code=code, name_id=f"Langkah {code}", name_en=f"Step {code}") for code in codes]


async def set_steps(pool: Pool, valid_from: date, *codes: str) -> None:
    await do(pool, progress.set_programme_steps, SetProgrammeSteps(valid_from=valid_from, steps=steps(*codes)))


async def withdraw(pool: Pool, maker: UUID, record_id: UUID, reason: str = "wrong maker") -> None:
    wanted = WithdrawStep(maker_id=maker, record_id=record_id, reason=reason)
    await do(pool, progress.withdraw_step, wanted)


async def test_the_citys_seven_steps_are_there_from_the_beginning(database: Database) -> None:
    pool = await database("training")

    [first] = (await do(pool, progress_views.list_programme_steps, ListProgrammeSteps())).items

    assert tuple(step.code for step in first.steps) == SEVEN
    assert (first.steps[4].name_id, first.steps[4].name_en) == ("Pemasaran", "Marketing")


async def test_another_order_of_the_steps_holds_from_its_day_on(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool)
    await set_steps(pool, TODAY + timedelta(days=1), "registration", "mentoring", "training")
    assert (await look_at_progress(pool, maker)).next == "accompaniment"

    tomorrow = noon(TODAY + timedelta(days=1))
    seen = await do(pool, progress_views.get_progress, GetProgress(maker_id=maker), tomorrow)

    assert [(step.code, step.since) for step in seen.steps] == [
        ("registration", TODAY),
        ("mentoring", None),
        ("training", TODAY),
    ]
    assert seen.next == "mentoring"
    counted = await do(pool, progress_views.get_funnel, GetFunnel(at=tomorrow.date()), tomorrow)
    assert [step.reached for step in counted.steps] == [1, 0, 1]
    page = await do(pool, progress_views.list_programme_steps, ListProgrammeSteps(limit=1))
    [second] = page.items
    assert (second.valid_from, second.set_by) == (tomorrow.date(), RINI)
    rest = await do(pool, progress_views.list_programme_steps, ListProgrammeSteps(limit=1, cursor=page.next))
    assert [tuple(step.code for step in order.steps) for order in rest.items] == [SEVEN]
    assert rest.next is None


async def test_one_order_is_set_for_a_day_and_names_each_step_once(database: Database) -> None:
    pool = await database("training")
    await set_steps(pool, TODAY, "registration")

    with pytest.raises(Conflict):
        await set_steps(pool, TODAY, "registration", "training")
    with pytest.raises(Invalid):
        await set_steps(pool, ago(1), "registration", "registration")


async def test_facts_bring_a_maker_from_step_to_step_by_themselves(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    fresh = (await register(pool, noon(ago(90)))).maker_id
    assert await since(pool, fresh) == {"registration": ago(90)}
    maker = await a_graduate(pool, ago(80))

    await visit(pool, maker, ago(10))
    await visit(pool, maker, ago(20))
    await earn(pool, ago(5), maker)
    await earn(pool, ago(7), maker)

    seen = await look_at_progress(pool, maker)
    assert {step.code: step.since for step in seen.steps if step.since} == {
        "registration": ago(80),
        "training": ago(80),
        "accompaniment": ago(20),
        "marketing": ago(7),
    }
    assert seen.next == "licensing"
    assert [(fact.step, fact.source) for fact in seen.history] == [
        ("registration", "registered"),
        ("training", "course"),
        ("accompaniment", "visit"),
        ("accompaniment", "visit"),
        ("marketing", "income"),
    ]


async def test_a_step_reached_twice_keeps_the_earlier_date_and_a_wrong_one_is_taken_back(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool, noon(ago(90)))).maker_id
    await record_step(pool, maker, "licensing", ago(20))
    wrong = await record_step(pool, maker, "licensing", ago(30))
    later = await record_step(pool, maker, "licensing", ago(10))
    assert (wrong.since, later.since) == (ago(30), ago(30))

    await withdraw(pool, maker, wrong.record_id)

    seen = await look_at_progress(pool, maker)
    assert {step.code: step.since for step in seen.steps if step.since} == {
        "registration": ago(90),
        "licensing": ago(20),
    }
    [gone] = [fact for fact in seen.history if fact.withdrawn]
    assert gone.withdrawn is not None
    assert (gone.record_id, gone.reached_on, gone.recorded_by) == (wrong.record_id, ago(30), RINI)
    assert (gone.withdrawn.reason, gone.withdrawn.by) == ("wrong maker", RINI)
    with pytest.raises(Rejected) as refused:
        await withdraw(pool, maker, wrong.record_id)
    assert refused.value.code == "already_withdrawn"


async def test_only_what_a_person_recorded_of_this_maker_is_withdrawn(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker, other = [(await register(pool)).maker_id for _ in range(2)]
    record = await record_step(pool, maker, "capital", TODAY)

    for wrong in ((other, record.record_id), (maker, uuid4())):
        with pytest.raises(NotFound):
            await withdraw(pool, *wrong)


async def test_what_cannot_be_is_not_recorded(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = (await register(pool)).maker_id

    with pytest.raises(Rejected):
        await record_step(pool, maker, "exporting", TODAY)
    with pytest.raises(Invalid):
        await record_step(pool, maker, "capital", TODAY + timedelta(days=1))
    with pytest.raises(NotFound):
        await do(pool, progress.record_step, RecordStep(maker_id=uuid4(), step="capital", reached_on=TODAY))
    with pytest.raises(NotFound):
        await look_at_progress(pool, uuid4())


async def test_the_funnel_counts_who_had_reached_what_by_a_day(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    for days in (100, 90, 80):
        await register(pool, noon(ago(days)))
    early, late = await a_graduate(pool, ago(60)), await a_graduate(pool, ago(10))
    await visit(pool, early, ago(30))
    await visit(pool, early, ago(20))
    await earn(pool, ago(5), early, late)

    now, before = await funnel(pool), await funnel(pool, at=ago(40))

    assert [step.reached for step in now.steps] == [5, 2, 1, 0, 2, 0, 0]
    assert [step.share_of_first_bps for step in now.steps] == [10_000, 4_000, 2_000, 0, 4_000, 0, 0]
    assert [step.share_of_before_bps for step in now.steps] == [None, 4_000, 5_000, 0, None, 0, None]
    assert (now.at, before.at) == (TODAY, ago(40))
    assert [step.reached for step in before.steps] == [4, 1, 0, 0, 0, 0, 0]


async def test_the_funnel_counts_a_maker_where_she_lived_on_that_day(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "daan-mogot")
    moved = await a_graduate(pool, ago(60))
    await a_graduate(pool, ago(50), rusun="daan-mogot")
    await pool.execute("INSERT INTO maker_home VALUES ($1, $2, 'daan-mogot', 'B', '7', now(), 'rini')", moved, ago(15))
    await record_step(pool, moved, "licensing", ago(70))

    async def trained(rusun: str, days: int) -> int:
        return (await funnel(pool, rusun=rusun, at=ago(days))).steps[1].reached

    assert [await trained("pulogebang", days) for days in (61, 60, 16, 15, 0)] == [0, 1, 1, 0, 0]
    assert [await trained("daan-mogot", days) for days in (61, 60, 16, 15, 0)] == [0, 0, 1, 2, 2]
    old = [(await funnel(pool, rusun=rusun, at=ago(70))).steps[3].reached for rusun in ("pulogebang", "daan-mogot")]
    assert old == [1, 0], "before her first day she is counted where she lived first"
    with pytest.raises(NotFound):
        await funnel(pool, rusun="nowhere")
