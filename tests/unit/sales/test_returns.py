"""What comes back: the stored shares of the same pieces, however many returns it takes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.ledger import Parties
from services.sales.domain.returns import Original, ReturnedLine, judge
from services.sales.domain.split import Terms, split_line, total, total_of
from shared.contracts.outlets import ReturnReported
from shared.errors import KaryaError

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
MALL = Terms(date(2026, 1, 1), 2500, 1000)
LINE = ("536365", 1, "citos")


def an_original(quantity: int = 3, net: int = 700_000, weights: tuple[int, ...] = (1,), till: str = "t-1") -> Original:
    runs = split_line(quantity, net, MALL, weights)
    makers = tuple([UUID(int=n) for n, _ in enumerate(weights)])
    parties = Parties(1, 2, 3, tuple(range(4, 4 + len(weights))))
    return Original(1, UUID(int=1), till, "BTK-0007", makers, parties, runs, [0] * len(runs))


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
    verdict = judge(report, {LINE: originals}, NOON)
    assert isinstance(verdict, KaryaError)
    return verdict.kind, verdict.code


def test_one_piece_of_three_gives_back_what_that_piece_gave() -> None:
    line = judge(a_return(), {LINE: [an_original()]}, NOON)
    assert isinstance(line, ReturnedLine)
    assert (line.totals.net, line.totals.makers) == (233_334, (151_668,))


def test_the_next_piece_gives_back_what_the_next_piece_gave() -> None:
    original = an_original()
    judge(a_return(), {LINE: [original]}, NOON)
    line = judge(a_return(line=2), {LINE: [original]}, NOON)
    assert isinstance(line, ReturnedLine)
    assert (line.totals.net, line.totals.makers) == (233_333, (151_667,))


@pytest.mark.parametrize(
    ("other", "kind", "code"),
    [
        ({"original_receipt": "536366"}, "not_yet", "sale_not_recorded"),
        ({"sku": "BTK-0008"}, "conflict", "return_of_other_sku"),
        ({"quantity": 4}, "rejected", "more_than_sold"),
        ({"returned_at": NOON + timedelta(minutes=6)}, "rejected", "returned_in_the_future"),
    ],
)
def test_a_return_that_cannot_be_booked_says_why(other: dict[str, Any], kind: str, code: str) -> None:
    assert refusal(a_return(**other), an_original()) == (kind, code)


def test_a_piece_comes_back_once() -> None:
    original = an_original(quantity=1)
    assert isinstance(judge(a_return(), {LINE: [original]}, NOON), ReturnedLine)
    assert refusal(a_return(line=2), original) == ("rejected", "more_than_sold")


def test_a_refused_return_counts_nothing_as_returned() -> None:
    original = an_original(quantity=2)
    refusal(a_return(quantity=3), original)
    assert original.left == 2


def test_a_till_means_its_own_receipt_first() -> None:
    others, own = an_original(till="t-2"), an_original(till="t-1")
    line = judge(a_return(), {LINE: [others, own]}, NOON)
    assert isinstance(line, ReturnedLine)
    assert line.original is own


def test_a_receipt_of_the_only_other_till_is_taken() -> None:
    other = an_original(till="t-2")
    line = judge(a_return(), {LINE: [other]}, NOON)
    assert isinstance(line, ReturnedLine)
    assert line.original is other


def test_between_two_other_tills_a_person_decides() -> None:
    originals = an_original(till="t-2"), an_original(till="t-3")
    assert refusal(a_return(), *originals) == ("rejected", "original_ambiguous")


@given(st.data(), st.integers(0, 3_000_000), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_however_the_pieces_come_back_the_same_amounts_do(data: st.DataObject, net: int, weights: list[int]) -> None:
    parts = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=6))
    original = an_original(sum(parts), net, tuple(weights))
    given_back = [total_of(zip(original.take_back(part), original.runs, strict=True)) for part in parts]
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
    assert together.returned == singly.returned
