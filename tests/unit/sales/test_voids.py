"""A receipt that a till takes back: whether it can be, and which lines that means."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.ledger import Fact, Parties, post_back, post_sale
from services.sales.domain.originals import Original
from services.sales.domain.pricing import ListPrice, Pricing
from services.sales.domain.split import Terms, split_line, total
from services.sales.domain.voids import judge, key_of, lines_of
from shared.contracts.outlets import VoidReported
from shared.errors import NotYet

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MALL = Terms(date(2026, 1, 1), 2500, 1000)
PARTIES = Parties(1, 2, 3, (4,))


def a_void(voided_at: datetime = NOON) -> VoidReported:
    return VoidReported(outlet="citos", till="till-1", receipt="536365", voided_at=voided_at)


def a_line(line: int = 1, sold_at: datetime = NOON - HOUR, **other: Any) -> Original:
    facts: dict[str, Any] = {
        "no": line,
        "sale_id": UUID(int=line),
        "outlet": "citos",
        "till": "till-1",
        "receipt": "536365",
        "line": line,
        "sku": "BTK-0007",
        "serial": None,
        "sold_at": sold_at,
        "voided": False,
        "makers": (UUID(int=1),),
        "parties": PARTIES,
        "runs": split_line(3, 700_000, MALL, (1,)),
        "taken_back": [0, 0],
    }
    return Original(**(facts | other))


def test_a_receipt_is_one_of_a_till_of_an_outlet() -> None:
    assert key_of(a_void()) == ("536365", "citos", "till-1")


@pytest.mark.parametrize(
    ("voided_at", "found", "kind", "code"),
    [
        (NOON, [], "not_yet", "receipt_not_recorded"),
        (NOON - 2 * HOUR, [a_line()], "conflict", "voided_before_sold"),
        (NOON + 6 * MINUTE, [a_line()], "rejected", "voided_in_the_future"),
    ],
)
def test_a_void_that_cannot_be_booked_says_why(
    voided_at: datetime, found: list[Original], kind: str, code: str
) -> None:
    error = judge(a_void(voided_at), found, NOON)
    assert error is not None
    assert (error.kind, error.code) == (kind, code)


def test_a_void_waits_for_its_receipt_as_long_as_a_till_may_be_offline() -> None:
    error = judge(a_void(), [], NOON)
    assert isinstance(error, NotYet)
    assert error.patience == timedelta(days=3)


def test_one_line_that_was_sold_until_then_is_enough() -> None:
    assert judge(a_void(), [a_line(1), a_line(2, sold_at=NOON + MINUTE)], NOON) is None


def test_only_lines_that_were_sold_until_then_and_are_not_taken_back_are_taken_back() -> None:
    at_that_moment, later = a_line(1, sold_at=NOON), a_line(2, sold_at=NOON + MINUTE)
    voided, open_one = a_line(3, voided=True), a_line(4)
    assert lines_of(NOON, [at_that_moment, later, voided, open_one]) == [at_that_moment, open_one]


prices = st.integers(0, 2_000_000)


@given(st.integers(1, 12), prices, prices, st.data())
def test_returns_and_then_the_void_leave_every_account_as_it_was(
    quantity: int, net: int, listed: int, data: st.DataObject
) -> None:
    """Also when the outlet sold so far below the list price that it owes the difference."""
    runs = split_line(quantity, net, MALL, (1,), Pricing(ListPrice(listed)))
    line = a_line(runs=runs, taken_back=[0] * len(runs))
    fact = Fact(1, date(2026, 11, 21))
    moved = post_sale(fact, PARTIES, total(runs))
    returned = data.draw(st.integers(0, quantity))
    moved += post_back(fact, "return", PARTIES, line.take_back(returned).totals)
    moved += post_back(fact, "void", PARTIES, line.take_back(line.left).totals)
    sums = dict.fromkeys([1, 2, 3, 4], 0)
    for transfer in moved:
        assert transfer.amount > 0
        sums[transfer.debit] += transfer.amount
        sums[transfer.credit] -= transfer.amount
    assert line.left == 0
    assert set(sums.values()) == {0}
