"""Makers who have completed a course, what they earn, and what is done for them."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.training.domain.calendar import JAKARTA
from services.training.handlers import accompaniment, income, progress, proposals
from services.training.jobs import expire_once, find_once
from services.training.views import accompaniment as accompaniment_views
from services.training.views import income as income_views
from services.training.views import progress as progress_views
from services.training.views import proposals as proposal_views
from shared.contracts.catalog import ChangesRequested, MakerWeight, ProductRejected
from shared.contracts.message import Event
from shared.contracts.sales import MakersEarned
from shared.contracts.training import Cohort, Craft
from shared.contracts.training.accompaniment import (
    Accompaniment,
    Agenda,
    AssignCompanion,
    DropNextStep,
    FinishNextStep,
    GetAccompaniment,
    GetAgenda,
    ListWithoutIncome,
    MakersWithoutIncome,
    NextStep,
    RecordVisit,
    Visit,
    WithdrawVisit,
)
from shared.contracts.training.progress import (
    Funnel,
    GetFunnel,
    GetProgress,
    MakerReachedStep,
    Progress,
    RecordStep,
    StepRecord,
)
from shared.contracts.training.proposals import (
    Answered,
    AnswerProposal,
    Candidates,
    ListCandidates,
    Proposal,
    Propose,
)
from shared.db import Pool
from shared.runtime.handler import Outcome
from tests.integration.training.builders import (
    NOON,
    complete,
    do,
    enrol,
    hold,
    open_cohort,
    present,
    received,
    register,
    register_rusun,
)

TODAY = date(2026, 11, 21)
DINI, TUTI = "Bu Dini", "Bu Tuti"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def noon(day: date) -> datetime:
    """In Jakarta."""
    return datetime.combine(day, time(12), JAKARTA)


async def a_graduate(pool: Pool, on: date = TODAY, craft: Craft = Craft.BATIK, **fields: Any) -> UUID:
    """A maker who registered and completed a course on that day. Her rusun must be there."""
    maker = (await register(pool, noon(on), **fields)).maker_id
    await graduate(pool, maker, on, craft)
    return maker


async def graduate(pool: Pool, maker: UUID, on: date = TODAY, craft: Craft = Craft.BATIK) -> Cohort:
    """A course of one session that she was at."""
    cohort = await open_cohort(pool, sessions=1, craft=craft)
    await enrol(pool, cohort, maker)
    await hold(pool, cohort, 1, 300, [present(maker)])
    await complete(pool, cohort, noon(on))
    return cohort


async def earn(pool: Pool, day: date, *makers: UUID) -> list[Outcome]:
    """Sales tells that they earned on that day."""
    return await hear(pool, MakersEarned(day=day, maker_ids=list(makers)))


async def hear(pool: Pool, *events: MakersEarned) -> list[Outcome]:
    async with pool.acquire() as tx, tx.transaction():
        return await income.learn_income([received(event) for event in events], tx)


async def send_back(
    pool: Pool, day: date, *makers: UUID, kind: type[ChangesRequested | ProductRejected] = ChangesRequested
) -> None:
    """The jury sends a product of theirs back."""
    weights = [MakerWeight(maker_id=maker) for maker in makers]
    event = kind(submission_id=uuid4(), title="Kain", reasons=["loose seams"], makers=weights)
    async with pool.acquire() as tx, tx.transaction():
        assert await income.learn_sent_back([received(event, noon(day))], tx) == []


async def record_step(pool: Pool, maker: UUID, step: str, day: date) -> StepRecord:
    record, events = await do(pool, progress.record_step, RecordStep(maker_id=maker, step=step, reached_on=day))
    assert events == [MakerReachedStep(fact_id=record.record_id, maker_id=maker, step=step, reached_on=day)]
    return record


async def visit(pool: Pool, maker: UUID, day: date = TODAY, **fields: Any) -> Visit:
    said = RecordVisit.model_validate({"maker_id": maker, "visited_on": day, "companion": DINI} | fields)
    recorded, events = await do(pool, accompaniment.record_visit, said)
    reached = {"fact_id": recorded.visit_id, "maker_id": maker, "step": "accompaniment", "reached_on": day}
    assert events == [MakerReachedStep.model_validate(reached)], "nothing of what was said"
    return recorded


async def assign(pool: Pool, maker: UUID, companion: str, since: date | None = None) -> None:
    wanted = AssignCompanion(maker_id=maker, companion=companion, since=since)
    await do(pool, accompaniment.assign_companion, wanted)


async def look_at_progress(pool: Pool, maker: UUID) -> Progress:
    return await do(pool, progress_views.get_progress, GetProgress(maker_id=maker))


async def since(pool: Pool, maker: UUID) -> dict[str, date]:
    """The steps that she has reached."""
    return {step.code: step.since for step in (await look_at_progress(pool, maker)).steps if step.since}


async def funnel(pool: Pool, **asked: Any) -> Funnel:
    return await do(pool, progress_views.get_funnel, GetFunnel(**asked))


async def attention(pool: Pool, now: datetime = NOON, **asked: Any) -> MakersWithoutIncome:
    return await do(pool, income_views.list_without_income, ListWithoutIncome(**asked), now)


async def find(pool: Pool, today: date = TODAY) -> list[Event]:
    """What the job finds on that day."""
    async with pool.acquire() as tx, tx.transaction():
        _, events = await find_once(tx, today)
    return events


async def expire(pool: Pool, today: date = TODAY) -> list[Event]:
    async with pool.acquire() as tx, tx.transaction():
        _, events = await expire_once(tx, today)
    return events


async def candidates(pool: Pool, **asked: Any) -> Candidates:
    wanted = ListCandidates.model_validate({"for": "order"} | asked)
    return await do(pool, proposal_views.list_candidates, wanted)


def an_order(maker: UUID, **other: Any) -> Propose:
    given = {"maker_id": maker, "kind": "order", "about": "B2B-2026-014", "due_on": TODAY + timedelta(days=7)}
    return Propose.model_validate(given | other)


async def propose(pool: Pool, maker: UUID, now: datetime = NOON, **other: Any) -> tuple[Proposal, list[Event]]:
    return await do(pool, proposals.propose, an_order(maker, **other), now)


async def answer(pool: Pool, proposal: Proposal, accepted: bool, now: datetime = NOON) -> tuple[Answered, list[Event]]:
    said = AnswerProposal(proposal_id=proposal.proposal_id, accepted=accepted, note="Ibu senang")
    return await do(pool, proposals.answer_proposal, said, now)


async def ranked(pool: Pool, **asked: Any) -> list[UUID]:
    return [one.maker_id for one in (await candidates(pool, **asked)).items]


async def five(pool: Pool) -> list[UUID]:
    """As they should be asked: never earned, long ago, sent back, and two who have earned lately."""
    await register_rusun(pool)
    never, long_ago = await a_graduate(pool, ago(90)), await a_graduate(pool, ago(300))
    back, less, more = [await a_graduate(pool, ago(300)) for _ in range(3)]
    for days, maker in ((70, long_ago), (5, back), (20, less), (1, more)):
        await earn(pool, ago(days), maker)
    await send_back(pool, ago(100), back)
    await send_back(pool, ago(200), more)
    return [never, long_ago, back, less, more]


def agreed(*due: date) -> list[dict[str, Any]]:
    return [{"what": f"Foto produk {n}", "due_on": day} for n, day in enumerate(due)]


async def look_at_accompaniment(pool: Pool, maker: UUID) -> Accompaniment:
    return await do(pool, accompaniment_views.get_accompaniment, GetAccompaniment(maker_id=maker))


async def agenda(pool: Pool, name: str = DINI, **asked: Any) -> Agenda:
    return await do(pool, accompaniment_views.get_agenda, GetAgenda.model_validate({"name": name} | asked))


async def finish(pool: Pool, step_id: UUID) -> NextStep:
    step, events = await do(pool, accompaniment.finish_next_step, FinishNextStep(step_id=step_id, note="beres"))
    assert events == []
    return step


async def drop(pool: Pool, step_id: UUID) -> NextStep:
    step, _ = await do(pool, accompaniment.drop_next_step, DropNextStep(step_id=step_id, reason="she moved"))
    return step


async def withdraw_visit(pool: Pool, visit_id: UUID) -> None:
    await do(pool, accompaniment.withdraw_visit, WithdrawVisit(visit_id=visit_id, reason="another maker"))
