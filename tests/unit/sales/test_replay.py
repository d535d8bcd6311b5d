"""What the replay does with each event, without a database: nothing is left out, nothing is reckoned anew."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.sales.app import service
from services.sales.domain.split import Run, Totals
from services.sales.replay import sold, taken_back
from services.sales.replay.families import FAMILIES, HEARD, LINKS, MOVE_NOTHING
from services.sales.replay.links import Message
from services.sales.replay.posting import Accounts, totals_of
from services.sales.replay.replayer import segments
from services.sales.storage.replay import KNOWN
from shared.contracts import sales
from shared.contracts.message import Event
from shared.contracts.sales import (
    AgreementActivated,
    DeliveryLine,
    ItemReturned,
    ItemSold,
    OutletRegistered,
    Pieces,
    ReceiptVoided,
    SaleVoided,
    Share,
    StockDispatched,
    StockReceived,
)
from shared.contracts.sales.books import PeriodClosed
from shared.contracts.sales.goods import (
    ClaimSettled,
    ExpectedLine,
    ReceivedLine,
    ReservationReleased,
    StockCounted,
    StockReserved,
)
from shared.contracts.sales.loans import LoanApplied, LoanRepaid
from shared.contracts.sales.remittances import RemittanceMatched, RemittanceReversed, SalesRemitted
from shared.contracts.sales.settlement import DebtWrittenOff, PayoutFrozen, PayoutLine, PayoutPaid
from shared.contracts.sales.tills import TillClosingRecorded
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.runtime.envelope import Envelope, Received
from shared.runtime.replay import log

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
ANI, WATI = UUID(int=1), UUID(int=2)
ONE = UUID(int=7)


def a_sold(**other: Any) -> ItemSold:
    facts: dict[str, Any] = {
        "sale_id": ONE,
        "outlet": "citos",
        "sku": "SUL-0001",
        "quantity": 2,
        "net": 1001,
        "outlet_share": 250,
        "programme_share": 100,
        "shares": [Share(maker_id=ANI, amount=326), Share(maker_id=WATI, amount=325)],
        "sold_at": NOON,
        "till": "till-1",
        "receipt": "A-1",
        "line": 1,
    }
    return ItemSold(**facts | other)


def a_returned(**other: Any) -> ItemReturned:
    facts: dict[str, Any] = {
        "return_id": uuid4(),
        "sale_id": ONE,
        "outlet": "pim",
        "original_outlet": "citos",
        "sku": "SUL-0001",
        "quantity": 1,
        "net": 501,
        "outlet_share": 125,
        "programme_share": 50,
        "shares": [Share(maker_id=ANI, amount=163)],
        "returned_at": NOON,
    }
    return ItemReturned(**facts | other)


def a_voided(**other: Any) -> SaleVoided:
    facts: dict[str, Any] = {"till": "till-1", "receipt": "A-1", "line": 1, "voided_at": NOON}
    return SaleVoided(sale_id=ONE, outlet="citos", shares=[Share(maker_id=ANI, amount=1)], **facts | other)


def message(event: Event) -> Message:
    envelope: Envelope[Any] = Envelope(
        specversion="1.0", id=str(uuid4()), source="/tests", type=event.wire, time=NOON, data=event
    )
    return Received(UUID(envelope.id), event, NOON, envelope)


def test_every_event_of_sales_is_projected_or_moves_nothing() -> None:
    projected = {kind for kind in LINKS if kind.owner() == "sales"}
    assert projected | MOVE_NOTHING == set(sales.EVENTS)
    assert not projected & MOVE_NOTHING
    assert sum(len(family.links) for family in FAMILIES) == len(LINKS), "each by one family"


def test_all_that_sales_hears_of_other_services_is_heard_by_the_same_handlers() -> None:
    foreign = [event for event in SUBSCRIPTIONS["sales"] if event.owner() != "outlet"]
    assert list(HEARD) == foreign
    assert all(service.events[event] is handler for event, handler in HEARD.items())


NEEDS: list[tuple[Event, set[tuple[str, str]]]] = [
    (AgreementActivated(outlet="citos", valid_from=date(2026, 1, 1), outlet_bps=1, programme_bps=1),
     {("outlet", "citos")}),
    (a_sold(), {("outlet", "citos"), ("maker", str(ANI)), ("maker", str(WATI))}),
    (a_returned(), {("sale", str(ONE)), ("outlet", "pim"), ("outlet", "citos"), ("maker", str(ANI))}),
    (a_voided(), {("sale", str(ONE)), ("void", "citos/till-1/A-1"), ("outlet", "citos"), ("maker", str(ANI))}),
    (a_voided(kind="person"), {("sale", str(ONE)), ("outlet", "citos"), ("maker", str(ANI))}),
    (StockDispatched(delivery_id=ONE, outlet="pim", from_outlet="citos", kind="transfer",
                     lines=[DeliveryLine(sku="BTK-0007", quantity=1, serials=["29"])]),
     {("outlet", "pim"), ("outlet", "citos"), ("product", "BTK-0007"), ("unit", "29")}),
    (StockReceived(delivery_id=ONE, outlet="pim", lines=[]), {("delivery", str(ONE))}),
    (StockCounted(count_id=ONE, outlet="pim", counted_at=NOON,
                  lines=[ExpectedLine(sku="BTK-0007", counted=1, expected=2)]),
     {("outlet", "pim"), ("product", "BTK-0007")}),
    (ReservationReleased(reservation_id=ONE, outlet="pim", sku="BTK-0007", quantity=1, released_at=NOON),
     {("reservation", str(ONE))}),
    (PayoutFrozen(payout_id=ONE, cooperative="kop", frozen_at=NOON,
                  lines=[PayoutLine(maker_id=ANI, gross=1, debt=0, recovery=0, amount=1)]), {("maker", str(ANI))}),
    (PayoutPaid(payout_id=ONE, cooperative="kop", lines=[], paid_at=NOON), {("payout", str(ONE))}),
    (LoanApplied(loan_id=ONE, maker_id=ANI, lender="kop", principal=1, months=1, service_fee_bps=0, deduction_bps=2000,
                 floor_income=0, applied_on=NOON.date(), instalments=[]), {("maker", str(ANI))}),
    (LoanRepaid(loan_id=ONE, maker_id=ANI, lender="kop", how="cash", principal=1, service=0, outstanding=0,
                paid_on=NOON.date()), {("loan", str(ONE))}),
    (DebtWrittenOff(write_off_id=ONE, maker_id=ANI, amount=1, written_off_at=NOON), {("write-off", str(ONE))}),
    (RemittanceMatched(remittance_id=ONE, outlet="pim", amount=2, received_on=date(2026, 12, 1), reference="T-1",
                       through=date(2026, 11, 30), due=1, commission=1, sales=1, facts=1, on_account=1,
                       recorded_at=NOON),
     {("outlet", "pim")}),
    (SalesRemitted(remittance_id=ONE, outlet="pim", upto=4, sales={UUID(int=1): 5}, returns={UUID(int=2): -5},
                   voids={UUID(int=3): -5}, return_voids={UUID(int=4): 5}),
     {("remittance", str(ONE)), ("sale", str(UUID(int=1))), ("return", str(UUID(int=2))),
      ("line taken back", str(UUID(int=3))), ("return taken back", str(UUID(int=4)))}),
    (RemittanceReversed(remittance_id=ONE, outlet="pim", amount=1, commission=0, facts=1, reversed_at=NOON),
     {("remittance", str(ONE))}),
    (TillClosingRecorded(outlet="pim", till="till-1", business_date=date(2026, 11, 21), version=0, events=1, total=1),
     {("outlet", "pim")}),
]  # fmt: skip


@pytest.mark.parametrize(("event", "needs"), NEEDS, ids=lambda one: type(one).__name__)
def test_an_event_says_what_must_be_there_before_it(event: Event, needs: set[tuple[str, str]]) -> None:
    assert set(LINKS[type(event)].needs(event)) == needs
    assert {kind for kind, _ in needs} <= KNOWN.keys()


def test_what_an_event_gives_is_what_others_need() -> None:
    given = [
        (OutletRegistered(outlet="citos", name="Citos"), ("outlet", "citos")),
        (a_sold(), ("sale", str(ONE))),
        (ReceiptVoided(outlet="citos", till="till-1", receipt="A-1", voided_at=NOON), ("void", "citos/till-1/A-1")),
        (StockDispatched(delivery_id=ONE, outlet="pim", lines=[]), ("delivery", str(ONE))),
        (
            StockReserved(reservation_id=ONE, outlet="pim", sku="BTK-0007", quantity=1, reserved_at=NOON),
            ("reservation", str(ONE)),
        ),
    ]
    for event, thing in given:
        assert list(LINKS[type(event)].gives(event)) == [thing]


def test_within_a_segment_no_piece_moves_twice() -> None:
    line = DeliveryLine(sku="BTK-0007", quantity=1, serials=["b"])
    arrived = ReceivedLine(sku="BTK-0007", received=1, serials=["b"])
    story = [
        message(event)
        for event in (
            a_sold(serial="a"),
            a_sold(),
            StockDispatched(delivery_id=ONE, outlet="pim", lines=[line]),
            StockReceived(delivery_id=ONE, outlet="pim", lines=[arrived]),
            a_sold(),
            a_returned(serial="a"),
            a_voided(serial="a"),
        )
    ]
    assert [len(segment) for segment in segments(story)] == [3, 3, 1]
    assert [one for segment in segments(story) for one in segment] == story


def test_a_month_is_closed_alone_between_what_was_told_before_and_after() -> None:
    closed = PeriodClosed(
        period_id=ONE, month="2026-10", open_since=NOON.date(), accounts=4, debit=700_000, closed_at=NOON
    )
    story = [message(event) for event in (closed, a_sold(), a_sold(), closed, closed, a_sold())]
    assert [len(segment) for segment in segments(story)] == [1, 2, 1, 1, 1]


def test_what_became_of_a_claimed_piece_moves_it() -> None:
    settled = ClaimSettled(
        claim_id=ONE, delivery_id=ONE, outlet="pim", sku="BTK-0007", kind="missing", resolution="found", quantity=1,
        serials=["a"], left=0, settled_at=NOON,
    )  # fmt: skip
    assert list(LINKS[ClaimSettled].pieces(settled)) == ["a"]


def test_pieces_that_are_alike_are_the_line_divided() -> None:
    event = a_sold(quantity=2, net=1000, shares=[Share(maker_id=ANI, amount=650)])
    assert sold.runs_of(event, totals_of(event)) == (Run(2, 500, 125, 50, (325,)),)


def test_pieces_that_are_not_alike_are_as_they_were_told() -> None:
    pieces = [
        Pieces(units=1, net=501, outlet=-125, programme=50, makers=[288, 288]),
        Pieces(units=1, net=500, outlet=125, programme=50, makers=[163, 162]),
    ]
    event = a_sold(pieces=pieces)
    assert sold.runs_of(event, totals_of(event)) == (
        Run(1, 501, -125, 50, (288, 288)),
        Run(1, 500, 125, 50, (163, 162)),
    )


def test_amounts_are_those_of_the_event_and_go_to_those_whom_it_names() -> None:
    assert totals_of(a_sold()) == Totals(1001, 250, 100, (326, 325))
    known = {
        ("outlet-receivable", "pim"): 1, ("outlet-receivable", "citos"): 2, ("outlet-commission", "citos"): 3,
        ("programme-share", "programme"): 4, ("maker-payable", str(ANI)): 5,
    }  # fmt: skip
    event = a_returned()
    parties = Accounts(known).parties(event.outlet, taken_back.seller_of(event), [ANI])
    assert (parties.receivable, parties.commission, parties.programme, parties.makers) == (1, 3, 4, (5,))


async def test_logs_are_merged_by_time_and_each_keeps_its_own_order() -> None:
    def at(second: int, name: str) -> Any:
        return {"recorded_at": NOON + timedelta(seconds=second), "name": name}

    async def entries(rows: Iterable[Any]) -> AsyncIterator[Any]:
        for row in rows:
            yield row

    first = [at(1, "a"), at(5, "b"), at(5, "c")]
    second = [at(2, "d"), at(5, "e"), at(9, "f")]
    merged = [row["name"] async for row in log.merge([entries(first), entries([]), entries(second)])]
    assert merged == ["a", "d", "b", "c", "e", "f"]
