"""The catalog's rules by themselves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.catalog.domain import jury, products, selection
from services.catalog.domain.criteria import Feedback
from services.catalog.domain.selection import State
from shared.contracts.catalog import (
    ChangesRequested,
    Criteria,
    Criterion,
    DecideSubmission,
    MakerWeight,
    Price,
    ProductRejected,
    Review,
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
FIRST: tuple[str, ...] = tuple(Criterion)
SCORES = st.fixed_dictionaries({criterion: st.integers(0, 10) for criterion in FIRST})


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


CRITERIA = Criteria(
    valid_from=NOON,
    pass_mark=600,
    quorum=1,
    quorum_to_refuse=0,
    weights={
        Criterion.MARKET_FIT: 25,
        Criterion.SALE_VALUE: 20,
        Criterion.FINISH: 20,
        Criterion.CONSISTENCY: 10,
        Criterion.REPEATABILITY: 10,
        Criterion.PRICE_REALISM: 10,
        Criterion.AUTHENTICITY: 5,
    },
    descriptions={},
    halal_from=None,
    in_force=True,
)


def a_submission(state: State = State.IN_REVIEW, *scores: int) -> Submission:
    """`scores`: of as many jurors."""
    reviews = [
        Review(juror=f"juror:{n}", scores={}, score=score, comment=None, reviewed_at=NOON)
        for n, score in enumerate(scores)
    ]
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
        score=jury.mean(reviews),
        reasons=[],
        sku=None,
        reviews=reviews,
        submitted_at=NOON,
    )


def a_decision(verdict: Verdict, *reasons: str, price: int | None = None) -> DecideSubmission:
    return DecideSubmission(submission_id=SUBMISSION, verdict=verdict, reasons=list(reasons), price=price)


def decide(submission: Submission, decision: DecideSubmission) -> State:
    return selection.decide(submission, decision, CRITERIA)


def test_a_score_is_the_weighted_mean_of_a_thousand() -> None:
    scores = dict.fromkeys(FIRST, 0) | {"market-fit": 10, "authenticity": 5}

    assert jury.score(scores, CRITERIA.weights) == 275


@given(st.integers(0, 10))
def test_the_same_score_for_everything_is_that_score(n: int) -> None:
    assert jury.score(dict.fromkeys(FIRST, n), CRITERIA.weights) == 100 * n


@given(SCORES, st.sampled_from(FIRST))
def test_a_better_finish_never_lowers_a_score(scores: dict[str, int], better: str) -> None:
    before = jury.score(scores, CRITERIA.weights)

    after = jury.score(scores | {better: 10}, CRITERIA.weights)

    assert 0 <= before <= after <= 1000


@given(st.sets(st.sampled_from(FIRST), min_size=1))
def test_criteria_left_out_are_named(missing: set[str]) -> None:
    scores = {criterion: 7 for criterion in FIRST if criterion not in missing}

    with pytest.raises(Invalid) as refused:
        jury.score(scores, CRITERIA.weights)

    assert {fault["field"] for fault in refused.value.errors} == {f"scores.{criterion}" for criterion in missing}


def test_a_criterion_that_is_not_judged_by_is_named() -> None:
    with pytest.raises(Invalid, match="criterion_unknown") as refused:
        jury.score(dict.fromkeys(FIRST, 7) | {"charm": 7}, CRITERIA.weights)

    assert [fault["field"] for fault in refused.value.errors] == ["scores.charm"]


def test_a_criterion_is_a_code() -> None:
    with pytest.raises(ValidationError) as refused:
        ReviewSubmission.model_validate({"submission_id": SUBMISSION, "scores": {"Charm!": 7}})

    assert refused.value.errors()[0]["loc"][:2] == ("scores", "Charm!")


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
    assert decide(a_submission(State.IN_REVIEW, 600), a_decision(Verdict.APPROVE, price=700_000)) is State.APPROVED


def test_a_free_sample_has_a_price_too() -> None:
    assert decide(a_submission(State.IN_REVIEW, 700), a_decision(Verdict.APPROVE, price=0)) is State.APPROVED


@pytest.mark.parametrize(
    ("scores", "price", "code"),
    [([], 700_000, "review_required"), ([599], 700_000, "score_too_low"), ([600], None, "price_required")],
)
def test_what_is_missing_is_said(scores: list[int], price: int | None, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        decide(a_submission(State.IN_REVIEW, *scores), a_decision(Verdict.APPROVE, price=price))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.CHANGES, State.CHANGES_REQUESTED), (Verdict.REJECT, State.REJECTED)]
)
def test_a_refusal_needs_a_reason(verdict: Verdict, state: State) -> None:
    assert decide(a_submission(State.SUBMITTED), a_decision(verdict, "loose seams")) is state

    with pytest.raises(Rejected, match="reasons_required"):
        decide(a_submission(), a_decision(verdict))


@pytest.mark.parametrize("state", [State.CHANGES_REQUESTED, State.APPROVED, State.REJECTED])
@pytest.mark.parametrize("verdict", Verdict)
def test_what_is_decided_stays_decided(state: State, verdict: Verdict) -> None:
    with pytest.raises(Rejected, match="already_decided"):
        decide(a_submission(state, 700), a_decision(verdict, "loose seams", price=700_000))


def test_a_refusal_tells_every_maker_why() -> None:
    told = Feedback(tags=[], reasons=["loose seams", "no label"], reasons_en=[], way_forward=[])
    changes = selection.refusal(a_submission(), a_decision(Verdict.CHANGES), told)
    rejection = selection.refusal(a_submission(), a_decision(Verdict.REJECT), told)

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
