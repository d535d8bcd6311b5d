"""What makers are told, and what becomes of a notice, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify import domain
from services.notify.domain import DueNotice, Template
from shared.contracts.catalog import (
    ChangesRequested,
    MakerWeight,
    ProductApproved,
    ProductRejected,
    WayForward,
    WayKind,
)
from shared.contracts.message import Event
from shared.contracts.sales import ItemReturned, ItemSold, ReturnVoided, SaleVoided, Share
from shared.contracts.sales.loans import LoanClosed, LoanDisbursed, LoanRepaid
from shared.contracts.sales.paying import PayoutLinesFailed
from shared.contracts.sales.remittances import MakersWaiting
from shared.contracts.sales.rows import TriedRow
from shared.contracts.sales.settlement import PaidLine, PayoutPaid
from shared.contracts.sales.statements import StatementPublished
from shared.contracts.sales.taxes import TaxThresholdPassed
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.training import (
    CertificateIssued,
    CertificateRevoked,
    Craft,
    Lack,
    MakerNotCompleted,
    OfferEnded,
    ProposalKind,
    ProposalMade,
    SeatOffered,
    SessionCancelled,
    SessionReplanned,
)

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ANI, WATI = UUID(int=1), UUID(int=2)
EVENT, ITEM = UUID(int=10), UUID(int=20)
MAKERS = [MakerWeight(maker_id=ANI, weight=2), MakerWeight(maker_id=WATI)]
SHARES = [Share(maker_id=ANI, amount=280_000), Share(maker_id=WATI, amount=140_000)]

CERTIFICATE = CertificateIssued(
    number="KR-2026-0001",
    maker_id=ANI,
    cohort_id=ITEM,
    craft=Craft.BATIK,
    title="Batik tulis",
    minutes=750,
    issued_on=date(2026, 11, 21),
)
PROPOSED = ProposalMade(
    proposal_id=ITEM,
    maker_id=ANI,
    kind=ProposalKind.ORDER,
    reference="B2B-2026-014",
    title=None,
    due_on=date(2026, 11, 28),
)
OFFERED = SeatOffered(cohort_id=ITEM, maker_id=ANI, craft=Craft.BATIK, title="Batik tulis", expires_at=NOON)
TOO_LATE = OfferEnded(cohort_id=ITEM, maker_id=ANI, craft=Craft.BATIK, title="Batik tulis", how="expired")
MOVED = SessionReplanned(
    session_id=ITEM,
    cohort_id=ITEM,
    number=2,
    planned_start=NOON,
    planned_minutes=180,
    place="aula",
    place_name="Aula Marunda",
    title="Batik tulis",
    earlier_start=NOON - timedelta(days=1),
    makers=[ANI, WATI],
)
NOT_HELD = SessionCancelled(
    session_id=ITEM,
    cohort_id=ITEM,
    number=2,
    planned_start=NOON,
    planned_minutes=180,
    title="Batik tulis",
    makers=[ANI, WATI],
)
REVOKED = CertificateRevoked(
    number="KR-2026-0001",
    maker_id=ANI,
    cohort_id=ITEM,
    craft=Craft.BATIK,
    title="Batik tulis",
    revoked_on=date(2026, 11, 21),
)
MISSED = MakerNotCompleted(
    maker_id=ANI,
    cohort_id=ITEM,
    craft=Craft.BATIK,
    title="Batik tulis",
    lacks=[Lack.MINUTES],
    minutes=150,
    required_minutes=480,
)
APPROVED = ProductApproved(
    submission_id=ITEM,
    sku="BTK-0007",
    title="Parang shawl",
    craft=Craft.BATIK,
    price=700_000,
    price_from=NOON,
    makers=MAKERS,
)
CHANGES = ChangesRequested(submission_id=ITEM, title="Parang shawl", reasons=["loose seams"], makers=MAKERS)
REJECTED = ProductRejected(submission_id=ITEM, title="Parang shawl", reasons=["printed"], makers=MAKERS)
SOLD = ItemSold(
    sale_id=ITEM,
    outlet="citos",
    sku="BTK-0007",
    quantity=1,
    net=700_000,
    outlet_share=175_000,
    programme_share=105_000,
    shares=SHARES,
    sold_at=NOON,
)
RETURNED = ItemReturned(
    return_id=ITEM,
    sale_id=ITEM,
    outlet="citos",
    sku="BTK-0007",
    quantity=1,
    net=700_000,
    outlet_share=175_000,
    programme_share=105_000,
    shares=SHARES,
    returned_at=NOON,
)
VOIDED = SaleVoided(sale_id=ITEM, outlet="citos", sku="BTK-0007", quantity=1, shares=SHARES, voided_at=NOON)
AGAIN = ReturnVoided(**{name: getattr(RETURNED, name) for name in ("return_id", "sale_id", "outlet", "sku", "quantity",
                     "net", "outlet_share", "programme_share", "shares")}, voided_at=NOON)  # fmt: skip
PUBLISHED = StatementPublished(
    statement_id=ITEM, maker_id=ANI, month="2026-11", opening=0, closing=455_000, lines=1, published_at=NOON
)
WHOSE: dict[str, Any] = {"loan_id": ITEM, "maker_id": ANI, "lender": "kop-marunda"}
LENT = LoanDisbursed(**WHOSE, principal=1_000_000, disbursed_on=date(2026, 11, 21))
REPAID = LoanRepaid(
    **WHOSE, how="cash", principal=80_000, service=10_000, outstanding=60_000, paid_on=date(2026, 11, 21)
)
CLOSED = LoanClosed(**WHOSE, closed_on=date(2026, 11, 21))
PASSED = TaxThresholdPassed(maker_id=ANI, year=2026, free=500_000_000)
SHORT = MakersWaiting(outlet="citos", through=date(2026, 11, 30), shares=SHARES)
PAID = PayoutPaid(
    payout_id=ITEM,
    cooperative="kop-marunda",
    lines=[PaidLine(maker_id=ANI, amount=280_000), PaidLine(maker_id=WATI, amount=140_000)],
    lenders=[TriedRow(lender="kop-cakung", amount=1, attempt_key="KRAAAAAAAAAAAA")],
    paid_at=NOON,
)
LOST = PayoutLinesFailed(
    payout_id=ITEM,
    cooperative="kop-marunda",
    rows=[
        TriedRow(maker_id=ANI, amount=280_000, attempt_key="KRAAAAAAAAAAAB"),
        TriedRow(maker_id=WATI, amount=140_000, attempt_key="KRAAAAAAAAAAAC"),
        TriedRow(lender="kop-cakung", amount=1, attempt_key="KRAAAAAAAAAAAD"),
    ],
    failed_at=NOON,
)
OF_ONE: list[Event] = [CERTIFICATE, PROPOSED, OFFERED, TOO_LATE, REVOKED, MISSED, LENT, REPAID, CLOSED, PASSED]
OF_ONE.append(PUBLISHED)
CAUSES: list[Event] = [
    *OF_ONE,
    MOVED,
    NOT_HELD,
    APPROVED,
    CHANGES,
    REJECTED,
    SOLD,
    RETURNED,
    VOIDED,
    AGAIN,
    SHORT,
    PAID,
    LOST,
]


def a_notice(tries: int = 0) -> DueNotice:
    return DueNotice(1, ITEM, ANI, Template.ITEM_SOLD, {}, tries)


def test_a_no_tells_its_reasons_and_the_way_forward() -> None:
    ways = [WayForward(kind=WayKind.REMEDIAL_SESSION, text="Sabtu pukul 9", cohort_id=ITEM)]
    told = CHANGES.model_copy(update={"reasons_en": ["loose"], "way_forward": ways})

    (notice, _) = domain.notices(EVENT, told, NOON)

    shown = {"kind": "remedial-session", "text": "Sabtu pukul 9", "text_en": None, "link": None}
    assert notice.params == {
        "title": "Parang shawl",
        "reasons": ["loose seams"],
        "reasons_en": ["loose"],
        "ways": [shown],
    }


def test_makers_are_told_of_every_event_that_notify_hears() -> None:
    assert set(domain.TELLING) == set(SUBSCRIPTIONS["notify"]) == {type(cause) for cause in CAUSES}
    assert {template for template, _ in domain.TELLING.values()} == set(Template)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: type(cause).__name__)
def test_every_maker_concerned_is_told_once(cause: Event) -> None:
    told = domain.notices(EVENT, cause, NOON)

    assert [notice.maker_id for notice in told] == ([ANI] if cause in OF_ONE else [ANI, WATI])
    assert len({notice.notice_id for notice in told}) == len(told)
    assert {notice.created_at for notice in told} == {NOON}


def test_a_proposal_names_the_order_or_the_sessions_course() -> None:
    session = {"kind": ProposalKind.REMEDIAL_SESSION, "reference": str(ITEM), "title": "Batik tulis"}
    [order], [remedial] = (
        domain.notices(EVENT, made, NOON) for made in (PROPOSED, PROPOSED.model_copy(update=session))
    )

    assert order.params == {"kind": "order", "about": "B2B-2026-014", "due_on": "2026-11-28"}
    assert remedial.params == {"kind": "remedial-session", "about": "Batik tulis", "due_on": "2026-11-28"}


def test_only_a_time_that_is_another_is_told_beside_the_new_one() -> None:
    [moved, _] = domain.notices(EVENT, MOVED, NOON)
    [elsewhere, _] = domain.notices(EVENT, MOVED.model_copy(update={"earlier_start": NOON}), NOON)

    assert (moved.params["earlier_start"], moved.params["place"]) == ("2026-11-20T05:00:00+00:00", "Aula Marunda")
    assert elsewhere.params["earlier_start"] is None


@pytest.mark.parametrize("how", ["accepted", "refused"])
def test_nobody_is_told_what_she_answered_herself(how: str) -> None:
    assert domain.notices(EVENT, TOO_LATE.model_copy(update={"how": how}), NOON) == []


def test_the_same_cause_gives_the_same_notice_and_another_cause_another() -> None:
    first, again, other = (domain.notices(event, CERTIFICATE, NOON)[0] for event in (EVENT, EVENT, UUID(int=11)))

    assert first.notice_id == again.notice_id
    assert first.notice_id != other.notice_id


def test_a_failed_try_is_repeated_with_longer_and_longer_pauses() -> None:
    results = [domain.failed(a_notice(tries), "server_away", permanent=False, at=NOON) for tries in range(6)]

    pauses = [result.next_try_at - NOON if result.next_try_at else None for result in results]
    assert pauses == [*(timedelta(seconds=s) for s in (5, 10, 20, 40, 80)), None]
    assert [result.state for result in results] == ["queued"] * 5 + ["failed"]


@given(st.integers(0, 20))
def test_what_is_hopeless_is_not_tried_again(tries: int) -> None:
    result = domain.failed(a_notice(tries), "recipient_refused_550", permanent=True, at=NOON)

    assert (result.state, result.next_try_at, result.reason) == ("failed", None, "recipient_refused_550")


def test_a_maker_who_did_not_consent_is_not_written_to() -> None:
    result = domain.suppressed(a_notice())

    assert (result.state, result.channel, result.sent_at) == ("suppressed", None, None)
