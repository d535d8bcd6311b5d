"""What may stand on a delivery note, and what may arrive of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.sales.domain.deliveries import (
    MOST_NAMED,
    Trip,
    arrived,
    check_available,
    check_dispatch,
    check_units,
    note_number,
)
from services.sales.domain.units import Unit
from shared.contracts.sales import DeliveryLine, ReceivedLine, StockReceived
from shared.errors import NotYet, Rejected
from shared.runtime.envelope import seal

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


PIECES = [DeliveryLine(sku="BTK-0007", quantity=3, serials=["1", "2", "3"])]


@pytest.mark.parametrize(
    ("line", "whole", "broken"),
    [
        (ReceivedLine(sku="BTK-0007", received=3), ["1", "2", "3"], []),
        (ReceivedLine(sku="BTK-0007", received=0, damaged=3), [], ["1", "2", "3"]),
        (ReceivedLine(sku="BTK-0007", received=2, damaged=1, damaged_serials=["2"]), ["1", "3"], ["2"]),
        (ReceivedLine(sku="BTK-0007", received=2, damaged=1, serials=["1", "2"]), ["1", "2"], ["3"]),
        (ReceivedLine(sku="BTK-0007", received=1, serials=["3"]), ["3"], []),
        (ReceivedLine(sku="BTK-0007", received=0), [], []),
    ],
)
def test_what_need_not_be_named_is_the_rest(line: ReceivedLine, whole: list[str], broken: list[str]) -> None:
    found = arrived(PIECES, [line])[0]
    assert (found.serials, found.damaged_serials) == (whole, broken)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (ReceivedLine(sku="BTK-0007", received=2), "serials_differ"),
        (ReceivedLine(sku="BTK-0007", received=2, damaged=1), "serials_differ"),
        (ReceivedLine(sku="BTK-0007", received=2, serials=["1"]), "serials_differ"),
        (ReceivedLine(sku="BTK-0007", received=1, serials=["4"]), "serial_not_sent"),
        (ReceivedLine(sku="BTK-0007", received=1, damaged=1, serials=["1"], damaged_serials=["1"]), "serial_repeated"),
    ],
)
def test_pieces_with_names_are_received_by_name(line: ReceivedLine, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        arrived(PIECES, [line])
    assert refused.value.code == code


def test_pieces_without_names_cannot_be_named_on_arrival() -> None:
    with pytest.raises(Rejected) as refused:
        arrived(SENT, [ReceivedLine(sku="BTK-0007", received=1, serials=["1"])])
    assert refused.value.code == "serial_not_sent"


def test_all_that_is_short_is_named_with_what_there_is() -> None:
    shelf = [("citos", sku) for sku in ("A-1", "B-1", "C-1")]
    with pytest.raises(Rejected) as refused:
        check_available(dict.fromkeys(shelf, 2), {shelf[0]: 2, shelf[1]: 1})
    assert refused.value.detail.endswith("B-1 (1), C-1 (0)")


def test_what_the_largest_note_brings_fits_into_one_event() -> None:
    now, trip = datetime(2026, 11, 21, tzinfo=UTC), Trip("consignment", None, "citos", None)
    serials = [f"{n:064}" for n in range(MOST_NAMED)]
    pieces = {f"SKU-{n:028}": serials[n::500] for n in range(500)}
    lines = [DeliveryLine(sku=sku, quantity=len(named), serials=named) for sku, named in pieces.items()]
    units = {serial: Unit(serial, line.sku, "labelled", None, None, now) for line in lines for serial in line.serials}
    check_units(lines, units, trip)
    whole = [ReceivedLine(sku=line.sku, received=line.quantity, serials=line.serials) for line in lines]
    event = StockReceived(delivery_id=UUID(int=1), outlet="citos", lines=whole, received_at=now)
    assert 200_000 < len(seal(event, "sales", now).envelope.encode()) < 262_144
    lines.append(DeliveryLine(sku="one-more", quantity=1, serials=["one-more"]))
    with pytest.raises(Rejected, match="too_many_serials"):
        check_units(lines, units, trip)
