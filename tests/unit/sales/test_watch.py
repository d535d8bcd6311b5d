"""What decides in the watch: ranges of numbers, what goes on and what begins anew, when totals are told."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.closings import Check, Standing, Totals, compare
from services.sales.domain.findings import SENSE
from services.sales.domain.numbers import as_facts, continues, count, join, spell
from services.sales.domain.watch import twins
from shared.contracts.sales.tills import FindingKind

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
GRACE = timedelta(seconds=60)
ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda r: (r[0], r[0] + r[1])), max_size=12)


@given(ranges)
def test_joined_ranges_hold_the_same_numbers_in_order_and_apart(given_ranges: list[tuple[int, int]]) -> None:
    joined = join(given_ranges)
    numbers = {n for first, last in given_ranges for n in range(first, last + 1)}
    assert {n for first, last in joined for n in range(first, last + 1)} == numbers
    assert count(joined) == len(numbers)
    assert all(a[1] + 1 < b[0] for a, b in itertools.pairwise(joined))


def test_ranges_are_spelt_for_people_and_never_without_end() -> None:
    assert spell([(4, 6), (9, 9)]) == "4-6, 9"
    many = [(n, n) for n in range(0, 1000, 2)]
    assert spell(many).endswith("198 ...")
    assert as_facts(many)["count"] == 500
    assert len(as_facts(many)["numbers"]) == 100  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "again", "same"),
    [
        ([], [(1, 1)], False),
        ([(1, 3)], [(4, 4)], True),
        ([(5, 8)], [(1, 4)], True),
        ([(1, 3)], [(5, 9), (103, 103)], True),
        ([(1, 3)], [(104, 104)], False),
        ([(1, 3)], [(3, 4)], False),
        ([(1, 3), (5, 9)], [(4, 4)], True),
        ([(1, 3), (5, 9)], [(4, 5)], False),
    ],
)
def test_numbers_beside_those_that_came_again_go_on_with_the_same_restart(known: Any, again: Any, same: bool) -> None:
    assert continues(known, again) is same


def a_check(counted: int = 1, touched: bool = False, before: Standing | None = None, **other: Any) -> Check:
    facts: dict[str, Any] = {"outlet": "citos", "till": "till-1", "day": date(2026, 11, 21), "closing": 7, "version": 0}
    facts |= {"reported": Totals(2, 200), "counted": Totals(counted, counted * 100), "missing": []}
    return Check(**(facts | other), touched=touched, before=before)


def test_a_closing_that_is_new_is_given_time() -> None:
    verdict = compare(a_check(touched=True), NOON, GRACE)
    assert (verdict.state, verdict.due_at, verdict.differs) == ("open", NOON + GRACE, False)


def test_a_closing_whose_time_is_up_differs() -> None:
    verdict = compare(a_check(before=Standing(7, "open", None, None)), NOON, GRACE)
    assert (verdict.state, verdict.due_at, verdict.differs) == ("differs", None, True)


def test_reports_that_still_come_give_it_more_time() -> None:
    for state in ("open", "differs"):
        found = UUID(int=1) if state == "differs" else None
        verdict = compare(a_check(touched=True, before=Standing(7, state, None, found)), NOON, GRACE)
        assert (verdict.state, verdict.due_at, verdict.differs) == (state, NOON + GRACE, False)


def test_a_day_ties_out_for_the_first_time_once() -> None:
    first = compare(a_check(2, touched=True), NOON, GRACE)
    assert (first.state, first.ties, first.tied_at) == ("tied", True, NOON)
    again = compare(a_check(2, touched=True, before=Standing(7, "differs", NOON, UUID(int=1))), NOON + GRACE, GRACE)
    assert (again.state, again.ties, again.tied_at) == ("tied", False, NOON)


def test_equal_totals_with_a_number_missing_do_not_tie() -> None:
    assert compare(a_check(2, missing=[(3, 3)], touched=True), NOON, GRACE).state == "open"


def test_what_was_made_of_a_replaced_closing_does_not_count() -> None:
    verdict = compare(a_check(2, before=Standing(6, "tied", NOON, None)), NOON + GRACE, GRACE)
    assert (verdict.ties, verdict.tied_at) == (True, NOON + GRACE)


def a_twin(sale: int, receipt: str, others: dict[int, str]) -> dict[str, Any]:
    likeness = {"outlet": "citos", "till": "t", "sku": "A", "quantity": 1, "unit_price": 5, "discount": 0}
    return likeness | {
        "sale_id": UUID(int=sale),
        "receipt": receipt,
        "sold_at": NOON,
        "sale_ids": [UUID(int=other) for other in others],
        "receipts": list(others.values()),
    }


def test_two_sales_that_name_each_other_are_one_finding() -> None:
    (found,) = twins([a_twin(1, "a", {2: "b"}), a_twin(2, "b", {1: "a"})], NOON)
    assert found.detail["receipts"] == ["a", "b"]
    assert len(found.detail["sale_ids"]) == 2


def test_three_receipts_are_told_apart_and_many_are_one() -> None:
    assert len(twins([a_twin(2, "b", {1: "a", 3: "c"}), a_twin(3, "c", {1: "a", 2: "b"})], NOON)) == 2
    crowd = {n: str(n) for n in range(5)}
    (found,) = twins([a_twin(10 + n, f"x{n}", crowd) for n in range(50)], NOON)
    assert found.detail["many"]


def test_every_kind_has_a_meaning_and_a_remedy_that_names_the_call() -> None:
    assert set(SENSE) == set(get_args(FindingKind))
    for sense in SENSE.values():
        assert sense.means
        assert "/v1/" in sense.remedy
