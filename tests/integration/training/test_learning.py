"""Where a maker learnt what she makes: by cohort, with the sessions in which she really was."""

from datetime import timedelta
from uuid import UUID

from services.training.views.learning import get_learning
from shared.contracts.training import Craft
from shared.contracts.training.learning import GetLearning
from tests.integration.training.builders import (
    LONG_AGO,
    NOON,
    Database,
    a_class,
    absent,
    complete,
    do,
    enrol,
    hold,
    late,
    open_cohort,
    present,
    session_id,
)


async def test_what_she_learnt_is_told_by_the_minutes_of_each_session(database: Database) -> None:
    pool = await database("training")
    cohort, [ani, wati] = await a_class(pool, 2, sessions=3)
    await hold(pool, cohort, 1, 360, [present(ani), late(wati, 200)])
    await hold(pool, cohort, 2, 300, [late(ani, 290), absent(wati)])

    [learnt] = (await do(pool, get_learning, GetLearning(maker_id=ani))).items

    assert (learnt.cohort_id, learnt.craft, learnt.title) == (cohort.cohort_id, Craft.BATIK, "Batik tulis")
    assert (learnt.minutes, learnt.certificate) == (650, None)
    assert [(one.session_id, one.number, one.minutes) for one in learnt.sessions] == [
        (session_id(cohort, 1), 1, 360),
        (session_id(cohort, 2), 2, 290),
    ]
    assert {one.day for one in learnt.sessions} == {(NOON - timedelta(days=1)).date()}
    [hers] = (await do(pool, get_learning, GetLearning(maker_id=wati))).items
    assert [(one.number, one.minutes) for one in hers.sessions] == [(1, 200)]


async def test_a_cohort_that_she_completed_is_told_with_her_certificate(database: Database) -> None:
    pool = await database("training")
    cohort, [ani] = await a_class(pool, 1, sessions=1)
    await hold(pool, cohort, 1, 300, [present(ani)])
    issued = await complete(pool, cohort)
    [learnt] = (await do(pool, get_learning, GetLearning(maker_id=ani))).items
    assert learnt.certificate == issued.certificates[0].number


async def test_only_the_crafts_that_are_asked_for_are_told(database: Database) -> None:
    pool = await database("training")
    batik, [ani] = await a_class(pool, 1, sessions=1)
    sewing = await open_cohort(pool, 1, craft=Craft.SEWING, title="Menjahit")
    await enrol(pool, sewing, ani, LONG_AGO)
    for cohort in (batik, sewing):
        await hold(pool, cohort, 1, 300, [present(ani)])

    async def titles(*crafts: Craft, maker: UUID = ani) -> set[str]:
        found = await do(pool, get_learning, GetLearning(maker_id=maker, crafts=list(crafts)))
        return {learnt.title for learnt in found.items}

    assert await titles() == {"Batik tulis", "Menjahit"}
    assert await titles(Craft.SEWING) == {"Menjahit"}
    assert await titles(Craft.WEAVING) == set()
    assert await titles(maker=UUID(int=9)) == set()
