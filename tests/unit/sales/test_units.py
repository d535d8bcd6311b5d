"""A piece with a serial: what says that it cannot have been sold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.sales.domain.calendar import JAKARTA
from services.sales.domain.units import AT_OUTLET, PATIENCE, SOLD, Unit, is_ours, judge_unit
from shared.contracts.outlets import SaleReported
from shared.errors import Conflict, NotYet

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OURS = "2900000000018"


def a_sale(**other: Any) -> SaleReported:
    facts: dict[str, Any] = {
        "outlet": "citos",
        "till": "till-1",
        "receipt": "536365",
        "line": 1,
        "sku": "BTK-0007",
        "quantity": 1,
        "unit_price": 700_000,
        "sold_at": NOON,
        "serial": OURS,
    }
    return SaleReported(**(facts | other))


def a_unit(state: str = AT_OUTLET, since: datetime = NOON - HOUR, sku: str = "BTK-0007") -> Unit:
    return Unit(OURS, sku, state, "citos", 7, since)


@pytest.mark.parametrize(
    ("serial", "ours"),
    [(OURS, True), ("2800000000018", False), ("29000000000", False), ("29A0000000018", False), ("A1", False)],
)
def test_our_labels_are_known_by_their_looks(serial: str, ours: bool) -> None:
    assert is_ours(serial) is ours


@pytest.mark.parametrize(
    ("other", "unit", "kind", "code"),
    [
        ({"quantity": 2}, a_unit(), "rejected", "serial_quantity"),
        ({}, None, "not_yet", "serial_unknown"),
        ({}, a_unit(sku="SUL-0001"), "conflict", "serial_of_other_sku"),
        ({}, a_unit(SOLD), "conflict", "serial_already_sold"),
    ],
)
def test_a_piece_that_cannot_have_been_sold_says_why(
    other: dict[str, Any], unit: Unit | None, kind: str, code: str
) -> None:
    error = judge_unit(a_sale(**other), unit, None)
    assert error is not None
    assert (error.kind, error.code) == (kind, code)


def test_who_has_to_choose_is_told_which_outlet_sold_the_piece_and_when() -> None:
    error = judge_unit(a_sale(outlet="pim"), a_unit(SOLD), None)
    assert isinstance(error, Conflict)
    sold_at = (NOON - HOUR).astimezone(JAKARTA).isoformat()
    assert error.candidates == [{"serial": OURS, "outlet": "citos", "sold_at": sold_at}]


def test_a_label_is_waited_for_a_day() -> None:
    error = judge_unit(a_sale(), None, None)
    assert isinstance(error, NotYet)
    assert error.patience == PATIENCE == timedelta(days=1)


def test_an_outlets_own_serial_is_taken_as_it_is() -> None:
    assert judge_unit(a_sale(serial="A1"), None, None) is None


@pytest.mark.parametrize("state", ["labelled", "in-transit", "at-outlet", "damaged", "missing", "with-maker"])
def test_wherever_a_piece_lies_a_till_may_have_sold_it(state: str) -> None:
    assert judge_unit(a_sale(), a_unit(state), None) is None


@pytest.mark.parametrize(
    ("sold_at", "returned_at", "since", "past"),
    [
        (NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR, True),
        (NOON - 3 * HOUR, None, NOON - HOUR, False),
        (NOON - 3 * HOUR, NOON, NOON - HOUR, False),
        (NOON - HOUR, NOON - 2 * HOUR, NOON, False),
        (NOON - 3 * HOUR, NOON - HOUR + timedelta(minutes=5), NOON - HOUR, True),
        (NOON - 3 * HOUR, NOON - HOUR + timedelta(minutes=5, seconds=1), NOON - HOUR, False),
    ],
)
def test_a_sale_belongs_to_the_past_of_a_sold_piece_when_its_return_lies_between(
    sold_at: datetime, returned_at: datetime | None, since: datetime, past: bool
) -> None:
    error = judge_unit(a_sale(sold_at=sold_at), a_unit(SOLD, since), returned_at)
    assert (error is None) is past


def test_a_piece_is_sold_by_one_sale_until_it_comes_back() -> None:
    sold = a_unit().sell(8, "pim", NOON)
    assert (sold.state, sold.outlet, sold.since) == (SOLD, "pim", NOON)
    assert sold.is_sold_by(8)
    assert not sold.is_sold_by(7)
    back = sold.come_back(9, "citos", NOON + HOUR)
    assert (back.state, back.outlet, back.cause, back.since) == (AT_OUTLET, "citos", 9, NOON + HOUR)
    assert not back.is_sold_by(9)
