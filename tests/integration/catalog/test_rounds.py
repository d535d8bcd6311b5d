"""A submission that was sent back comes again, as itself; one that was not decided may be taken back."""

import asyncio

import pytest

from services.catalog.handlers import selection
from shared.contracts.catalog import (
    Change,
    ProductApproved,
    ProductSubmitted,
    ResubmitProduct,
    Review,
    SubmissionWithdrawn,
    Verdict,
    WithdrawSubmission,
)
from shared.db import Pool
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.catalog.builders import ANI, WATI, Database, a_decision, do, register, submit
from tests.integration.catalog.juries import (
    DEWI,
    SARI,
    decide,
    enrol,
    hand_in_again,
    later,
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


async def test_the_second_round_shows_what_is_new_and_why_the_first_was_sent_back(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, DEWI, 5)
    await send_back(pool, submission, now=later(hours=1), reasons=["sudut lepas"])

    again = await hand_in_again(pool, submission, now=later(days=7), hours=44, story="Dua malam lagi", title="Shawl")

    seen = await seen_by(pool, submission, RINI)
    assert (again.submission_id, again.round, again.state) == (submission.submission_id, 2, "submitted")
    assert (again.reviews, again.score, again.reasons, again.decided_at) == ([], None, [], None)
    assert seen.changes == [
        Change(field="title", before="Parang shawl", after="Shawl"),
        Change(field="hours", before=40, after=44),
        Change(field="story", before=None, after="Dua malam lagi"),
    ]
    assert seen.earlier_reasons == ["Hasil akhirnya belum rapi.", "sudut lepas"]
    assert [way.kind for way in seen.earlier_way_forward] == ["advice"]
    assert (seen.what_changed, seen.submitted_at) == ("the seams are double now", later(days=7))


async def test_all_rounds_are_kept_with_their_reviews_and_decisions(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, DEWI, 5)
    await send_back(pool, submission)
    await hand_in_again(pool, submission, hours=44)
    await score(pool, submission, DEWI, 7)
    await score(pool, submission, SARI, 8)
    await send_back(pool, submission, tags=["price-realism"])
    await hand_in_again(pool, submission, asking_price=650_000)
    await score(pool, submission, DEWI, 9)
    await decide(pool, submission)

    seen = await seen_by(pool, submission, RINI)

    told = [(r.round, r.state, r.score, [review.juror for review in r.reviews], r.tags) for r in seen.rounds]
    assert told == [
        (1, "changes-requested", 500, [DEWI], ["finish"]),
        (2, "changes-requested", 750, [DEWI, SARI], ["price-realism"]),
        (3, "approved", 900, [DEWI], []),
    ]
    assert [[change.field for change in one.changes] for one in seen.rounds] == [[], ["hours"], ["asking_price"]]
    assert [(one.hours, one.asking_price) for one in seen.rounds] == [(40, 700_000), (44, 700_000), (44, 650_000)]
    assert (seen.round, seen.score, seen.sku) == (3, 900, "BTK-0001")


async def test_what_is_approved_is_what_was_handed_in_last(pool: Pool) -> None:
    submission = await submit(pool)
    await send_back(pool, submission)
    await hand_in_again(pool, submission, title="Shawl, double seams", technique="batik cap")
    await score(pool, submission, DEWI)

    reply, events = await do(pool, selection.decide_submission, a_decision(submission))

    (told,) = events
    assert isinstance(told, ProductApproved)
    assert (told.title, told.round, reply.technique) == ("Shawl, double seams", 2, "cap")
    assert await pool.fetchval("SELECT title FROM product") == "Shawl, double seams"


async def test_the_world_is_told_of_the_round(pool: Pool) -> None:
    submission = await submit(pool)
    await send_back(pool, submission)
    wanted = ResubmitProduct(submission_id=submission.submission_id, what_changed="double seams")

    _, events = await do(pool, selection.resubmit_product, wanted)

    told = ProductSubmitted(
        submission_id=submission.submission_id,
        title="Parang shawl",
        craft=submission.craft,
        makers=submission.makers,
        round=2,
    )
    assert events == [told]


@pytest.mark.parametrize("state", ["submitted", "in-review", "approved", "rejected", "withdrawn"])
async def test_only_what_was_sent_back_comes_again(pool: Pool, state: str) -> None:
    submission = await submit(pool)
    if state not in ("submitted", "withdrawn"):
        await score(pool, submission, DEWI)
    if state in ("approved", "rejected"):
        await decide(pool, submission, Verdict.APPROVE if state == "approved" else Verdict.REJECT)
    if state == "withdrawn":
        await do(pool, selection.withdraw_submission, WithdrawSubmission(submission_id=submission.submission_id))

    with pytest.raises(Rejected, match=f"no_changes_requested.*{state}"):
        await hand_in_again(pool, submission)


async def test_two_who_hand_it_in_again_at_once_make_one_round(pool: Pool) -> None:
    submission = await submit(pool)
    await send_back(pool, submission)

    answers = await asyncio.gather(*[hand_in_again(pool, submission) for _ in range(4)], return_exceptions=True)

    assert [type(one) for one in answers].count(Rejected) == 3
    assert (await seen_by(pool, submission, RINI)).round == 2


async def test_a_round_is_held_to_the_same_rules(pool: Pool) -> None:
    submission = await submit(pool)
    await send_back(pool, submission)

    with pytest.raises(Rejected, match="printed_is_no_batik"):
        await hand_in_again(pool, submission, material="katun printing")
    with pytest.raises(Invalid, match="technique_unknown"):
        await hand_in_again(pool, submission, technique="sulam")

    assert (await seen_by(pool, submission, RINI)).round == 1


async def test_a_juror_is_blind_again_in_the_next_round_but_knows_her_own_words(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, DEWI, 5)
    await score(pool, submission, SARI, 6)
    await send_back(pool, submission, reasons=["sudut lepas"])
    await hand_in_again(pool, submission, hours=44, story="Ibu Ani dari Marunda")
    await score(pool, submission, SARI, 9)

    seen = await seen_by(pool, submission, DEWI)

    assert (seen.blind, seen.makers, seen.reviews, seen.score, seen.story) == (True, [], [], None, None)
    assert [[review.juror for review in one.reviews] for one in seen.rounds] == [[DEWI], []]
    assert [one.score for one in seen.rounds] == [None, None]
    assert [change.field for change in seen.changes] == ["hours"]
    assert "sudut lepas" in seen.earlier_reasons

    await score(pool, submission, DEWI, 8)
    spoken = await seen_by(pool, submission, DEWI)
    assert [change.field for change in spoken.changes] == ["hours", "story"]
    assert [one.score for one in spoken.rounds] == [550, 850]


async def test_who_trains_her_between_two_rounds_does_not_judge_the_second_and_the_first_stays(pool: Pool) -> None:
    submission = await submit(pool)
    await score(pool, submission, DEWI, 5)
    await send_back(pool, submission)
    await enrol(pool, ANI)
    await teach(pool, "dewi")
    await hand_in_again(pool, submission)

    with pytest.raises(Rejected, match="juror_trained_maker"):
        await score(pool, submission, DEWI)

    kept: Review = (await seen_by(pool, submission, RINI)).rounds[0].reviews[0]
    assert (kept.score, kept.set_aside) == (500, None)


async def test_makers_take_back_what_is_not_decided(pool: Pool) -> None:
    submission = await submit(pool, ANI, WATI)
    await score(pool, submission, DEWI)
    wanted = WithdrawSubmission(submission_id=submission.submission_id, reason="she sells it herself")

    reply, events = await do(pool, selection.withdraw_submission, wanted)

    told = SubmissionWithdrawn(
        submission_id=submission.submission_id, title="Parang shawl", makers=submission.makers, round=1
    )
    assert (reply.state, events) == ("withdrawn", [told])
    assert (await seen_by(pool, submission, RINI)).withdrawn_because == "she sells it herself"
    for refused in (score(pool, submission, SARI), decide(pool, submission)):
        with pytest.raises(Rejected, match="withdrawn"):
            await refused
    with pytest.raises(Rejected, match="withdrawn"):
        await do(pool, selection.withdraw_submission, wanted)


@pytest.mark.parametrize("verdict", Verdict)
async def test_what_is_decided_is_not_taken_back(pool: Pool, verdict: Verdict) -> None:
    submission = await submit(pool)
    await score(pool, submission, DEWI)
    await decide(pool, submission, verdict)

    with pytest.raises(Rejected, match="already_decided"):
        await do(pool, selection.withdraw_submission, WithdrawSubmission(submission_id=submission.submission_id))


async def test_a_submission_that_is_not_there_is_not_found(pool: Pool) -> None:
    submission = (await submit(pool)).model_copy(update={"submission_id": WATI})

    with pytest.raises(NotFound, match="submission_unknown"):
        await hand_in_again(pool, submission)
    with pytest.raises(NotFound, match="submission_unknown"):
        await seen_by(pool, submission, RINI)
