"""What may stand on a delivery note, and what may arrive of it."""

import pytest

from services.sales.domain.deliveries import arrived, check_dispatch, note_number
from shared.contracts.sales import DeliveryLine, ReceivedLine
from shared.errors import NotYet, Rejected

SENT = [DeliveryLine(sku="BTK-0007", quantity=10), DeliveryLine(sku="SUL-0001", quantity=5)]


def test_a_note_number_shows_the_year_and_five_digits() -> None:
    assert note_number(2026, 42) == "SJ-2026-00042"


def test_without_a_word_everything_has_arrived() -> None:
    assert arrived(SENT, None) == [
        ReceivedLine(sku="BTK-0007", received=10),
        ReceivedLine(sku="SUL-0001", received=5),
    ]


def test_what_is_not_told_of_is_missing() -> None:
    told = [ReceivedLine(sku="SUL-0001", received=3, damaged=2)]
    assert arrived(SENT, told) == [ReceivedLine(sku="BTK-0007", received=0), told[0]]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([ReceivedLine(sku="BTK-0007", received=9, damaged=2)], "more_than_sent"),
        ([ReceivedLine(sku="XXX-0001", received=1)], "sku_not_sent"),
        ([ReceivedLine(sku="BTK-0007", received=1), ReceivedLine(sku="BTK-0007", received=1)], "sku_repeated"),
    ],
)
def test_what_cannot_have_arrived_is_refused(lines: list[ReceivedLine], code: str) -> None:
    with pytest.raises(Rejected) as refused:
        arrived(SENT, lines)
    assert refused.value.code == code
    assert lines[0].sku in refused.value.detail


def test_unknown_products_are_named() -> None:
    lines = [DeliveryLine(sku=sku, quantity=1) for sku in ("A-1", "B-1", "C-1")]
    with pytest.raises(NotYet) as refused:
        check_dispatch(lines, {"B-1"})
    assert refused.value.code == "sku_unknown"
    assert refused.value.detail.endswith("A-1, C-1")


def test_a_product_stands_in_one_line() -> None:
    with pytest.raises(Rejected) as refused:
        check_dispatch([DeliveryLine(sku="A-1", quantity=1)] * 2, {"A-1"})
    assert refused.value.code == "sku_repeated"
