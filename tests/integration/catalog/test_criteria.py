"""What submissions are judged by is dated, and may grow; reasons are worded by the programme's office."""

import asyncio
from datetime import datetime

import pytest
from pydantic import ValidationError

from services.catalog.handlers import criteria, selection
from services.catalog.views import criteria as views
from shared.contracts.catalog import (
    ChangesRequested,
    Criterion,
    DecideSubmission,
    ListCriteria,
    ListReasonTags,
    SetReasonTag,
    Verdict,
    WayForward,
    WayKind,
)
from shared.db import Pool
from shared.errors import Conflict, Invalid, Rejected
from tests.integration.catalog.builders import ANI, NOON, Database, do, register, submit
from tests.integration.catalog.juries import (
    DEWI,
    SARI,
    WEIGHTS,
    agree,
    decide,
    hand_in_again,
    later,
    score,
    seen_by,
    send_back,
    some_criteria,
)

THRIFT = SetReasonTag(
    tag="thrift",
    indonesian="Bahannya terlalu boros.",
    english="It uses too much material.",
    advice_indonesian="Atur pola di kain lebih rapat bersama pendamping.",
    advice_english="Lay the pattern closer together with your coordinator.",
)


@pytest.fixture
async def pool(database: Database) -> Pool:
    """Ani is registered."""
    pool = await database("catalog")
    await register(pool, ANI)
    return pool


async def test_the_programme_begins_with_seven_criteria(pool: Pool) -> None:
    (first,) = (await do(pool, views.list_criteria, ListCriteria())).items

    assert (first.pass_mark, first.quorum, first.quorum_to_refuse, first.in_force) == (600, 1, 0, True)
    assert first.weights == {
        Criterion.MARKET_FIT: 25,
        Criterion.FINISH: 20,
        Criterion.SALE_VALUE: 20,
        Criterion.CONSISTENCY: 10,
        Criterion.PRICE_REALISM: 10,
        Criterion.REPEATABILITY: 10,
        Criterion.AUTHENTICITY: 5,
    }
    assert first.descriptions.keys() == first.weights.keys()
    assert first.halal_from == datetime.fromisoformat("2026-10-17T00:00:00+07:00")


async def test_a_submission_is_judged_by_what_held_when_it_was_handed_in(pool: Pool) -> None:
    before = await submit(pool)
    made = await agree(pool, pass_mark=850, quorum=1)
    after = await submit(pool)

    assert (before.criteria_from, after.criteria_from) == (datetime.fromisoformat("2000-01-01T00:00:00Z"), NOON)
    assert (made.in_force, made.halal_from) == (True, datetime.fromisoformat("2026-10-17T00:00:00+07:00"))
    await score(pool, before, DEWI, 6)
    assert (await decide(pool, before)).state == "approved"
    with pytest.raises(Invalid, match="criterion_unknown"):
        await score(pool, after, DEWI, 8)
    await score(pool, after, DEWI, market_fit=8, finish=8)
    with pytest.raises(Rejected, match=r"score_too_low.*800, 850 is needed"):
        await decide(pool, after)


async def test_a_new_round_is_judged_by_what_holds_when_it_is_handed_in(pool: Pool) -> None:
    submission = await submit(pool)
    await send_back(pool, submission)
    await agree(pool, later(days=1), pass_mark=900, quorum=1)

    again = await hand_in_again(pool, submission, now=later(days=2))

    assert again.criteria_from == later(days=1)
    seen = await seen_by(pool, submission, DEWI, now=later(days=2))
    assert (seen.criteria.valid_from, seen.criteria.pass_mark, seen.criteria.in_force) == (later(days=1), 900, True)
    assert (seen.criteria.weights, seen.blind) == (WEIGHTS, True)


async def test_a_criterion_is_added_and_scored(pool: Pool) -> None:
    made = await agree(
        pool, quorum=1, weights={"finish": 60, "safe-for-children": 40}, descriptions={"safe-for-children": "Aman"}
    )
    submission = await submit(pool)

    review = await score(pool, submission, DEWI, finish=10, safe_for_children=5)

    assert (review.score, review.scores) == (800, {"finish": 10, "safe-for-children": 5})
    assert made.descriptions == {"safe-for-children": "Aman"}
    with pytest.raises(Invalid, match=r"scores_missing.*safe-for-children"):
        await score(pool, submission, SARI, finish=9)


@pytest.mark.parametrize("weights", [{}, {"finish": 99}, {"finish": 60, "charm": 41}, {"finish": 0, "charm": 100}])
def test_weights_are_a_hundred_together(weights: dict[str, int]) -> None:
    with pytest.raises(ValidationError) as refused:
        some_criteria(weights=weights)

    assert refused.value.errors()[0]["loc"][0] == "weights"


async def test_criteria_begin_now_or_later_once_for_each_moment(pool: Pool) -> None:
    await agree(pool, later(seconds=-59))
    with pytest.raises(Rejected, match="criteria_in_the_past"):
        await agree(pool, later(seconds=-61))
    with pytest.raises(Invalid, match=r"criterion_unknown.*charm"):
        await agree(pool, descriptions={"charm": "Menawan"})

    answers = await asyncio.gather(*[agree(pool, later(days=1)) for _ in range(3)], return_exceptions=True)

    assert [type(one) for one in answers].count(Conflict) == 2


async def test_criteria_to_come_hold_when_they_come(pool: Pool) -> None:
    await agree(pool, later(days=1))
    await agree(pool, later(days=9), pass_mark=800, quorum_to_refuse=1)

    history = await do(pool, views.list_criteria, ListCriteria(), now=later(days=2))
    first = await do(pool, views.list_criteria, ListCriteria(limit=2))
    second = await do(pool, views.list_criteria, ListCriteria(limit=2, cursor=first.next))
    then = await do(pool, views.list_criteria, ListCriteria(valid_at=later(days=10)))

    assert [(one.pass_mark, one.in_force) for one in history.items] == [(800, False), (700, True), (600, False)]
    assert [one.pass_mark for one in first.items + second.items] == [800, 700, 600]
    assert [(one.pass_mark, one.quorum, one.quorum_to_refuse) for one in then.items] == [(800, 2, 1)]
    assert history.items[1].weights == WEIGHTS
    assert history.items[1].quorum_to_refuse == 2


async def test_a_tag_is_told_in_both_languages_with_its_advice(pool: Pool) -> None:
    await do(pool, criteria.set_reason_tag, THRIFT)
    submission = await submit(pool)
    decision = DecideSubmission(
        submission_id=submission.submission_id, verdict=Verdict.CHANGES, tags=["thrift"], reasons=["sudut lepas"]
    )

    decided, events = await do(pool, selection.decide_submission, decision)

    advice = WayForward(kind=WayKind.ADVICE, text=THRIFT.advice_indonesian, text_en=THRIFT.advice_english)
    assert events == [
        ChangesRequested(
            submission_id=submission.submission_id,
            title="Parang shawl",
            reasons=["Bahannya terlalu boros.", "sudut lepas"],
            makers=submission.makers,
            tags=["thrift"],
            reasons_en=["It uses too much material.", "sudut lepas"],
            way_forward=[advice],
        )
    ]
    assert (decided.reasons, decided.tags) == (["Bahannya terlalu boros.", "sudut lepas"], ["thrift"])
    assert decided.way_forward == [advice]


async def test_a_no_without_tags_and_advice_has_a_way_forward_all_the_same(pool: Pool) -> None:
    decision = DecideSubmission(
        submission_id=(await submit(pool)).submission_id, verdict=Verdict.REJECT, reasons=["kain cetak"]
    )

    decided, _ = await do(pool, selection.decide_submission, decision)

    assert (decided.reasons, decided.tags) == (["kain cetak"], [])
    (way,) = decided.way_forward
    assert (way.kind, way.text[:18]) == ("advice", "Pendamping di rusu")


async def test_a_way_forward_that_is_given_is_the_one_that_is_told(pool: Pool) -> None:
    ways = [
        WayForward(kind=WayKind.REMEDIAL_SESSION, text="Sesi perbaikan Sabtu pukul 9", cohort_id=ANI),
        WayForward(kind=WayKind.EXAMPLE, text="Lihat jahitan ini", link="https://example.org/jahitan"),
    ]

    decided = await send_back(pool, await submit(pool), way_forward=ways)

    assert decided.way_forward == ways


async def test_other_words_for_a_tag_leave_what_was_told_and_a_retired_one_is_given_no_more(pool: Pool) -> None:
    await do(pool, criteria.set_reason_tag, THRIFT)
    submission = await submit(pool)
    told = await send_back(pool, submission, tags=["thrift"])

    retired = THRIFT.model_copy(update={"indonesian": "Bahan terbuang banyak.", "retired": True})
    await do(pool, criteria.set_reason_tag, retired)

    assert told.reasons == ["Bahannya terlalu boros."]
    with pytest.raises(Invalid, match=r"reason_tag_unknown.*thrift"):
        await send_back(pool, await submit(pool), tags=["thrift"])
    with pytest.raises(Invalid, match=r"reason_tag_unknown.*nonsense"):
        await send_back(pool, await submit(pool), tags=["nonsense"])
    listed = (await do(pool, views.list_reason_tags, ListReasonTags())).items
    assert [one.retired for one in listed if one.tag == "thrift"] == [True]


async def test_every_tag_has_plain_words_and_advice_in_both_languages(pool: Pool) -> None:
    first = await do(pool, views.list_reason_tags, ListReasonTags(limit=5))
    second = await do(pool, views.list_reason_tags, ListReasonTags(limit=5, cursor=first.next))

    tags = {one.tag for one in first.items + second.items}
    assert tags == {"general", "animal-material", *Criterion}
    assert second.next is None
