"""What was agreed on visits: who has to do it by when, and what became of it, on a real database."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.errors import NotFound, Rejected
from tests.integration.training.accompanying import (
    DINI,
    TODAY,
    TUTI,
    a_graduate,
    agenda,
    ago,
    agreed,
    assign,
    drop,
    finish,
    look_at_accompaniment,
    since,
    visit,
    withdraw_visit,
)
from tests.integration.training.builders import (
    Database,
    register_rusun,
)


async def test_what_was_agreed_is_done_or_dropped_once_even_by_several_at_once(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool)
    [step] = (await visit(pool, maker, next_steps=agreed(TODAY))).next_steps

    ends = [finish(pool, step.step_id), drop(pool, step.step_id), finish(pool, step.step_id)]
    results = await asyncio.gather(*ends, return_exceptions=True)

    assert [error.code for error in results if isinstance(error, Rejected)] == ["next_step_ended"] * 2
    with pytest.raises(NotFound):
        await finish(pool, uuid4())


async def test_an_agenda_has_what_is_overdue_first_and_nothing_that_is_ended(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker, other = [await a_graduate(pool, ago(90)) for _ in range(2)]
    await assign(pool, maker, DINI, ago(90))
    later = TODAY + timedelta(days=7)
    planned = agreed(later, ago(5), TODAY, later + timedelta(days=1), ago(40), ago(1))
    steps = (await visit(pool, maker, ago(50), next_steps=planned)).next_steps
    await finish(pool, steps[4].step_id)
    await drop(pool, steps[5].step_id)
    await visit(pool, other, companion=TUTI, next_steps=agreed(TODAY))

    seen = await agenda(pool)

    assert [(one.due_on, one.overdue) for one in seen.items] == [(ago(5), True), (TODAY, False), (later, False)]
    assert {(one.maker_id, one.name, one.agreed_on) for one in seen.items} == {(maker, "Ibu Ani", ago(50))}
    assert [one.maker_id for one in (await agenda(pool, TUTI)).items] == [other], "hers, who has no companion yet"
    tomorrow = TODAY + timedelta(days=1)
    only: dict[str, Any] = {"from": tomorrow, "to": tomorrow}
    narrow = await agenda(pool, **only)
    assert [one.due_on for one in narrow.items] == [ago(5)], "what is overdue is never left out"
    first = await agenda(pool, limit=2)
    assert [one.due_on for one in (await agenda(pool, cursor=first.next)).items] == [later]


async def test_a_successor_takes_over_what_was_agreed(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(90))
    await assign(pool, maker, DINI, ago(90))
    await visit(pool, maker, ago(5), next_steps=agreed(TODAY))

    await assign(pool, maker, TUTI, TODAY)

    assert (await agenda(pool)).items == []
    assert len((await agenda(pool, TUTI)).items) == 1


async def test_a_visit_that_was_recorded_wrongly_counts_for_nothing_and_stays_readable(database: Database) -> None:
    pool = await database("training")
    await register_rusun(pool)
    maker = await a_graduate(pool, ago(90))
    wrong = await visit(pool, maker, ago(20), next_steps=agreed(TODAY))
    await visit(pool, maker, ago(10))
    assert (await since(pool, maker))["accompaniment"] == ago(20)

    await withdraw_visit(pool, wrong.visit_id)

    assert (await since(pool, maker))["accompaniment"] == ago(10)
    assert (await agenda(pool)).items == []
    gone, right = (await look_at_accompaniment(pool, maker)).visits
    assert gone.withdrawn is not None
    assert (gone.withdrawn.reason, right.withdrawn) == ("another maker", None)
    with pytest.raises(Rejected):
        await withdraw_visit(pool, wrong.visit_id)
    with pytest.raises(NotFound):
        await withdraw_visit(pool, uuid4())
