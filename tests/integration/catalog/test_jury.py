"""Who may judge a submission, when enough have, and what they see before they have spoken."""

import asyncio

import pytest

from services.catalog.handlers import jury
from services.catalog.views import selection as views
from shared.contracts.catalog import ListSubmissions, Submission, Verdict
from shared.db import Pool
from shared.errors import Rejected
from tests.integration.catalog.builders import ANI, WATI, Database, a_review, do, register, submit
from tests.integration.catalog.juries import (
    DEWI,
    LATER_COHORT,
    SARI,
    TUTI,
    abstain,
    agree,
    decide,
    enrol,
    score,
    seen_by,
    send_back,
    teach,
)

RINI = "coordinator:rini"


@pytest.fixture
async def pool(database: Database) -> Pool:
    """Ani and Wati are registered."""
    pool = await database("catalog")
    await register(pool, ANI, WATI)
    return pool


@pytest.mark.parametrize("enrolled_first", [True, False])
async def test_nobody_scores_a_maker_whom_she_trained(pool: Pool, enrolled_first: bool) -> None:
    submission = await submit(pool, WATI, ANI)
    if enrolled_first:
        await enrol(pool, ANI)
    await teach(pool, "dewi", "budi")
    if not enrolled_first:
        await enrol(pool, ANI)

    with pytest.raises(Rejected, match="juror_trained_maker"):
        await score(pool, submission, DEWI)

    assert (await score(pool, submission, SARI)).set_aside is None


async def test_who_has_taught_a_cohort_once_stays_known_as_who_has(pool: Pool) -> None:
    submission = await submit(pool)
    await enrol(pool, ANI)
    await teach(pool, "dewi")
    await teach(pool, "budi")
    await teach(pool)

    with pytest.raises(Rejected, match="juror_trained_maker"):
        await score(pool, submission, DEWI)


async def test_a_trainer_of_others_may_score_her(pool: Pool) -> None:
    submission = await submit(pool, ANI)
    await enrol(pool, WATI)
    await enrol(pool, ANI, cohort=LATER_COHORT)
    await teach(pool, "dewi")

    assert (await score(pool, submission, DEWI)).score == 800


async def test_a_review_counts_no_more_when_it_is_heard_later_that_she_trained_the_maker(pool: Pool) -> None:
    submission = await submit(pool)
    await enrol(pool, ANI)
    await score(pool, submission, DEWI, 10)
    await score(pool, submission, SARI, 4)
    assert (await seen_by(pool, submission, RINI)).score == 700

    await teach(pool, "dewi")

    assert (await seen_by(pool, submission, RINI)).score == 400
    with pytest.raises(Rejected, match=r"score_too_low.*400"):
        await decide(pool, submission)
    decided = await decide(pool, submission, Verdict.REJECT)
    said = {review.juror: review.set_aside for review in decided.reviews}
    assert (decided.score, said) == (400, {DEWI: "juror_trained_maker", SARI: None})


async def test_what_is_heard_after_the_decision_changes_nothing_of_it(pool: Pool) -> None:
    submission = await submit(pool)
    await enrol(pool, ANI)
    await score(pool, submission, DEWI, 9)
    await decide(pool, submission)

    await teach(pool, "dewi")

    decided = await seen_by(pool, submission, RINI)
    assert (decided.state, decided.score, decided.reviews[0].set_aside) == ("approved", 900, None)


async def test_a_refused_approval_names_whose_review_was_set_aside(pool: Pool) -> None:
    submission = await submit(pool)
    await enrol(pool, ANI)
    await score(pool, submission, DEWI)
    await teach(pool, "dewi")

    with pytest.raises(Rejected, match=r"review_required.*juror:dewi \(juror_trained_maker\)"):
        await decide(pool, submission)

    assert (await seen_by(pool, submission, RINI)).state == "in-review"


async def test_a_decision_waits_for_its_quorum(pool: Pool) -> None:
    await agree(pool, quorum=2)
    submission = await submit(pool)
    with pytest.raises(Rejected, match="review_required"):
        await send_back(pool, submission)
    await score(pool, submission, DEWI, market_fit=9, finish=9)

    for verdict in (Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT):
        with pytest.raises(Rejected, match=r"quorum_missing.*1 of 2"):
            await decide(pool, submission, verdict)
    await abstain(pool, submission, TUTI)
    with pytest.raises(Rejected, match=r"quorum_missing.*1 of 2"):
        await decide(pool, submission)
    await score(pool, submission, SARI, market_fit=7, finish=7)

    assert (await decide(pool, submission)).score == 800


async def test_trainers_events_that_come_twice_and_together_are_heard_once(pool: Pool) -> None:
    await teach(pool, "dewi", "juror:dewi")
    await asyncio.gather(*[teach(pool, "dewi") for _ in range(3)], *[enrol(pool, ANI, WATI) for _ in range(3)])

    assert await pool.fetchval("SELECT count(*) FROM cohort_trainer") == 1
    assert await pool.fetchval("SELECT count(*) FROM cohort_maker") == 2


async def test_a_juror_sees_nothing_of_others_before_she_has_scored(pool: Pool) -> None:
    submission = await submit(pool, ANI, WATI)
    await score(pool, submission, SARI, 9)
    await abstain(pool, submission, TUTI)

    for seen in (await _listed(pool, DEWI), await seen_by(pool, submission, DEWI)):
        assert (seen.blind, seen.makers, seen.reviews, seen.abstentions, seen.score) == (True, [], [], [], None)
        assert (seen.title, seen.technique, seen.state) == ("Parang shawl", "tulis", "in-review")
    assert (await seen_by(pool, submission, DEWI)).rounds[0].reviews == []

    await score(pool, submission, DEWI, 7)

    for seen in (await _listed(pool, DEWI), await seen_by(pool, submission, DEWI)):
        assert (seen.blind, seen.score, len(seen.makers)) == (False, 800, 2)
        assert {review.juror for review in seen.reviews} == {SARI, DEWI}


async def test_who_abstains_sees_the_rest_and_scores_no_more(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, SARI, 9)

    await abstain(pool, submission, DEWI)

    seen = await seen_by(pool, submission, DEWI)
    assert [one.juror for one in seen.abstentions] == [DEWI]
    assert (seen.blind, seen.score, [maker.maker_id for maker in seen.makers]) == (False, 900, [ANI])
    for again in (abstain(pool, submission, DEWI), score(pool, submission, DEWI)):
        with pytest.raises(Rejected, match="already_abstained"):
            await again


async def test_who_abstains_after_she_has_scored_takes_her_scores_back(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, SARI, 5)
    await score(pool, submission, DEWI, 9)

    await abstain(pool, submission, DEWI)

    assert (await seen_by(pool, submission, RINI)).score == 500
    assert await pool.fetchval("SELECT array_agg(score) FROM former_review") == [900]


async def test_a_juror_lists_what_waits_for_her(pool: Pool) -> None:
    hers, scored, abstained, decided = [await submit(pool, WATI) for _ in range(4)]
    of_ani = await submit(pool, ANI)
    await enrol(pool, ANI)
    await teach(pool, "dewi")
    await score(pool, scored, DEWI)
    await abstain(pool, abstained, DEWI)
    await decide(pool, decided, Verdict.REJECT)

    waiting = await do(pool, views.list_submissions, ListSubmissions(to_score=True), DEWI)
    for_sari = await do(pool, views.list_submissions, ListSubmissions(to_score=True), SARI)

    assert [one.submission_id for one in waiting.items] == [hers.submission_id]
    assert [one.submission_id for one in for_sari.items] == [
        one.submission_id for one in (of_ani, abstained, scored, hers)
    ]


async def test_a_coordinator_sees_beforehand_who_may_not_judge(pool: Pool) -> None:
    submission = await submit(pool, ANI, WATI)
    await enrol(pool, ANI)
    await enrol(pool, WATI, cohort=LATER_COHORT)
    await teach(pool, "dewi", "budi")
    await teach(pool, "budi", cohort=LATER_COHORT)

    assert (await seen_by(pool, submission, RINI)).may_not_judge == ["budi", "dewi"]
    assert (await seen_by(pool, submission, DEWI)).may_not_judge == []


async def test_a_coordinator_sees_everything_at_any_time(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, SARI, 9)

    seen = await _listed(pool, RINI)

    assert (seen.blind, [maker.maker_id for maker in seen.makers], seen.score) == (False, [ANI], 900)


async def test_a_juror_corrects_her_score_until_it_is_decided(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, DEWI, 3)

    with pytest.raises(Rejected, match="score_too_low"):
        await decide(pool, submission)
    _, (told,) = await do(
        pool, jury.review_submission, a_review(submission, 8).model_copy(update={"correct": True}), DEWI
    )

    assert told.model_dump()["corrected"] is True
    assert await pool.fetchval("SELECT array_agg(score) FROM former_review") == [300]
    assert (await decide(pool, submission)).score == 800
    with pytest.raises(Rejected, match="already_decided"):
        await score(pool, submission, DEWI, 9, correct=True)


async def test_scores_corrected_and_taken_back_at_once_end_in_one_of_both(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, DEWI, 3)

    await asyncio.gather(
        *[score(pool, submission, DEWI, n, correct=True) for n in (5, 6, 7)],
        abstain(pool, submission, DEWI),
        return_exceptions=True,
    )

    seen = await seen_by(pool, submission, RINI)
    assert ([one.juror for one in seen.abstentions], seen.reviews) == ([DEWI], [])


async def test_a_decision_and_an_assignment_at_once_agree_on_which_reviews_count(pool: Pool) -> None:
    """Whichever is first: what is kept as the score is what the decision was made with."""
    for n in range(8):
        submission = await submit(pool)
        await enrol(pool, ANI)
        await score(pool, submission, f"juror:new-{n}", 10)
        await score(pool, submission, SARI, 6)

        decided, _ = await asyncio.gather(decide(pool, submission), teach(pool, f"new-{n}"))

        kept = await seen_by(pool, submission, RINI)
        assert (kept.score, kept.reviews) == (decided.score, decided.reviews)
        assert kept.score in (600, 800)


async def _listed(pool: Pool, actor: str) -> Submission:
    return (await do(pool, views.list_submissions, ListSubmissions(), actor)).items[0]
