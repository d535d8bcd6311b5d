"""From a submission to the jury's word, on a real database."""

import asyncio
from uuid import UUID

import pytest

from services.catalog.handlers import jury, selection
from shared.contracts.catalog import (
    ChangesRequested,
    Criterion,
    MakerWeight,
    ProductRejected,
    ProductReviewed,
    ProductSubmitted,
    ReviewSubmission,
    Submission,
    Verdict,
)
from shared.contracts.message import Event
from shared.db import Pool
from shared.errors import Invalid, NotFound, NotYet, Rejected
from tests.integration.catalog.builders import ANI, WATI, Database, a_decision, a_review, a_shawl, do, register, submit


async def test_makers_share_a_submission_by_weight_in_the_order_they_were_named(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI, WATI)

    submission, events = await do(pool, selection.submit_product, a_shawl(WATI, ANI))

    makers = [MakerWeight(maker_id=WATI, weight=1), MakerWeight(maker_id=ANI, weight=2)]
    assert submission.makers == makers
    assert (submission.state, submission.score, submission.reviews, submission.sku) == ("submitted", None, [], None)
    told = ProductSubmitted(
        submission_id=submission.submission_id, title="Parang shawl", craft=submission.craft, makers=makers
    )
    assert events == [told]


async def test_a_submission_waits_for_its_makers_registration(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)

    with pytest.raises(NotYet, match=f"maker_unknown.*{WATI}"):
        await submit(pool, ANI, WATI)

    await register(pool, WATI)
    assert (await submit(pool, ANI, WATI)).state == "submitted"


async def test_a_registration_that_comes_twice_is_one_maker(database: Database) -> None:
    pool = await database("catalog")

    await register(pool, ANI, ANI)
    await register(pool, ANI, WATI)

    assert await pool.fetchval("SELECT count(*) FROM maker") == 2


async def test_a_jurors_scores_are_kept_and_weighed(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)
    scores = dict.fromkeys(Criterion, 8) | {Criterion.FINISH: 3}
    wanted = ReviewSubmission(submission_id=submission.submission_id, scores=scores, comment="loose threads")

    review, events = await do(pool, jury.review_submission, wanted, "juror:dewi")

    assert (review.juror, review.score, review.scores) == ("juror:dewi", 700, scores)
    assert events == [ProductReviewed(submission_id=submission.submission_id, juror="juror:dewi", score=700)]


async def test_the_score_is_the_mean_of_all_jurors(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)
    for juror, score in (("juror:dewi", 5), ("juror:sari", 5), ("juror:tuti", 7)):
        await do(pool, jury.review_submission, a_review(submission, score), juror)

    with pytest.raises(Rejected, match=r"score_too_low.*566"):
        await do(pool, selection.decide_submission, a_decision(submission))
    reply, _ = await do(pool, selection.decide_submission, a_decision(submission, Verdict.REJECT, "too plain"))

    assert (reply.score, [review.juror for review in reply.reviews]) == (
        566,
        ["juror:dewi", "juror:sari", "juror:tuti"],
    )


async def test_a_juror_reviews_once(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)
    await do(pool, jury.review_submission, a_review(submission, 8), "juror:dewi")

    with pytest.raises(Rejected, match="already_reviewed"):
        await do(pool, jury.review_submission, a_review(submission, 1), "juror:dewi")

    assert await pool.fetchval("SELECT array_agg(score) FROM review") == [800]


async def test_a_juror_who_asks_twice_at_once_reviews_once(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)

    answers = await asyncio.gather(
        *[do(pool, jury.review_submission, a_review(submission), "juror:dewi") for _ in range(4)],
        return_exceptions=True,
    )

    refused = [answer for answer in answers if isinstance(answer, Rejected)]
    assert len(answers) - len(refused) == 1
    assert {answer.code for answer in refused} == {"already_reviewed"}


async def test_an_incomplete_review_changes_nothing(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)
    wanted = ReviewSubmission(submission_id=submission.submission_id, scores={Criterion.FINISH: 9})

    with pytest.raises(Invalid, match="scores_missing"):
        await do(pool, jury.review_submission, wanted, "juror:dewi")

    assert await pool.fetchval("SELECT state FROM submission") == "submitted"


@pytest.mark.parametrize(
    ("verdict", "state", "event"),
    [(Verdict.CHANGES, "changes-requested", ChangesRequested), (Verdict.REJECT, "rejected", ProductRejected)],
)
async def test_a_refusal_says_why_and_ends_the_review(
    database: Database, verdict: Verdict, state: str, event: type[Event]
) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)

    reply, events = await do(
        pool, selection.decide_submission, a_decision(submission, verdict, "loose seams", "no label")
    )

    assert (reply.state, reply.reasons) == (state, ["loose seams", "no label"])
    assert [type(e) for e in events] == [event]
    with pytest.raises(Rejected, match="already_decided"):
        await do(pool, jury.review_submission, a_review(submission), "juror:dewi")
    with pytest.raises(Rejected, match="already_decided"):
        await do(pool, selection.decide_submission, a_decision(submission, Verdict.CHANGES, "again"))


async def test_two_coordinators_decide_once(database: Database) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = await submit(pool)
    await do(pool, jury.review_submission, a_review(submission), "juror:dewi")
    decisions = [a_decision(submission), a_decision(submission, Verdict.REJECT, "too plain"), a_decision(submission)]

    answers = await asyncio.gather(
        *[do(pool, selection.decide_submission, decision) for decision in decisions], return_exceptions=True
    )

    refused = [answer for answer in answers if isinstance(answer, Rejected)]
    assert [answer.code for answer in refused] == ["already_decided", "already_decided"]


@pytest.mark.parametrize("ask", ["review", "decide"])
async def test_an_unknown_submission_is_not_found(database: Database, ask: str) -> None:
    pool = await database("catalog")
    await register(pool, ANI)
    submission = (await submit(pool)).model_copy(update={"submission_id": UUID(int=404)})

    with pytest.raises(NotFound, match="submission_unknown"):
        await _ask(pool, ask, submission)


async def _ask(pool: Pool, ask: str, submission: Submission) -> None:
    if ask == "review":
        await do(pool, jury.review_submission, a_review(submission), "juror:dewi")
    else:
        await do(pool, selection.decide_submission, a_decision(submission))
