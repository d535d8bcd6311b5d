"""What did not arrive, and what may have become of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.sales.domain.claims import Answer, Claim, Lost, answer, lost, settle
from services.sales.domain.deliveries import Note, Trip, arrived, fates
from services.sales.domain.units import Unit
from shared.contracts.sales.goods import ClaimKind, DeliveryLine, ReceivedLine, Resolution, SettleClaim
from shared.errors import Rejected

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
NOTE = Note(7, UUID(int=1), "SJ-2026-00007", Trip("transfer", "citos", "pim", None), "partial", NOON)
RECALL = Note(7, UUID(int=1), "SJ-2026-00007", Trip("recall", "citos", None, None), "partial", NOON)


def a_claim(*serials: str, kind: ClaimKind = "missing", left: int = 3, note: Note = NOTE) -> Claim:
    return Claim(9, UUID(int=2), note, "BTK-0007", kind, 3, left, list(serials), NOON)


def told(resolution: Resolution, quantity: int | None = None, *serials: str) -> SettleClaim:
    return SettleClaim(claim_id=UUID(int=2), resolution=resolution, quantity=quantity, serials=list(serials))


def test_what_is_neither_whole_nor_damaged_is_missing() -> None:
    sent = [DeliveryLine(sku="A-1", quantity=3, serials=["1", "2", "3"]), DeliveryLine(sku="B-1", quantity=2)]
    line = ReceivedLine(sku="A-1", received=1, damaged=1, serials=["2"], damaged_serials=["1"])
    received = arrived(sent, [line])
    assert lost(sent, received, fates(sent, received)) == [
        Lost("A-1", "missing", 1, ["3"]),
        Lost("A-1", "damaged", 1, ["1"]),
        Lost("B-1", "missing", 2, []),
    ]


def test_who_sent_it_is_responsible() -> None:
    assert NOTE.trip.responsible == "citos"
    assert Trip("consignment", None, "pim", None).responsible == "programme"


def test_without_a_number_everything_that_is_open_is_settled() -> None:
    assert answer(a_claim(left=2), told("lost")) == Answer("lost", 2, [])
    assert answer(a_claim("1", "2", "3"), told("found")) == Answer("found", 3, ["1", "2", "3"])
    assert answer(a_claim("1", "2", "3"), told("found", None, "2")) == Answer("found", 1, ["2"])


@pytest.mark.parametrize(
    ("claim", "command", "code"),
    [
        (a_claim(kind="damaged"), told("found"), "resolution_impossible"),
        (a_claim(), told("repaired"), "resolution_impossible"),
        (a_claim(left=2), told("found", 3), "more_than_claimed"),
        (a_claim("1", "2", "3"), told("found", 2), "serials_differ"),
        (a_claim("1", "2", "3"), told("found", 2, "1"), "serials_differ"),
        (a_claim("1", "2", "3"), told("found", None, "4"), "serial_not_claimed"),
        (a_claim("1", "2", "3"), told("found", None, "1", "1"), "serial_repeated"),
    ],
)
def test_what_cannot_be_settled_so_is_refused(claim: Claim, command: SettleClaim, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        answer(claim, command)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("note", "resolution", "place"),
    [
        (NOTE, "found", ("at-outlet", "pim", 11)),
        (RECALL, "found", ("with-maker", None, 11)),
        (NOTE, "returned-to-maker", ("with-maker", None, 11)),
        (NOTE, "lost", ("missing", "pim", 11)),
        (NOTE, "written-off", ("missing", "pim", 7)),
    ],
)
def test_a_piece_is_where_its_claim_ended(note: Note, resolution: Resolution, place: tuple[str, str, int]) -> None:
    unit = Unit("1", "BTK-0007", "missing", note.trip.outlet, 7, NOON)
    then = settle(unit, a_claim("1", note=note), resolution, 11, NOON)
    assert (then.state, then.outlet, then.cause) == place


def test_a_piece_that_a_till_sold_meanwhile_stays_sold() -> None:
    sold = Unit("1", "BTK-0007", "sold", "pim", 42, NOON)
    assert settle(sold, a_claim("1"), "found", 11, NOON) == sold
