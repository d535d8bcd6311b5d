"""Who completes, and how certificates are numbered."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.completion import (
    ABBREVIATIONS,
    Attended,
    Held,
    attended_enough,
    certificate_number,
    check_completable,
    divide,
)
from services.training.domain.courses import CohortFacts
from shared.contracts.training import Craft
from shared.errors import NotYet, Rejected

NUMBER = re.compile(r"KR-(\d{4})-([A-Z]{3})-(\d{5})")
years = st.integers(2020, 2099)
crafts = st.sampled_from(Craft)
sequences = st.integers(1, 99_999)


def a_cohort(completed_at: datetime | None = None) -> CohortFacts:
    return CohortFacts(UUID(int=7), Craft.BATIK, "Batik tulis", 35, 75, completed_at)


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
    makers = [Attended(UUID(int=n), attended) for n, attended in enumerate(minutes)]

    completed, not_completed = divide(makers, taught, share)

    assert sorted([m.maker_id for m in completed] + not_completed) == [m.maker_id for m in makers]
    least = min((m.minutes for m in completed), default=None)
    assert least is None or all(m.minutes < least for m in makers if m.maker_id in not_completed)


def test_a_cohort_with_open_sessions_cannot_be_completed_yet() -> None:
    check_completable(a_cohort(), Held(open_sessions=0, minutes=660))

    with pytest.raises(NotYet) as refused:
        check_completable(a_cohort(), Held(open_sessions=1, minutes=330))

    assert refused.value.code == "sessions_open"


def test_a_cohort_is_completed_once() -> None:
    with pytest.raises(Rejected) as refused:
        check_completable(a_cohort(datetime(2026, 11, 21, tzinfo=UTC)), Held(open_sessions=0, minutes=660))

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
