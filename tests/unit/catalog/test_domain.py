"""The catalog's rules by themselves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.catalog.domain import products, selection
from services.catalog.domain.selection import State
from shared.contracts.catalog import (
    ChangesRequested,
    Criterion,
    DecideSubmission,
    MakerWeight,
    Price,
    ProductRejected,
    ReviewSubmission,
    Submission,
    SubmitProduct,
    Verdict,
)
from shared.contracts.training import Craft
from shared.errors import Invalid, NotYet, Rejected

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ANI, WATI = UUID(int=1), UUID(int=2)
SUBMISSION = UUID(int=100)
SCORES = st.fixed_dictionaries({criterion: st.integers(0, 10) for criterion in Criterion})


def a_shawl(*makers: UUID, craft: Craft = Craft.BATIK) -> SubmitProduct:
    return SubmitProduct(
        title="Parang shawl",
        craft=craft,
        technique="tulis",
        material="silk",
        hours=40,
        asking_price=700_000,
        makers=[MakerWeight(maker_id=maker) for maker in makers or (ANI,)],
    )


def a_submission(state: State = State.IN_REVIEW, score: int | None = 700) -> Submission:
    return Submission(
        submission_id=SUBMISSION,
        title="Parang shawl",
        craft=Craft.BATIK,
        technique="tulis",
        material="silk",
        hours=40,
        reference=None,
        asking_price=700_000,
        makers=[MakerWeight(maker_id=WATI, weight=2), MakerWeight(maker_id=ANI)],
        state=state,
        score=score,
        reasons=[],
        sku=None,
        reviews=[],
        submitted_at=NOON,
    )


def a_decision(verdict: Verdict, *reasons: str, price: int | None = None) -> DecideSubmission:
    return DecideSubmission(submission_id=SUBMISSION, verdict=verdict, reasons=list(reasons), price=price)


def test_the_criteria_weigh_a_hundred_per_cent_together() -> None:
    assert set(selection.CRITERIA) == set(Criterion)
    assert sum(selection.CRITERIA.values()) == 100


def test_a_score_is_the_weighted_mean_of_a_thousand() -> None:
    scores = dict.fromkeys(Criterion, 0) | {Criterion.MARKET_FIT: 10, Criterion.AUTHENTICITY: 5}

    assert selection.score(scores) == 275


@given(st.integers(0, 10))
def test_the_same_score_for_everything_is_that_score(n: int) -> None:
    assert selection.score(dict.fromkeys(Criterion, n)) == 100 * n


@given(SCORES, st.sampled_from(Criterion))
def test_a_better_finish_never_lowers_a_score(scores: dict[Criterion, int], better: Criterion) -> None:
    before = selection.score(scores)

    after = selection.score(scores | {better: 10})

    assert 0 <= before <= after <= 1000


@given(st.sets(st.sampled_from(Criterion), min_size=1))
def test_criteria_left_out_are_named(missing: set[Criterion]) -> None:
    scores = {criterion: 7 for criterion in Criterion if criterion not in missing}

    with pytest.raises(Invalid) as refused:
        selection.score(scores)

    assert {fault["field"] for fault in refused.value.errors} == {f"scores.{criterion}" for criterion in missing}


def test_an_unknown_criterion_is_no_review() -> None:
    with pytest.raises(ValidationError) as refused:
        ReviewSubmission.model_validate({"submission_id": SUBMISSION, "scores": {"charm": 7}})

    assert refused.value.errors()[0]["loc"][:2] == ("scores", "charm")


def test_a_maker_is_named_once() -> None:
    selection.check_submission(a_shawl(ANI, WATI))

    with pytest.raises(Rejected, match="maker_named_twice"):
        selection.check_submission(a_shawl(ANI, WATI, ANI))


def test_the_business_class_makes_no_products() -> None:
    with pytest.raises(Rejected, match="no_products_in_business_class"):
        selection.check_submission(a_shawl(craft=Craft.BUSINESS))


@pytest.mark.parametrize("craft", [craft for craft in Craft if craft is not Craft.BUSINESS])
def test_every_craft_that_makes_products_has_a_sku_of_its_own(craft: Craft) -> None:
    selection.check_submission(a_shawl(craft=craft))

    assert products.own_sku(craft, 1).endswith("-0001")
    assert len(set(products.SKU_PREFIX.values())) == len(products.SKU_PREFIX)


def test_a_sku_has_four_digits_and_more_when_they_are_used_up() -> None:
    assert products.own_sku(Craft.BATIK, 7) == "BTK-0007"
    assert products.own_sku(Craft.NEWSPAPER_MINIATURES, 12_345) == "NWS-12345"


def test_an_unknown_maker_may_still_arrive() -> None:
    selection.check_makers([])

    with pytest.raises(NotYet, match=f"maker_unknown.*{ANI}"):
        selection.check_makers([ANI])


def test_a_good_score_and_a_price_approve() -> None:
    assert selection.decide(a_submission(score=600), a_decision(Verdict.APPROVE, price=700_000)) is State.APPROVED


def test_a_free_sample_has_a_price_too() -> None:
    assert selection.decide(a_submission(), a_decision(Verdict.APPROVE, price=0)) is State.APPROVED


@pytest.mark.parametrize(
    ("score", "price", "code"),
    [(None, 700_000, "review_required"), (599, 700_000, "score_too_low"), (600, None, "price_required")],
)
def test_what_is_missing_is_said(score: int | None, price: int | None, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        selection.decide(a_submission(score=score), a_decision(Verdict.APPROVE, price=price))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.CHANGES, State.CHANGES_REQUESTED), (Verdict.REJECT, State.REJECTED)]
)
def test_a_refusal_needs_a_reason(verdict: Verdict, state: State) -> None:
    assert selection.decide(a_submission(State.SUBMITTED, None), a_decision(verdict, "loose seams")) is state

    with pytest.raises(Rejected, match="reasons_required"):
        selection.decide(a_submission(), a_decision(verdict))


@pytest.mark.parametrize("state", [State.CHANGES_REQUESTED, State.APPROVED, State.REJECTED])
@pytest.mark.parametrize("verdict", Verdict)
def test_what_is_decided_stays_decided(state: State, verdict: Verdict) -> None:
    with pytest.raises(Rejected, match="already_decided"):
        selection.decide(a_submission(state), a_decision(verdict, "loose seams", price=700_000))


def test_a_refusal_tells_every_maker_why() -> None:
    changes = selection.refusal(a_submission(), a_decision(Verdict.CHANGES, "loose seams", "no label"))
    rejection = selection.refusal(a_submission(), a_decision(Verdict.REJECT, "printed, not batik"))

    assert isinstance(changes, ChangesRequested)
    assert isinstance(rejection, ProductRejected)
    assert changes.reasons == ["loose seams", "no label"]
    assert [maker.maker_id for maker in changes.makers] == [WATI, ANI]


def test_a_price_starts_now_or_later() -> None:
    products.check_price_start(NOON - timedelta(seconds=59), NOON)

    with pytest.raises(Rejected, match="price_in_the_past"):
        products.check_price_start(NOON - timedelta(seconds=61), NOON)


@pytest.mark.parametrize("floor", [None, 0, 699_999, 700_000])
def test_a_floor_lies_at_or_under_the_price(floor: int | None) -> None:
    products.check_floor(700_000, floor)


def test_a_floor_above_the_price_is_refused() -> None:
    with pytest.raises(Rejected, match="floor_above_price"):
        products.check_floor(700_000, 700_001)


@given(
    st.dictionaries(st.integers(0, 100), st.integers(0, 1_000_000), min_size=1),
    st.integers(0, 100),
)
def test_a_price_holds_until_the_next_one(starts: dict[int, int], minute: int) -> None:
    prices = [Price(price=starts[m], valid_from=NOON + timedelta(minutes=m)) for m in sorted(starts)]

    held = products.price_at(prices, NOON + timedelta(minutes=minute))

    begun = [m for m in starts if m <= minute]
    assert held.price == starts[max(begun) if begun else min(starts)]
