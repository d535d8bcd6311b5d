"""The funnel follows from the logs: whatever moves it is told, also what was recorded before that was so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.accompanying import EVENTS
from services.training.handlers import accompaniment, completion, homes, progress
from services.training.replay.funnel import Funnels, verify
from shared import db
from shared.contracts.message import Event, Message
from shared.contracts.sales import MakersEarned
from shared.contracts.training import CompleteCohort, RecordPractical
from shared.contracts.training.accompaniment import RecordVisit, WithdrawVisit
from shared.contracts.training.people import MoveMaker
from shared.contracts.training.progress import ProgrammeStep, RecordStep, SetProgrammeSteps, WithdrawStep
from shared.db import Pool
from shared.runtime import outbox
from shared.runtime.decode import Decoder
from shared.runtime.envelope import join
from shared.runtime.migrate import migrate
from shared.runtime.store import Store, silent
from tests.conftest import SERVICES, MakeDatabase
from tests.integration.training.builders import (
    NOON,
    a_maker,
    enrol,
    hold,
    open_cohort,
    present,
    received,
    register_maker,
    register_rusun,
)

MIGRATIONS, TOLD = SERVICES / "training" / "migrations", "0006_funnel_told.sql"
TODAY = NOON.date()


class Programme:
    """Training with its log, and sales' log as far as it tells of income."""

    def __init__(self, urls: dict[str, str], training: Pool, sales: Pool) -> None:
        self.urls, self.training, self.sales = urls, training, sales

    async def do(
        self,
        handle: Callable[..., Awaitable[tuple[Any, list[Event]]]],
        data: Message,
        log: bool = True,
        now: datetime = NOON,
    ) -> Any:
        """With its events in the log, unless nothing of the kind was told in those days."""
        async with self.training.acquire() as tx, tx.transaction():
            reply, events = await handle(received(data, now), tx)
            await outbox.put_own(tx, "training", events if log else [], NOON)
        return reply

    async def register(self, rusun: str = "pulogebang") -> UUID:
        maker = await self.do(register_maker, a_maker(rusun=rusun, since=date(2026, 1, 1)))
        return UUID(str(maker.maker_id))

    async def earn(self, day: date, *makers: UUID, heard: bool = True) -> None:
        async with self.sales.acquire() as tx, tx.transaction():
            await outbox.put_own(tx, "sales", [MakersEarned(day=day, maker_ids=list(makers))], NOON)
        text = await self.sales.fetchval("SELECT envelope FROM event_log ORDER BY recorded_at DESC LIMIT 1")
        if heard:
            store = Store("training", EVENTS, silent, lambda: NOON)
            await store.store(self.training, Decoder(tuple(EVENTS)).decode(join([text]), NOON))

    async def verify(self) -> Funnels:
        return await verify(self.urls["training"], self.urls["sales"])


@pytest.fixture
async def programme(make_database: MakeDatabase) -> AsyncIterator[Programme]:
    urls = {name: await make_database(name) for name in ("training", "sales")}
    pools = [await db.open_pool(url, "tests", size=3) for url in urls.values()]
    yield Programme(urls, *pools)
    for pool in pools:
        pool.terminate()


async def live(programme: Programme, log: bool = True) -> None:
    """Three makers in two rusun; one moves. Visits, steps, one of each withdrawn, another order."""
    ani, wati, sri = [await programme.register(rusun) for rusun in ("pulogebang", "pulogebang", "komarudin")]
    move = MoveMaker(maker_id=wati, rusun="komarudin", block="B", unit="1", since=TODAY - timedelta(days=3))
    await programme.do(homes.move_maker, move)
    visits = [
        await programme.do(
            accompaniment.record_visit,
            RecordVisit.model_validate(
                {"maker_id": maker, "visited_on": TODAY - timedelta(days=n), "companion": "Dini"}
            ),
            log,
        )
        for n, maker in enumerate((ani, ani, sri))
    ]
    await programme.do(accompaniment.withdraw_visit, WithdrawVisit(visit_id=visits[2].visit_id, reason="not she"), log)
    for step, maker in (("licensing", ani), ("capital", sri), ("capital", ani)):
        said = RecordStep(maker_id=maker, step=step, reached_on=TODAY - timedelta(days=60))
        record = await programme.do(progress.record_step, said, log)
    gone = WithdrawStep(maker_id=ani, record_id=record.record_id, reason="the bank said no")
    await programme.do(progress.withdraw_step, gone, log)
    steps = [ProgrammeStep(code=code, name_id=code, name_en=code) for code in ("registration", "capital", "training")]
    await programme.do(progress.set_programme_steps, SetProgrammeSteps(valid_from=TODAY, steps=steps), log)
    await programme.earn(TODAY - timedelta(days=100), ani, sri)
    await programme.earn(TODAY - timedelta(days=160), sri)
    await complete(programme, ani, wati)


async def complete(programme: Programme, done: UUID, later: UUID) -> None:
    """One has completed the course at its end; the other lacked her piece, which came afterwards."""
    pool = programme.training
    cohort = await open_cohort(pool, 1, practical_required=True)
    for maker in (done, later):
        await enrol(pool, cohort, maker, NOON - timedelta(days=90))
    await hold(pool, cohort, 1, 180, [present(done), present(later)])
    piece = RecordPractical(cohort_id=cohort.cohort_id, maker_id=done, piece="kain", accepted=True)
    await programme.do(completion.record_practical, piece)
    await programme.do(completion.complete_cohort, CompleteCohort(cohort_id=cohort.cohort_id))
    afterwards = NOON + timedelta(days=60)
    await programme.do(completion.record_practical, piece.model_copy(update={"maker_id": later}), now=afterwards)


async def test_whatever_moves_the_funnel_is_told(programme: Programme) -> None:
    await register_rusun(programme.training, "pulogebang", "komarudin")
    await live(programme)
    funnels = await programme.verify()
    assert funnels.replayed == funnels.production
    steps = {of.split()[1] for of in funnels.production if of.startswith("all ")}
    assert steps == {"registration", "training", "accompaniment", "licensing", "marketing", "capital"}
    assert f"order {TODAY}" in funnels.production
    assert {of.split()[0] for of in funnels.production} == {"all", "order", "pulogebang", "komarudin"}


async def test_what_is_not_in_the_log_is_missed(programme: Programme) -> None:
    await register_rusun(programme.training, "pulogebang", "komarudin")
    await live(programme, log=False)
    funnels = await programme.verify()
    missed = {of.split()[1] for of in funnels.production.keys() - funnels.replayed.keys()}
    assert missed == {"accompaniment", "licensing", "capital", str(TODAY)}


async def test_what_was_recorded_before_it_was_told_is_told_by_the_upgrade(programme: Programme) -> None:
    await register_rusun(programme.training, "pulogebang", "komarudin")
    await live(programme, log=False)
    await programme.training.execute("DELETE FROM schema_migrations WHERE name = $1", TOLD)
    assert await migrate(programme.urls["training"], "training", MIGRATIONS) == [TOLD]
    funnels = await programme.verify()
    assert funnels.replayed == funnels.production


async def test_income_that_training_has_not_heard_of_yet_has_no_part_in_it(programme: Programme) -> None:
    await register_rusun(programme.training)
    maker = await programme.register()
    await programme.earn(TODAY, maker, heard=False)
    funnels = await programme.verify()
    assert funnels.replayed == funnels.production
    assert not [of for of in funnels.production if "marketing" in of]
