"""Random juries: weights, quorum, conflicts and blindness by the rules alone."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.catalog.domain import jury
from shared.contracts.catalog import Abstention, Criteria, MakerWeight, Review, Submission, Verdict
from shared.contracts.training import Craft
from shared.errors import Rejected

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
JURORS = [f"juror:{name}" for name in ("dewi", "sari", "tuti", "rina", "yuli", "nani")]
ASIDE = st.sampled_from([None, jury.TRAINED])


@st.composite
def weights(draw: st.DrawFn) -> dict[str, int]:
    """Up to ten criteria that weigh a hundred together."""
    edges = sorted(draw(st.sets(st.integers(1, 99), max_size=9)))
    return {f"c{n}": after - before for n, (before, after) in enumerate(zip([0, *edges], [*edges, 100], strict=True))}


@st.composite
def reviews(draw: st.DrawFn) -> list[Review]:
    """Of any jury: some of them trained a maker."""
    jurors = draw(st.lists(st.sampled_from(JURORS), unique=True))
    return [
        Review(
            juror=juror,
            scores={},
            score=draw(st.integers(0, 1000)),
            comment=None,
            reviewed_at=NOON,
            set_aside=draw(ASIDE),
        )
        for juror in jurors
    ]


def criteria(quorum: int, to_refuse: int) -> Criteria:
    return Criteria(
        valid_from=NOON,
        pass_mark=600,
        quorum=quorum,
        quorum_to_refuse=to_refuse,
        weights={"finish": 100},
        descriptions={},
        halal_from=None,
        in_force=True,
    )


def a_submission(said: list[Review], abstained: list[str]) -> Submission:
    return Submission(
        submission_id=UUID(int=1),
        title="Parang shawl",
        craft=Craft.BATIK,
        technique="tulis",
        material="katun",
        hours=40,
        reference=None,
        asking_price=700_000,
        makers=[MakerWeight(maker_id=UUID(int=2))],
        state="in-review",
        score=jury.mean(said),
        reasons=[],
        sku=None,
        reviews=said,
        submitted_at=NOON,
        abstentions=[Abstention(juror=one, reason="a neighbour", abstained_at=NOON) for one in abstained],
    )


@given(weights(), st.data())
def test_a_score_lies_between_the_least_and_the_best_that_she_gave(by: dict[str, int], data: st.DataObject) -> None:
    scores = {criterion: data.draw(st.integers(0, 10)) for criterion in by}

    score = jury.score(scores, by)

    assert 100 * min(scores.values()) <= score <= 100 * max(scores.values())


@given(weights(), st.data())
def test_one_point_more_is_worth_its_criterions_weight(by: dict[str, int], data: st.DataObject) -> None:
    scores = {criterion: data.draw(st.integers(0, 9)) for criterion in by}
    better = data.draw(st.sampled_from(sorted(by)))

    gained = jury.score(scores | {better: scores[better] + 1}, by) - jury.score(scores, by)

    assert gained == by[better]


@given(reviews())
def test_only_reviews_that_count_make_the_mean(said: list[Review]) -> None:
    mean = jury.mean(said)

    counting = [review.score for review in said if review.set_aside is None]
    assert mean == (sum(counting) // len(counting) if counting else None)
    assert mean == jury.mean([review for review in said if review.set_aside is None])


@given(reviews(), st.integers(0, 1000))
def test_a_juror_who_trained_a_maker_moves_nothing_whatever_she_gives(said: list[Review], score: int) -> None:
    others = [review.model_copy(update={"score": score}) if review.set_aside else review for review in said]

    assert jury.mean(others) == jury.mean(said)


@given(reviews(), st.integers(1, 5), st.integers(0, 5), st.sampled_from(Verdict))
def test_a_decision_needs_as_many_reviews_that_count_as_its_quorum(
    said: list[Review], quorum: int, to_refuse: int, verdict: Verdict
) -> None:
    needed = quorum if verdict is Verdict.APPROVE else to_refuse
    having = sum([review.set_aside is None for review in said])
    if having >= needed:
        jury.check_quorum(said, criteria(quorum, to_refuse), verdict)
        return

    with pytest.raises(Rejected) as refused:
        jury.check_quorum(said, criteria(quorum, to_refuse), verdict)

    assert refused.value.code == ("quorum_missing" if having else "review_required")
    for review in said:
        assert (review.juror in refused.value.detail) == (review.set_aside is not None)


@given(reviews(), st.lists(st.sampled_from(JURORS), unique=True), st.sampled_from(JURORS))
def test_a_juror_is_blind_until_she_has_spoken(said: list[Review], abstained: list[str], juror: str) -> None:
    submission = a_submission(said, abstained)

    seen = jury.conceal(submission, juror)

    spoken = juror in abstained or juror in [review.juror for review in said]
    hidden = a_submission([], []).model_copy(update={"makers": [], "blind": True})
    assert seen == (submission if spoken else hidden)


@given(reviews(), st.sampled_from(["coordinator:dewi", "service:notify", "finance:sari", "dewi"]))
def test_whoever_is_no_juror_sees_everything(said: list[Review], actor: str) -> None:
    submission = a_submission(said, [])

    assert jury.conceal(submission, actor) == submission


@given(st.sampled_from(["juror", "coordinator"]), st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True))
def test_an_account_is_the_same_whatever_it_acts_as(role: str, account: str) -> None:
    assume(":" not in account)

    assert jury.account_of(f"{role}:{account}") == jury.account_of(account) == account
