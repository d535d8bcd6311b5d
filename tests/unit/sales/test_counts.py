"""Whatever comes late and in whatever order: what was counted is what lay there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.counts import Correction, Counted, check_count, corrections
from services.sales.domain.stock import Movement
from shared.contracts.sales.goods import CountedLine, CountStock
from shared.errors import KaryaError

START = datetime(2026, 11, 21, tzinfo=UTC)


class Fact(NamedTuple):
    """Pieces that came or went so many hours after the start."""

    hour: int
    delta: int


class Count(NamedTuple):
    hour: int
    counted: int


class Books:
    """The books of one shelf: movements, and the counts that are approved."""

    def __init__(self) -> None:
        self.movements: list[tuple[int, int]] = []
        self.counts: list[tuple[int, Count]] = []

    def tell(self, told: Fact | Count) -> None:
        if isinstance(told, Fact):
            self.movements.append(told)
        else:
            self.counts.append((len(self.counts), told))

    def explain(self) -> list[Correction]:
        found = corrections([self._counted()])
        self.movements += [(self._hour(one.movement), one.movement.delta) for one in found]
        return found

    def at(self, hour: float) -> int:
        return sum(delta for moment, delta in self.movements if moment <= hour)

    def _counted(self) -> list[Counted]:
        """Of two of one moment the later told."""
        last = {count.hour: (no, count) for no, count in self.counts}
        return [
            Counted(no, UUID(int=no), START + timedelta(hours=hour), "citos", "A-1", count.counted - self.at(hour))
            for hour, (no, count) in sorted(last.items())
        ]

    @staticmethod
    def _hour(movement: Movement) -> int:
        return int((movement.occurred_at - START) / timedelta(hours=1))


def balance_of(told: Sequence[Fact | Count]) -> int:
    """What must lie there in the end: what the last count found and all that came after it."""
    counts = [one for one in told if isinstance(one, Count)]
    last = max(counts, key=lambda count: count.hour, default=Count(-1, 0))
    return last.counted + sum(one.delta for one in told if isinstance(one, Fact) and one.hour > last.hour)


facts = st.builds(Fact, st.integers(0, 50), st.integers(-5, 20))
counts = st.lists(st.builds(Count, st.integers(0, 50), st.integers(0, 30)), max_size=5, unique_by=lambda one: one.hour)
stories = st.tuples(st.lists(facts, max_size=12), counts).flatmap(lambda parts: st.permutations([*parts[0], *parts[1]]))


@given(stories, st.data())
def test_any_order_of_facts_and_counts_gives_what_was_counted_and_what_came_after(
    story: Sequence[Fact | Count], data: st.DataObject
) -> None:
    books = Books()
    for told in story:
        books.tell(told)
        if data.draw(st.booleans()):
            books.explain()
    books.explain()
    assert books.at(99) == balance_of(story)
    for _, count in books.counts:
        assert books.at(count.hour) == count.counted
    assert books.explain() == []


def test_a_late_fact_is_made_good_at_the_first_count_after_it() -> None:
    books = Books()
    for told in (Fact(0, 10), Count(14, 9), Count(20, 8)):
        books.tell(told)
    assert [one.delta for one in books.explain()] == [-1, -1]
    books.tell(Fact(11, -1))
    assert [(one.counted.no, one.delta) for one in books.explain()] == [(0, 1)]


def test_a_correction_is_booked_as_of_its_count() -> None:
    counted = Counted(7, UUID(int=7), START, "citos", "A-1", -2)
    assert Correction(counted, -2).movement == Movement(7, START, -2, "adjusted", "citos", "A-1")


@pytest.mark.parametrize(
    ("minutes", "skus", "code"),
    [
        (6, ["A-1"], "counted_in_the_future"),
        (0, ["A-1", "A-1"], "sku_repeated"),
        (0, ["B-1"], "sku_unknown"),
    ],
)
def test_what_cannot_have_been_counted_is_refused(minutes: int, skus: list[str], code: str) -> None:
    lines = [CountedLine(sku=sku, counted=1) for sku in skus]
    told = CountStock(code="citos", counted_at=START + timedelta(minutes=minutes), lines=lines)
    with pytest.raises(KaryaError) as refused:
        check_count(told, {"A-1"}, START)
    assert refused.value.code == code
