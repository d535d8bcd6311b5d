"""Parked reports are told of, without what they say."""

from datetime import UTC, datetime
from uuid import UUID

from services.sales.handlers.parked import report_parked
from shared.contracts.catalog import PriceChanged
from shared.contracts.message import Event
from shared.contracts.outlets import VoidReported
from shared.contracts.sales import ReportParked
from shared.errors import Invalid, NotYet
from shared.runtime.decode import Unreadable
from shared.runtime.envelope import AT_HOME, Arrival, Envelope, Received
from shared.runtime.parked import ParkedMessage, of_refused, of_unreadable

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def parked(event: Event, arrival: Arrival = AT_HOME) -> ParkedMessage:
    key = UUID(int=1)
    envelope = Envelope[Event](specversion="1.0", id=str(key), source="/tests", type=event.wire, time=NOON, data=event)
    return of_refused(Received(key, event, NOON, envelope, arrival), NotYet("sku_unknown", "..."))


def test_a_parked_report_is_told_of_without_what_it_says() -> None:
    report = VoidReported(outlet="citos", till="till-1", receipt="536365", voided_at=NOON)
    message = parked(report, Arrival(7))
    assert report_parked(message) == ReportParked(
        parked_id=message.id,
        report_type="outlet.VoidReported.v1",
        report="citos/till-1/536365",
        kind="not_yet",
        code="sku_unknown",
    )


def test_a_report_that_cannot_be_read_is_told_of_without_its_words() -> None:
    item = {"type": "for Siti", "subject": "0812", "id": "1"}
    message = of_unreadable(Unreadable(UUID(int=2), item, Invalid("unknown_type", "..."), Arrival(7)))
    assert report_parked(message) == ReportParked(
        parked_id=UUID(int=2), report_type="unreadable", report="", kind="invalid", code="unknown_type", state="person"
    )


def test_what_no_till_reported_is_not_told_of() -> None:
    assert report_parked(parked(PriceChanged(sku="BTK-0007", price=1, valid_from=NOON))) is None
