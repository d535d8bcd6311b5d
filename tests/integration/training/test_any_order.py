"""Facts of a maker in any order, some told twice, lead to the same progress and to the same time without income."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.training.handlers import progress
from shared import db
from shared.contracts.training import MakerWithoutIncome
from shared.contracts.training.progress import WithdrawStep
from shared.db import Pool
from shared.runtime.migrate import migrate
from tests.conftest import Urls
from tests.integration.training.accompanying import (
    TODAY,
    ago,
    answer,
    attention,
    earn,
    find,
    graduate,
    noon,
    propose,
    record_step,
    since,
    visit,
)
from tests.integration.training.builders import do, register, register_rusun

MIGRATIONS = Path(__file__).parents[3] / "services" / "training" / "migrations"
REGISTERED = 400
quick = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


class Fact(NamedTuple):
    """Something that happened so many days ago."""

    kind: str
    days: int


STEPS = {"visit": "accompaniment", "income": "marketing", "licence": "licensing", "mistake": "licensing"}
kinds = st.sampled_from(["course", "income", "order", "visit", "licence", "mistake"])
lives = st.lists(st.builds(Fact, kinds, st.integers(0, 200)), max_size=7)
disorders = lives.flatmap(lambda life: st.tuples(st.just(life), st.permutations([*life, *life[:2]])))


class Desk:
    """A database of its own for all examples, each with a maker of its own. Hypothesis is synchronous."""

    def __init__(self, servers: Urls) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._servers, self._name = servers, f"t_{uuid4().hex[:12]}"
        self.pool: Pool = self.run(self._open())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def close(self) -> None:
        self.pool.terminate()
        self.run(self._admin(f"DROP DATABASE {self._name} WITH (FORCE)"))
        self._runner.close()

    async def _open(self) -> Pool:
        await self._admin(f"CREATE DATABASE {self._name}")
        await migrate(self._servers.database_of(self._name), "training", MIGRATIONS)
        pool = await db.open_pool(self._servers.database_of(self._name), "tests")
        await register_rusun(pool)
        return pool

    async def _admin(self, statement: str) -> None:
        admin = await db.connect(self._servers.database, "tests")
        await admin.execute(statement)
        await admin.close()


@pytest.fixture(scope="module")
def desk(servers: Urls) -> Iterator[Desk]:
    made = Desk(servers)
    yield made
    made.close()


async def live(pool: Pool, facts: Sequence[Fact]) -> UUID:
    """A maker of whom these facts are told in this order."""
    maker = (await register(pool, noon(ago(REGISTERED)))).maker_id
    await graduate(pool, maker, ago(300))
    for fact in facts:
        await tell(pool, maker, fact)
    return maker


async def tell(pool: Pool, maker: UUID, fact: Fact) -> None:
    day = ago(fact.days)
    if fact.kind == "course":
        await graduate(pool, maker, day)
    elif fact.kind == "income":
        await earn(pool, day, maker)
    elif fact.kind == "order":
        wanted = {"about": f"X-{uuid4()}", "due_on": day, "passed_over": "it does not matter here"}
        made, _ = await propose(pool, maker, noon(day), **wanted)
        await answer(pool, made, accepted=True, now=noon(day))
    elif fact.kind == "visit":
        await visit(pool, maker, day)
    else:
        record = await record_step(pool, maker, "licensing", day)
        if fact.kind == "mistake":
            wrong = WithdrawStep(maker_id=maker, record_id=record.record_id, reason="mistake")
            await do(pool, progress.withdraw_step, wrong)


def expected_since(life: Sequence[Fact]) -> dict[str, date]:
    steps = {"registration": ago(REGISTERED), "training": ago(300)}
    for kind in ("visit", "income", "licence"):
        days = [fact.days for fact in life if fact.kind == kind]
        if days:
            steps[STEPS[kind]] = ago(max(days))
    return steps


def expected_gap(life: Sequence[Fact]) -> date:
    return ago(min([300, *[fact.days for fact in life if fact.kind in ("income", "order")]]))


@quick
@given(told=disorders)
def test_progress_has_the_same_dates_whatever_the_order(desk: Desk, told: tuple[list[Fact], list[Fact]]) -> None:
    life, disorder = told

    async def both() -> list[dict[str, date]]:
        return [await since(desk.pool, await live(desk.pool, facts)) for facts in (life, disorder)]

    in_order, in_disorder = desk.run(both())

    assert in_order == in_disorder == expected_since(life)


@quick
@given(told=disorders, days=st.integers(1, 250))
def test_a_time_without_income_begins_with_the_last_of_them_whatever_the_order(
    desk: Desk, told: tuple[list[Fact], list[Fact]], days: int
) -> None:
    life, disorder = told
    gap = expected_gap(life)

    async def look() -> tuple[list[date], list[MakerWithoutIncome], int]:
        maker = await live(desk.pool, disorder)
        seen = (await attention(desk.pool, days=days, limit=500)).items
        found = [event for event in await find(desk.pool) if isinstance(event, MakerWithoutIncome)]
        again = await find(desk.pool)
        return (
            [one.since for one in seen if one.maker_id == maker],
            [f for f in found if f.maker_id == maker],
            len(again),
        )

    shown, found, again = desk.run(look())

    assert shown == ([gap] if (TODAY - gap).days >= days else [])
    assert [(one.since, one.days) for one in found] == ([(gap, (TODAY - gap).days)] if (TODAY - gap).days >= 60 else [])
    assert again == 0
