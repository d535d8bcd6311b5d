"""Companions, visits and what was agreed on them, on a real database."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.training.handlers import accompaniment, completion
from services.training.storage.accompaniment import forget_words
from services.training.views import accompaniment as accompaniment_views
from shared.contracts.training import RecordPractical
from shared.contracts.training.accompaniment import (
    ListUnaccompanied,
    SetCohortCompanion,
    SetRusunCompanion,
)
from shared.db import Pool
from shared.errors import Invalid, NotFound
from tests.integration.training.accompanying import (
    DINI,
    TODAY,
    TUTI,
    a_graduate,
    ago,
    agreed,
    assign,
    earn,
    finish,
    look_at_accompaniment,
    record_step,
    since,
    visit,
    withdraw_visit,
)
from tests.integration.training.builders import (
    RINI,
    Database,
    a_class,
    complete,
    do,
    enrol,
    hold,
    late,
    open_cohort,
    present,
    register,
    register_rusun,
)


async def without(pool: Pool, **asked: Any) -> list[UUID]:
    found = await do(pool, accompaniment_views.list_unaccompanied, ListUnaccompanied(**asked))
    return [one.maker_id for one in found.items]


async def test_a_maker_has_one_companion_after_the_other(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(90))
    assert (await look_at_accompaniment(pool, maker)).companion is None

    await assign(pool, maker, TUTI, TODAY + timedelta(days=3))
    await assign(pool, maker, DINI, ago(30))
    await assign(pool, maker, "Pak Budi", ago(30))
    await assign(pool, maker, DINI, ago(30))

    seen = await look_at_accompaniment(pool, maker)
    assert seen.companion == DINI
    history = [(ago(30), DINI), (ago(30), "Pak Budi"), (ago(30), DINI), (TODAY + timedelta(days=3), TUTI)]
    assert [(one.since, one.companion) for one in seen.companions] == history
    with pytest.raises(NotFound):
        await assign(pool, uuid4(), DINI)


async def test_who_completes_a_cohort_gets_its_companion_else_that_of_her_rusun(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool, "pulogebang", "daan-mogot")
    await do(pool, accompaniment.set_rusun_companion, SetRusunCompanion(code="daan-mogot", companion="Pak Budi"))
    await do(pool, accompaniment.set_rusun_companion, SetRusunCompanion(code="daan-mogot", companion=TUTI))
    here, there = await a_graduate(pool, ago(2)), await a_graduate(pool, ago(1), rusun="daan-mogot")
    cohort = await open_cohort(pool, sessions=1)
    wanted = SetCohortCompanion(cohort_id=cohort.cohort_id, companion=DINI)
    await do(pool, accompaniment.set_cohort_companion, wanted)
    done, failed, mine = [(await register(pool, rusun="daan-mogot")).maker_id for _ in range(3)]
    for maker in (done, failed, mine):
        await enrol(pool, cohort, maker)
    await assign(pool, mine, "Pak Budi")
    await hold(pool, cohort, 1, 300, [present(done), late(failed, 10), present(mine)])
    await complete(pool, cohort)

    seen = {maker: (await look_at_accompaniment(pool, maker)).companion for maker in (here, there, done, failed, mine)}

    assert seen == {here: None, there: TUTI, done: DINI, failed: None, mine: "Pak Budi"}
    assert await without(pool) == [here]
    assert await without(pool, rusun="daan-mogot") == []
    [given] = (await look_at_accompaniment(pool, there)).companions
    assert (given.since, given.recorded_by) == (ago(1), "system")


async def test_who_completes_later_by_her_piece_gets_a_companion_then(database: Database) -> None:
    pool = await database("training")
    cohort, [maker] = await a_class(pool, makers=1, sessions=1, practical_required=True)
    wanted = SetCohortCompanion(cohort_id=cohort.cohort_id, companion=DINI)
    await do(pool, accompaniment.set_cohort_companion, wanted)
    await hold(pool, cohort, 1, 300, [present(maker)])
    await complete(pool, cohort)
    assert (await look_at_accompaniment(pool, maker)).companion is None

    piece = RecordPractical(cohort_id=cohort.cohort_id, maker_id=maker, accepted=True, piece="Selendang")
    await do(pool, completion.record_practical, piece)

    assert (await look_at_accompaniment(pool, maker)).companion == DINI


async def test_nobody_is_configured_for_a_cohort_or_rusun_that_there_is_not(database: Database) -> None:
    pool = await database("training")

    with pytest.raises(NotFound):
        await do(pool, accompaniment.set_cohort_companion, SetCohortCompanion(cohort_id=uuid4(), companion=DINI))
    with pytest.raises(NotFound):
        await do(pool, accompaniment.set_rusun_companion, SetRusunCompanion(code="nowhere", companion=DINI))


async def test_makers_without_a_companion_are_listed_page_by_page(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    makers = [await a_graduate(pool, ago(days)) for days in (3, 9, 6)]
    await register(pool)

    first = await do(pool, accompaniment_views.list_unaccompanied, ListUnaccompanied(limit=2))

    assert [one.maker_id for one in first.items] == [makers[1], makers[2]]
    assert await without(pool, limit=2, cursor=first.next) == [makers[0]]


async def test_a_visit_is_kept_with_what_was_agreed_on_it(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(90))
    await assign(pool, maker, DINI, ago(90))
    await earn(pool, ago(50), maker)
    await earn(pool, ago(4), maker)
    call = await visit(pool, maker, ago(2), kind="call", companion=TUTI)
    first = await visit(pool, maker, ago(9), note="Mesin jahit rusak", next_steps=agreed(ago(3), TODAY))
    done, open_still = first.next_steps
    await finish(pool, done.step_id)

    seen = await look_at_accompaniment(pool, maker)

    assert [(one.visited_on, one.kind, one.companion) for one in seen.visits] == [
        (ago(9), "visit", DINI),
        (ago(2), "call", TUTI),
    ]
    assert seen.visits[1] == call
    assert (seen.visits[0].note, seen.visits[0].recorded_by) == ("Mesin jahit rusak", RINI)
    assert [(one.what, one.due_on, one.state, one.note, one.ended_by) for one in seen.visits[0].next_steps] == [
        ("Foto produk 0", ago(3), "done", "beres", RINI),
        ("Foto produk 1", TODAY, "open", None, None),
    ]
    assert seen.visits[0].next_steps[1] == open_still
    assert (seen.first_income, seen.last_income) == (ago(50), ago(4))


async def test_what_cannot_be_is_not_recorded(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool)

    with pytest.raises(Invalid):
        await visit(pool, maker, TODAY + timedelta(days=1))
    with pytest.raises(Invalid):
        await visit(pool, maker, TODAY, next_steps=agreed(ago(1)))
    with pytest.raises(NotFound):
        await visit(pool, uuid4())
    with pytest.raises(NotFound):
        await look_at_accompaniment(pool, uuid4())


async def test_the_words_about_a_maker_can_be_forgotten_and_the_days_stay(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker, other = [await a_graduate(pool, ago(90)) for _ in range(2)]
    for whose in (maker, other):
        kept = await visit(pool, whose, ago(20), note="Suaminya sakit", next_steps=agreed(TODAY))
        await finish(pool, kept.next_steps[0].step_id)
    await withdraw_visit(pool, (await visit(pool, maker, ago(5))).visit_id)
    await record_step(pool, maker, "licensing", ago(3))

    async with pool.acquire() as tx, tx.transaction():
        await forget_words(tx, maker)

    seen, untouched = await look_at_accompaniment(pool, maker), await look_at_accompaniment(pool, other)
    words = [(one.note, one.next_steps and one.next_steps[0].what) for one in seen.visits]
    assert words == [(None, "-"), (None, [])]
    assert [one.withdrawn and one.withdrawn.reason for one in seen.visits] == [None, "-"]
    assert untouched.visits[0].note == "Suaminya sakit"
    assert (await since(pool, maker)) == {
        "registration": ago(90),
        "training": ago(90),
        "accompaniment": ago(20),
        "licensing": ago(3),
    }
