"""What two sessions cannot share at one time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.training.domain.clashes import Slot, between, find_clashes, of_maker

NINE = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
SRI, ANI, WATI = UUID(int=1), UUID(int=2), UUID(int=3)


def a_slot(n: int, after: int = 0, minutes: int = 180, actual: int | None = None, **fields: Any) -> Slot:
    """Session `n` of cohort `n`, planned so many minutes after nine; `actual`: the minutes that it took."""
    start = NINE + timedelta(minutes=after)
    needs: dict[str, Any] = {"place": None, "trainers": frozenset(), "makers": frozenset()}
    return Slot(
        session_id=UUID(int=100 + n),
        cohort_id=UUID(int=200 + n),
        number=n,
        planned_start=start,
        planned_minutes=minutes,
        starts_at=start,
        ends_at=start + timedelta(minutes=actual or minutes),
        was_held=actual is not None,
        **{**needs, **fields},
    )


def test_a_trainer_a_place_and_a_maker_in_two_sessions_at_once_are_told() -> None:
    needs: dict[str, Any] = {"place": "aula", "trainers": frozenset({SRI}), "makers": frozenset({ANI, WATI})}
    [clash] = find_clashes([a_slot(2, 60, **needs), a_slot(1, **needs)])

    assert (clash.earlier.number, clash.later.number) == (1, 2)
    assert (clash.trainers, clash.place, clash.makers) == ([SRI], "aula", [ANI, WATI])
    assert not clash.overrun


def test_sessions_that_share_nothing_or_follow_each_other_do_not_clash() -> None:
    one = a_slot(1, place="aula", trainers=frozenset({SRI}))

    assert find_clashes([one, a_slot(2, place="musala")]) == []
    assert find_clashes([one, a_slot(2, 180, place="aula", trainers=frozenset({SRI}))]) == []
    assert find_clashes([a_slot(1), a_slot(2)]) == []


def test_a_cohort_cannot_be_in_two_sessions_even_before_anybody_is_enrolled() -> None:
    one = a_slot(1)

    assert len(find_clashes([one, replace(a_slot(2, 60), cohort_id=one.cohort_id)])) == 1


def test_a_session_that_overran_runs_into_the_next_one() -> None:
    [clash] = find_clashes([a_slot(1, actual=360, place="aula"), a_slot(2, 240, place="aula")])

    assert clash.overrun
    assert clash.earlier.ends_at - clash.earlier.starts_at == timedelta(minutes=360)


def test_two_sessions_that_were_held_are_over() -> None:
    assert find_clashes([a_slot(1, actual=360, place="aula"), a_slot(2, 240, actual=60, place="aula")]) == []


def test_a_maker_is_told_of_nobody_else() -> None:
    shared: dict[str, Any] = {"place": "aula", "trainers": frozenset({SRI}), "makers": frozenset({ANI, WATI})}
    clashes = find_clashes([a_slot(1, **shared), a_slot(2, **shared)])

    [clash] = of_maker(clashes, ANI)
    assert (clash.trainers, clash.place, clash.makers) == ([], None, [ANI])
    assert of_maker(clashes, SRI) == []


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(15, 600), st.sampled_from(["aula", "musala", None]),
                          st.sets(st.sampled_from([SRI, ANI])), st.booleans()), max_size=12))  # fmt: skip
def test_exactly_the_pairs_that_overlap_and_share_something_are_told(
    plan: list[tuple[int, int, str | None, set[UUID], bool]],
) -> None:
    slots = [
        a_slot(n, after, minutes, minutes if held else None, place=place, makers=frozenset(makers))
        for n, (after, minutes, place, makers, held) in enumerate(plan)
    ]

    found = {frozenset((one.earlier.number, one.later.number)) for one in find_clashes(slots)}

    pairs = [(a, b) for a in slots for b in slots if a.number < b.number]
    assert found == {frozenset((a.number, b.number)) for a, b in pairs if between(a, b)}
    assert all(between(a, b) == between(b, a) for a, b in pairs)
