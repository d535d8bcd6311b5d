"""What comes back: the stored shares of the same pieces, however many returns it takes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.ledger import Parties
from services.sales.domain.originals import Original
from services.sales.domain.returns import ReturnedLine, judge, sold_as
from services.sales.domain.split import Terms, split_line, total
from shared.contracts.outlets import ReturnReported
from shared.errors import KaryaError, NotYet

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
MALL = Terms(date(2026, 1, 1), 2500, 1000)


def an_original(quantity: int = 3, net: int = 700_000, weights: tuple[int, ...] = (1,), **other: Any) -> Original:
    runs = split_line(quantity, net, MALL, weights)
    facts: dict[str, Any] = {
        "no": 1,
        "sale_id": UUID(int=1),
        "outlet": "citos",
        "till": "t-1",
        "receipt": "536365",
        "line": 1,
        "sku": "BTK-0007",
        "serial": None,
        "sold_at": NOON - timedelta(hours=1),
        "voided": False,
        "makers": tuple([UUID(int=n) for n, _ in enumerate(weights)]),
        "parties": Parties(1, 2, 3, tuple(range(4, 4 + len(weights)))),
        "runs": runs,
        "taken_back": [0] * len(runs),
    }
    return Original(**(facts | other))


def a_return(**other: Any) -> ReturnReported:
    facts: dict[str, Any] = {
        "outlet": "citos",
        "till": "t-1",
        "receipt": "C536379",
        "line": 1,
        "sku": "BTK-0007",
        "quantity": 1,
        "returned_at": NOON,
        "original_receipt": "536365",
        "original_line": 1,
    }
    return ReturnReported(**(facts | other))


def refusal(report: ReturnReported, *originals: Original) -> tuple[str, str]:
    verdict = judge(report, originals, NOON)
    assert isinstance(verdict, KaryaError)
    return verdict.kind, verdict.code


def test_one_piece_of_three_gives_back_what_that_piece_gave() -> None:
    line = judge(a_return(), [an_original()], NOON)
    assert isinstance(line, ReturnedLine)
    assert (line.back.totals.net, line.back.totals.makers) == (233_334, (151_668,))


def test_the_next_piece_gives_back_what_the_next_piece_gave() -> None:
    original = an_original()
    judge(a_return(), [original], NOON)
    line = judge(a_return(line=2), [original], NOON)
    assert isinstance(line, ReturnedLine)
    assert (line.back.totals.net, line.back.totals.makers) == (233_333, (151_667,))


@pytest.mark.parametrize(
    ("other", "kind", "code"),
    [
        ({"sku": "BTK-0008"}, "conflict", "return_of_other_sku"),
        ({"quantity": 4}, "rejected", "more_than_sold"),
        ({"returned_at": NOON + timedelta(minutes=6)}, "rejected", "returned_in_the_future"),
    ],
)
def test_a_return_that_cannot_be_booked_says_why(other: dict[str, Any], kind: str, code: str) -> None:
    assert refusal(a_return(**other), an_original()) == (kind, code)


@pytest.mark.parametrize(
    ("piece", "other", "kind", "code"),
    [
        ({"serial": "A1"}, {"serial": "A2"}, "conflict", "return_of_other_serial"),
        ({"sold_at": NOON + timedelta(seconds=1)}, {"returned_at": NOON - timedelta(minutes=5)}, "conflict",
         "returned_before_sold"),
        ({"voided": True, "taken_back": [1, 2]}, {}, "conflict", "sale_voided"),
        ({"taken_back": [1, 1]}, {"quantity": 2}, "rejected", "more_than_sold"),
    ],
)  # fmt: skip
def test_a_return_that_contradicts_its_sale_says_why(
    piece: dict[str, Any], other: dict[str, Any], kind: str, code: str
) -> None:
    assert refusal(a_return(**other), an_original(**piece)) == (kind, code)


def test_a_return_without_its_sale_waits_as_long_as_a_till_may_be_offline() -> None:
    verdict = judge(a_return(), [], NOON)
    assert isinstance(verdict, NotYet)
    assert (verdict.code, verdict.patience) == ("sale_not_recorded", timedelta(days=3))


@pytest.mark.parametrize(("sold", "told"), [("citos/A1", None), (None, "A1"), ("citos/A1", "A1")])
def test_a_serial_that_only_one_side_names_is_no_contradiction(sold: str | None, told: str | None) -> None:
    assert isinstance(judge(a_return(serial=told), [an_original(serial=sold)], NOON), ReturnedLine)


def test_two_clocks_may_differ_by_five_minutes() -> None:
    original = an_original(sold_at=NOON)
    assert isinstance(judge(a_return(returned_at=NOON - timedelta(minutes=5)), [original], NOON), ReturnedLine)


def test_a_return_may_name_the_outlet_and_the_till_that_sold() -> None:
    assert sold_as(a_return()) == ("536365", 1, "citos")
    assert sold_as(a_return(original_outlet="pim")) == ("536365", 1, "pim")
    assert sold_as(a_return(original_line=None)) is None
    own, other = an_original(till="t-1"), an_original(till="t-2")
    line = judge(a_return(original_till="t-2"), [own, other], NOON)
    assert isinstance(line, ReturnedLine)
    assert line.back.original is other
    assert refusal(a_return(original_till="t-3"), own, other) == ("not_yet", "sale_not_recorded")


def test_a_till_of_the_same_name_elsewhere_is_another_till() -> None:
    tills = [an_original(outlet="pim", till=till) for till in ("t-1", "t-2")]
    assert refusal(a_return(original_outlet="pim"), *tills) == ("rejected", "original_ambiguous")


def test_a_piece_comes_back_once() -> None:
    original = an_original(quantity=1)
    assert isinstance(judge(a_return(), [original], NOON), ReturnedLine)
    assert refusal(a_return(line=2), original) == ("rejected", "more_than_sold")


def test_a_refused_return_counts_nothing_as_returned() -> None:
    original = an_original(quantity=2)
    refusal(a_return(quantity=3), original)
    assert original.left == 2


def test_a_till_means_its_own_receipt_first() -> None:
    others, own = an_original(till="t-2"), an_original(till="t-1")
    line = judge(a_return(), [others, own], NOON)
    assert isinstance(line, ReturnedLine)
    assert line.back.original is own


def test_a_receipt_of_another_till_is_not_taken_for_its_own() -> None:
    verdict = judge(a_return(), [an_original(till="t-2")], NOON)
    assert isinstance(verdict, NotYet)
    assert (verdict.code, "of its own till; there is such a line of t-2" in verdict.detail) == (
        "sale_not_recorded",
        True,
    )


@given(st.data(), st.integers(0, 3_000_000), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_however_the_pieces_come_back_the_same_amounts_do(data: st.DataObject, net: int, weights: list[int]) -> None:
    parts = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=6))
    original = an_original(sum(parts), net, tuple(weights))
    given_back = [original.take_back(part).totals for part in parts]
    sold = total(original.runs)
    assert original.left == 0
    assert sum(part.net for part in given_back) == sold.net
    assert sum(part.outlet for part in given_back) == sold.outlet
    assert sum(part.programme for part in given_back) == sold.programme
    assert [sum(shares) for shares in zip(*[part.makers for part in given_back], strict=True)] == list(sold.makers)


@given(st.data(), st.integers(2, 20), st.integers(0, 3_000_000))
def test_taking_pieces_back_one_by_one_is_taking_them_together(data: st.DataObject, quantity: int, net: int) -> None:
    count = data.draw(st.integers(1, quantity))
    together, singly = an_original(quantity, net), an_original(quantity, net)
    together.take_back(count)
    for _ in range(count):
        singly.take_back(1)
    assert together.taken_back == singly.taken_back
