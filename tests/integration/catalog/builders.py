"""What catalog tests are made of: makers, a submission, jurors' scores, and a way to ask for things."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from services.catalog.handlers import jury, selection
from shared.contracts.catalog import (
    Criterion,
    DecideSubmission,
    MakerWeight,
    ReviewSubmission,
    Submission,
    SubmitProduct,
    Verdict,
)
from shared.contracts.message import Event, Message
from shared.contracts.training import Craft, MakerRegistered
from shared.db import Pool, Tx
from shared.runtime.envelope import Envelope, Received

M = TypeVar("M", bound=Message)
R = TypeVar("R")
Database = Callable[[str], Awaitable[Pool]]
ANI, WATI = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def received(data: M, actor: str = "coordinator:rini", now: datetime = NOON) -> Received[M]:
    """`data` as the runtime would hand it over."""
    key = uuid4()
    envelope: Envelope[M] = Envelope(
        specversion="1.0", id=str(key), source="/tests", type=data.wire, time=now, actor=actor, data=data
    )
    return Received(key, data, now, envelope)


async def do(
    pool: Pool,
    handle: Callable[[Received[M], Tx], Awaitable[R]],
    data: M,
    actor: str = "coordinator:rini",
    now: datetime = NOON,
) -> R:
    """One command or query in a transaction of its own, as the runtime does it."""
    async with pool.acquire() as tx, tx.transaction():
        return await handle(received(data, actor, now), tx)


async def register(pool: Pool, *makers: UUID) -> None:
    """The makers' registrations arrive."""
    since = NOON.date()
    events = [MakerRegistered(maker_id=maker, rusun="marunda", cooperative="kopma", since=since) for maker in makers]
    async with pool.acquire() as tx, tx.transaction():
        await selection.learn_makers([received(event) for event in events], tx)


def a_shawl(*makers: UUID, craft: Craft = Craft.BATIK, title: str = "Parang shawl") -> SubmitProduct:
    return SubmitProduct(
        title=title,
        craft=craft,
        technique="tulis",
        material="silk",
        hours=40,
        asking_price=700_000,
        makers=[MakerWeight(maker_id=maker, weight=n) for n, maker in enumerate(makers or (ANI,), start=1)],
    )


async def submit(pool: Pool, *makers: UUID, craft: Craft = Craft.BATIK, title: str = "Parang shawl") -> Submission:
    submission, _ = await do(pool, selection.submit_product, a_shawl(*makers, craft=craft, title=title))
    return submission


def a_review(submission: Submission, score: int = 8) -> ReviewSubmission:
    """The same score for every criterion."""
    return ReviewSubmission(submission_id=submission.submission_id, scores=dict.fromkeys(Criterion, score))


def a_decision(
    submission: Submission, verdict: Verdict = Verdict.APPROVE, *reasons: str, price: int | None = 700_000
) -> DecideSubmission:
    return DecideSubmission(submission_id=submission.submission_id, verdict=verdict, reasons=list(reasons), price=price)


async def approve(
    pool: Pool, submission: Submission, sku: str | None = None, price_from: datetime | None = None
) -> tuple[Submission, list[Event]]:
    """A juror is content and the coordinator approves."""
    await do(pool, jury.review_submission, a_review(submission), "juror:dewi")
    decision = a_decision(submission).model_copy(update={"sku": sku, "price_from": price_from})
    return await do(pool, selection.decide_submission, decision)


async def a_product(pool: Pool, sku: str | None = None, craft: Craft = Craft.BATIK) -> str:
    """An approved product for Rp700.000 by Ani, who must be registered; its SKU."""
    approved, _ = await approve(pool, await submit(pool, craft=craft), sku)
    assert approved.sku is not None
    return approved.sku
