"""How far a maker has come, and how many have come how far, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain import progress
from services.training.domain.progress import Reached
from shared.contracts.training.progress import ProgrammeStep
from shared.errors import Invalid, Rejected

DAY = date(2026, 1, 1)
CODES = ("registration", "training", "accompaniment", "licensing", "marketing", "financial-reporting", "capital")
ORDER = [ProgrammeStep(code=code, name_id=code, name_en=code) for code in CODES]

facts = st.builds(Reached, st.sampled_from(CODES), st.integers(0, 400).map(lambda n: DAY + timedelta(days=n)))


@given(st.lists(facts, max_size=20).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_any_order_of_facts_gives_the_same_dates(orders: tuple[list[Reached], list[Reached]]) -> None:
    told, shuffled = orders

    assert progress.earliest(shuffled) == progress.earliest(told)
    assert progress.earliest([*told, *shuffled]) == progress.earliest(told)


@given(st.lists(facts, max_size=20), facts)
def test_a_step_reached_again_keeps_the_earlier_date(told: list[Reached], again: Reached) -> None:
    before, after = progress.earliest(told), progress.earliest([*told, again])

    assert after[again.step] == min(again.day, before.get(again.step, again.day))
    assert {**after, again.step: None} == {**before, again.step: None}


@given(st.permutations(ORDER), st.sets(st.sampled_from(CODES)))
def test_what_comes_next_is_the_first_step_of_the_order_that_is_missing(
    order: list[ProgrammeStep], reached: set[str]
) -> None:
    steps = progress.along(order, dict.fromkeys(reached, DAY))

    assert [step.code for step in steps] == [step.code for step in order]
    missing = [step.code for step in order if step.code not in reached]
    assert progress.next_of(steps) == (missing[0] if missing else None)


def test_the_funnel_of_the_citys_own_figures() -> None:
    reached = dict(zip(CODES, (284_164, 176_891, 157_498, 148_374, 44_456, 32_883, 6_159), strict=True))

    steps = progress.funnel(ORDER, reached)

    assert [step.reached for step in steps] == list(reached.values())
    assert [step.share_of_first_bps for step in steps] == [10_000, 6_224, 5_542, 5_221, 1_564, 1_157, 216]
    assert [step.share_of_before_bps for step in steps] == [None, 6_224, 8_903, 9_420, 2_996, 7_396, 1_873]


def test_nobody_has_no_share() -> None:
    steps = progress.funnel(ORDER, {"marketing": 2, "capital": 3})

    assert {step.share_of_first_bps for step in steps} == {None}
    assert [step.share_of_before_bps for step in steps] == [None, None, None, None, None, 0, None]


def test_an_order_names_each_step_once() -> None:
    with pytest.raises(Invalid) as refused:
        progress.check_order([*ORDER, ORDER[1]])

    assert refused.value.errors == [{"field": "steps.7.code", "reason": "this step comes before already"}]


def test_a_step_that_the_programme_did_not_have_cannot_be_reached() -> None:
    progress.check_step("capital", ORDER)

    with pytest.raises(Rejected) as refused:
        progress.check_step("capital", ORDER[:6])

    assert refused.value.code == "step_unknown"


def test_what_has_not_happened_cannot_be_recorded() -> None:
    progress.check_past("reached_on", DAY, DAY)

    with pytest.raises(Invalid):
        progress.check_past("reached_on", DAY + timedelta(days=1), DAY)
