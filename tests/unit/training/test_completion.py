"""Who completes, and how certificates are numbered."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.completion import (
    ABBREVIATIONS,
    Learner,
    Rule,
    attended_enough,
    certificate_number,
    check_completable,
    check_meant,
    divide,
    lacks,
    practical,
    required_minutes,
    turned,
)
from services.training.domain.courses import CohortFacts, EnrolmentState
from shared.contracts.training import Craft, Lack, Practical
from shared.errors import NotYet, Rejected

NUMBER = re.compile(r"KR-(\d{4})-([A-Z]{3})-(\d{5})")
years = st.integers(2020, 2099)
crafts = st.sampled_from(Craft)
sequences = st.integers(1, 99_999)


def a_cohort(completed_at: datetime | None = None) -> CohortFacts:
    return CohortFacts(UUID(int=7), Craft.BATIK, "Batik tulis", 35, 75, completed_at)


def a_learner(
    minutes: int,
    taught: int,
    piece: bool | None = None,
    maker: int = 1,
    state: EnrolmentState = EnrolmentState.ENROLLED,
) -> Learner:
    return Learner(UUID(int=maker), state, minutes, taught, piece)


def test_the_share_is_of_the_minutes_really_taught() -> None:
    planned, taught = 2 * 180, 2 * 330

    assert attended_enough(495, taught, 75)
    assert not attended_enough(494, taught, 75)
    assert attended_enough(planned * 75 // 100, planned, 75)


@given(minutes=st.integers(0, 50_000), taught=st.integers(1, 50_000), share=st.integers(1, 100))
def test_the_minutes_rule_is_exact(minutes: int, taught: int, share: int) -> None:
    assert attended_enough(minutes, taught, share) == (Fraction(minutes, taught) >= Fraction(share, 100))


@given(taught=st.integers(1, 50_000), share=st.integers(1, 100))
def test_all_the_minutes_are_always_enough_and_none_never(taught: int, share: int) -> None:
    assert attended_enough(taught, taught, share)
    assert not attended_enough(0, taught, share)


@given(minutes=st.lists(st.integers(0, 720), max_size=40), taught=st.integers(1, 720), share=st.integers(1, 100))
def test_every_maker_either_completes_or_does_not(minutes: list[int], taught: int, share: int) -> None:
    makers = [a_learner(attended, taught, maker=n) for n, attended in enumerate(minutes)]

    completed, not_completed = divide(makers, Rule(share, practical_required=False))

    assert sorted([*completed, *not_completed], key=lambda one: one.maker_id) == makers
    least = min((m.minutes for m in completed), default=None)
    assert least is None or all(m.minutes < least for m in not_completed)


@given(taught=st.integers(0, 50_000), share=st.integers(1, 100))
def test_the_required_minutes_are_the_fewest_that_are_enough(taught: int, share: int) -> None:
    required = required_minutes(taught, share)

    assert attended_enough(required, taught, share)
    assert required == 0 or not attended_enough(required - 1, taught, share)


learners = st.builds(
    lambda minutes, more, piece: a_learner(minutes, minutes + more, piece),
    st.integers(0, 5_000),
    st.integers(0, 5_000),
    st.sampled_from([None, False, True]),
)
rules = st.builds(Rule, st.integers(1, 100), st.booleans())


@given(learners, rules, st.data())
def test_more_minutes_or_an_accepted_piece_never_undo_a_completion(
    learner: Learner, rule: Rule, data: st.DataObject
) -> None:
    minutes = data.draw(st.integers(learner.minutes, learner.taught))
    better = replace(learner, minutes=minutes, piece=data.draw(st.sampled_from([learner.piece, True])))

    assert set(lacks(better, rule)) <= set(lacks(learner, rule)) | {Lack.PRACTICAL_NOT_ACCEPTED}
    assert lacks(learner, rule) or not lacks(better, rule)


@given(learners, rules)
def test_a_stricter_rule_completes_nobody_more(learner: Learner, rule: Rule) -> None:
    milder = Rule(max(1, rule.required_share - 10), practical_required=False)

    assert lacks(learner, rule) or not lacks(learner, milder)


@pytest.mark.parametrize(
    ("learner", "missing"),
    [
        ((0, 0, True), [Lack.SESSIONS]),
        ((224, 300, True), [Lack.MINUTES]),
        ((225, 300, True), []),
        ((225, 300, None), [Lack.PRACTICAL]),
        ((0, 300, False), [Lack.MINUTES, Lack.PRACTICAL_NOT_ACCEPTED]),
    ],
)
def test_what_a_maker_lacks_is_said_by_code(learner: tuple[int, int, bool | None], missing: list[Lack]) -> None:
    assert lacks(a_learner(*learner), Rule(75, practical_required=True)) == missing


def test_no_piece_is_asked_for_where_none_is_required() -> None:
    rule, strict = Rule(75, practical_required=False), Rule(75, practical_required=True)

    assert lacks(a_learner(300, 300), rule) == []
    assert practical(a_learner(300, 300), rule) is Practical.NOT_REQUIRED
    assert practical(a_learner(300, 300), strict) is Practical.MISSING
    assert practical(a_learner(300, 300, piece=False), strict) is Practical.NOT_ACCEPTED


def test_who_completes_is_not_changed_after_the_end_unless_it_is_meant() -> None:
    rule = Rule(75, practical_required=False)
    gained = a_learner(300, 300, maker=1, state=EnrolmentState.NOT_COMPLETED)
    lost = a_learner(200, 300, maker=2, state=EnrolmentState.COMPLETED)
    same = a_learner(250, 300, maker=3, state=EnrolmentState.COMPLETED)

    turn = turned([gained, lost, same], rule)

    assert (turn.gained, turn.lost) == ([gained], [lost])
    check_meant(turn, reconsider=True)
    check_meant(turned([same], rule), reconsider=False)
    with pytest.raises(Rejected) as refused:
        check_meant(turn, reconsider=False)
    assert refused.value.code == "completion_would_change"
    assert str(lost.maker_id) in refused.value.detail
    assert str(same.maker_id) not in refused.value.detail


def test_a_cohort_with_open_sessions_cannot_be_completed_yet() -> None:
    check_completable(a_cohort(), open_sessions=0)

    with pytest.raises(NotYet) as refused:
        check_completable(a_cohort(), open_sessions=1)

    assert refused.value.code == "sessions_open"


def test_a_cohort_is_completed_once() -> None:
    with pytest.raises(Rejected) as refused:
        check_completable(a_cohort(datetime(2026, 11, 21, tzinfo=UTC)), open_sessions=0)

    assert refused.value.code == "already_completed"


def test_a_certificate_says_year_craft_and_how_many_there_were() -> None:
    assert certificate_number(2026, Craft.BATIK, 42) == "KR-2026-BTK-00042"
    assert certificate_number(2026, Craft.BUSINESS, 1) == "KR-2026-BIZ-00001"


def test_every_craft_has_an_abbreviation_of_its_own() -> None:
    assert set(ABBREVIATIONS) == set(Craft)
    assert len(set(ABBREVIATIONS.values())) == len(Craft)


@given(years, crafts, sequences)
def test_a_number_tells_all_that_it_was_made_of(year: int, craft: Craft, sequence: int) -> None:
    found = NUMBER.fullmatch(certificate_number(year, craft, sequence))

    assert found is not None
    assert (int(found[1]), found[2], int(found[3])) == (year, ABBREVIATIONS[craft], sequence)


@given(years, crafts, st.tuples(sequences, sequences).map(sorted))
def test_later_certificates_have_greater_numbers(year: int, craft: Craft, pair: list[int]) -> None:
    first, second = (certificate_number(year, craft, sequence) for sequence in pair)

    assert (first < second) == (pair[0] < pair[1])
