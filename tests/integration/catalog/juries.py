"""What tests of the selection are made of: cohorts and their trainers, criteria, jurors who score, decisions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.catalog.handlers import criteria, jury, selection
from services.catalog.views import selection as views
from shared.contracts.catalog import (
    AbstainFromReview,
    Criteria,
    Criterion,
    DecideSubmission,
    GetSubmission,
    ResubmitProduct,
    Review,
    ReviewSubmission,
    SetCriteria,
    Submission,
    Verdict,
    WholeSubmission,
)
from shared.contracts.training import Craft, MakerEnrolled, TrainersAssigned
from shared.db import Pool
from tests.integration.catalog.builders import ANI, NOON, do, received

COHORT, LATER_COHORT = UUID(int=50), UUID(int=51)
DEWI, SARI, TUTI = "juror:dewi", "juror:sari", "juror:tuti"
WEIGHTS = {Criterion.MARKET_FIT: 50, Criterion.FINISH: 50}


async def teach(pool: Pool, *accounts: str, cohort: UUID = COHORT) -> None:
    """The cohort's trainers are named."""
    event = TrainersAssigned(cohort_id=cohort, accounts=list(accounts))
    async with pool.acquire() as tx, tx.transaction():
        await jury.learn_trainers([received(event)], tx)


async def enrol(pool: Pool, *makers: UUID, cohort: UUID = COHORT) -> None:
    """They come into the cohort."""
    events = [MakerEnrolled(cohort_id=cohort, maker_id=maker, craft=Craft.BATIK) for maker in makers or (ANI,)]
    async with pool.acquire() as tx, tx.transaction():
        await jury.learn_enrolments([received(event) for event in events], tx)


def some_criteria(valid_from: datetime = NOON, **said: Any) -> SetCriteria:
    """Two criteria, two jurors, a pass mark of 700, unless something else is said."""
    terms = {"valid_from": valid_from, "pass_mark": 700, "quorum": 2, "weights": WEIGHTS}
    return SetCriteria.model_validate(terms | said)


async def agree(pool: Pool, valid_from: datetime = NOON, **said: Any) -> Criteria:
    made, _ = await do(pool, criteria.set_criteria, some_criteria(valid_from, **said))
    return made


async def score(
    pool: Pool, submission: Submission, juror: str, points: int = 8, *, correct: bool = False, **scores: int
) -> Review:
    """The same for every criterion of the programme's first ones, unless `scores` are given."""
    given = {name.replace("_", "-"): n for name, n in scores.items()} or dict.fromkeys(Criterion, points)
    wanted = ReviewSubmission.model_validate(
        {"submission_id": submission.submission_id, "scores": given, "correct": correct}
    )
    review, _ = await do(pool, jury.review_submission, wanted, juror)
    return review


async def abstain(pool: Pool, submission: Submission, juror: str) -> None:
    wanted = AbstainFromReview(submission_id=submission.submission_id, reason="she is my neighbour")
    await do(pool, jury.abstain, wanted, juror)


async def decide(
    pool: Pool, submission: Submission, verdict: Verdict = Verdict.APPROVE, now: datetime = NOON, **said: Any
) -> Submission:
    """For Rp700.000, or because of its finish."""
    terms: dict[str, Any] = {"price": 700_000} if verdict is Verdict.APPROVE else {"tags": ["finish"]}
    decision = DecideSubmission(submission_id=submission.submission_id, verdict=verdict, **(terms | said))
    decided, _ = await do(pool, selection.decide_submission, decision, now=now)
    return decided


async def send_back(pool: Pool, submission: Submission, **said: Any) -> Submission:
    return await decide(pool, submission, Verdict.CHANGES, **said)


async def hand_in_again(pool: Pool, submission: Submission, now: datetime = NOON, **said: Any) -> Submission:
    """With what is said otherwise."""
    terms = {"what_changed": "the seams are double now"} | said
    again = ResubmitProduct(submission_id=submission.submission_id, **terms)
    anew, _ = await do(pool, selection.resubmit_product, again, now=now)
    return anew


async def seen_by(pool: Pool, submission: Submission, actor: str, now: datetime = NOON) -> WholeSubmission:
    return await do(pool, views.get_submission, GetSubmission(submission_id=submission.submission_id), actor, now)


def later(**by: int) -> datetime:
    return NOON + timedelta(**by)
