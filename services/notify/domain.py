"""What makers are told of an event, and what becomes of a notice when a try to send it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from services.notify import money
from services.notify.money import Params, Told
from services.notify.payouts import of_failure, of_payout, of_waiting
from shared.contracts.catalog import ChangesRequested, ProductApproved, ProductRejected
from shared.contracts.message import Event
from shared.contracts.sales import ItemReturned, ItemSold, ReturnVoided, SaleVoided, paying, remittances, settlement
from shared.contracts.sales.loans import LoanClosed, LoanDisbursed, LoanRepaid
from shared.contracts.sales.statements import StatementPublished
from shared.contracts.sales.taxes import TaxThresholdPassed
from shared.contracts.training import (
    CertificateIssued,
    CertificateRevoked,
    MakerNotCompleted,
    OfferEnded,
    ProposalMade,
    SeatOffered,
    SessionCancelled,
    SessionReplanned,
)
from shared.runtime.envelope import following_id

MOST_TRIES = 6
FIRST_PAUSE = timedelta(seconds=5)


class Template(StrEnum):
    """The kinds of notice: the names of the files in `templates/<language>/`."""

    CERTIFICATE_ISSUED = "certificate-issued"
    PROPOSAL_MADE = "proposal-made"
    SEAT_OFFERED = "seat-offered"
    OFFER_EXPIRED = "offer-expired"
    SESSION_MOVED = "session-moved"
    SESSION_CANCELLED = "session-cancelled"
    CERTIFICATE_REVOKED = "certificate-revoked"
    MAKER_NOT_COMPLETED = "maker-not-completed"
    PRODUCT_APPROVED = "product-approved"
    CHANGES_REQUESTED = "changes-requested"
    PRODUCT_REJECTED = "product-rejected"
    ITEM_SOLD = "item-sold"
    ITEM_RETURNED = "item-returned"
    SALE_VOIDED = "sale-voided"
    RETURN_VOIDED = "return-voided"
    MAKERS_WAITING = "makers-waiting"
    PAYOUT_PAID = "payout-paid"
    PAYOUT_FAILED = "payout-failed"
    LOAN_DISBURSED = "loan-disbursed"
    LOAN_REPAID = "loan-repaid"
    LOAN_CLOSED = "loan-closed"
    TAX_THRESHOLD_PASSED = "tax-threshold-passed"
    STATEMENT_PUBLISHED = "statement-published"


class NewNotice(NamedTuple):
    """As a row: `params` are stored for good and hold no personal data; templates must go on understanding them."""

    notice_id: UUID
    maker_id: UUID
    template: Template
    params: Params
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice to be sent now. `seq`: its number; `tries`: those before this one."""

    seq: int
    notice_id: UUID
    maker_id: UUID
    template: str
    params: Params
    tries: int

    @property
    def statement_id(self) -> UUID | None:
        """The statement to which it leads her; None for others, and for what is broken."""
        if self.template != Template.STATEMENT_PUBLISHED or "statement_id" not in self.params:
            return None
        return UUID(self.params["statement_id"])


@dataclass(frozen=True, slots=True)
class Result:
    """What a try came to. A notice that is still `queued` has a next try."""

    notice: DueNotice
    state: str
    channel: str | None = None
    reason: str | None = None
    sent_at: datetime | None = None
    next_try_at: datetime | None = None

    @property
    def tries(self) -> int:
        return self.notice.tries + 1


def notices(event_id: UUID, event: Event, at: datetime) -> list[NewNotice]:
    """One notice for each maker concerned, under an id that the same cause always leads to."""
    template, tell = TELLING[type(event)]
    return [
        NewNotice(following_id(event_id, maker_id, template), maker_id, template, params, at)
        for maker_id, params in tell(event)
    ]


def sent(notice: DueNotice, channel: str, at: datetime) -> Result:
    return Result(notice, "sent", channel, sent_at=at)


def suppressed(notice: DueNotice) -> Result:
    """She did not agree to notices; she can still read it in her list."""
    return Result(notice, "suppressed", reason="no_consent")


def failed(notice: DueNotice, reason: str, permanent: bool, at: datetime) -> Result:
    """Tried again after 5, 10, 20, 40 and 80 seconds, unless it is hopeless."""
    if permanent or notice.tries + 1 >= MOST_TRIES:
        return Result(notice, "failed", reason=reason)
    return Result(notice, "queued", reason=reason, next_try_at=at + FIRST_PAUSE * 2**notice.tries)


def _of_certificate(issued: CertificateIssued) -> list[Told]:
    params: Params = {
        "number": issued.number,
        "title": issued.title,
        "minutes": issued.minutes,
        "issued_on": issued.issued_on.isoformat(),
        "replaces": issued.replaces,
    }
    return [(issued.maker_id, params)]


def _of_proposal(made: ProposalMade) -> list[Told]:
    params: Params = {"kind": made.kind, "about": made.title or made.reference, "due_on": made.due_on.isoformat()}
    return [(made.maker_id, params)]


def _of_offer(offered: SeatOffered) -> list[Told]:
    return [(offered.maker_id, {"title": offered.title, "expires_at": offered.expires_at.isoformat()})]


def _of_offer_end(ended: OfferEnded) -> list[Told]:
    """What she answered herself she knows."""
    return [(ended.maker_id, {"title": ended.title})] if ended.how == "expired" else []


def _of_plan(planned: SessionReplanned) -> list[Told]:
    """Where and when it is now, and when it was to be."""
    earlier = planned.earlier_start or planned.planned_start
    params: Params = {
        "title": planned.title,
        "number": planned.number,
        "planned_start": planned.planned_start.isoformat(),
        "planned_minutes": planned.planned_minutes,
        "place": planned.place_name,
        "earlier_start": earlier.isoformat() if earlier != planned.planned_start else None,
    }
    return [(maker_id, params) for maker_id in planned.makers]


def _of_cancellation(cancelled: SessionCancelled) -> list[Told]:
    params: Params = {
        "title": cancelled.title,
        "number": cancelled.number,
        "planned_start": cancelled.planned_start.isoformat(),
    }
    return [(maker_id, params) for maker_id in cancelled.makers]


def _of_revocation(revoked: CertificateRevoked) -> list[Told]:
    params: Params = {
        "number": revoked.number,
        "title": revoked.title,
        "revoked_on": revoked.revoked_on.isoformat(),
    }
    return [(revoked.maker_id, params)]


def _of_not_completed(missed: MakerNotCompleted) -> list[Told]:
    params: Params = {
        "title": missed.title,
        "lacks": [str(lack) for lack in missed.lacks],
        "minutes": missed.minutes,
        "required_minutes": missed.required_minutes,
    }
    return [(missed.maker_id, params)]


def _of_approval(approved: ProductApproved) -> list[Told]:
    params: Params = {
        "title": approved.title,
        "sku": approved.sku,
        "price": approved.price,
        "price_from": approved.price_from.isoformat(),
    }
    return [(maker.maker_id, params) for maker in approved.makers]


def _of_refusal(refused: ChangesRequested | ProductRejected) -> list[Told]:
    """Reasons in both languages where there are both, and what she can do about them."""
    params: Params = {"title": refused.title, "reasons": refused.reasons}
    if refused.reasons_en:
        params["reasons_en"] = refused.reasons_en
    if refused.way_forward:
        # What a maker is shown of it; ids are for services.
        shown = {"kind", "text", "text_en", "link"}
        params["ways"] = [way.model_dump(mode="json", include=shown) for way in refused.way_forward]
    return [(maker.maker_id, params) for maker in refused.makers]


TELLING: Mapping[type[Event], tuple[Template, Callable[[Any], list[Told]]]] = {
    CertificateIssued: (Template.CERTIFICATE_ISSUED, _of_certificate),
    ProposalMade: (Template.PROPOSAL_MADE, _of_proposal),
    SeatOffered: (Template.SEAT_OFFERED, _of_offer),
    OfferEnded: (Template.OFFER_EXPIRED, _of_offer_end),
    SessionReplanned: (Template.SESSION_MOVED, _of_plan),
    SessionCancelled: (Template.SESSION_CANCELLED, _of_cancellation),
    CertificateRevoked: (Template.CERTIFICATE_REVOKED, _of_revocation),
    MakerNotCompleted: (Template.MAKER_NOT_COMPLETED, _of_not_completed),
    ProductApproved: (Template.PRODUCT_APPROVED, _of_approval),
    ChangesRequested: (Template.CHANGES_REQUESTED, _of_refusal),
    ProductRejected: (Template.PRODUCT_REJECTED, _of_refusal),
    ItemSold: (Template.ITEM_SOLD, money.of_sale),
    ItemReturned: (Template.ITEM_RETURNED, money.of_return),
    SaleVoided: (Template.SALE_VOIDED, money.of_void),
    ReturnVoided: (Template.RETURN_VOIDED, money.of_void),
    remittances.MakersWaiting: (Template.MAKERS_WAITING, of_waiting),
    settlement.PayoutPaid: (Template.PAYOUT_PAID, of_payout),
    paying.PayoutLinesFailed: (Template.PAYOUT_FAILED, of_failure),
    LoanDisbursed: (Template.LOAN_DISBURSED, money.of_disbursement),
    LoanRepaid: (Template.LOAN_REPAID, money.of_repayment),
    LoanClosed: (Template.LOAN_CLOSED, money.of_closing),
    TaxThresholdPassed: (Template.TAX_THRESHOLD_PASSED, money.of_turnover),
    StatementPublished: (Template.STATEMENT_PUBLISHED, money.of_statement),
}
"""Which events makers are told of, and how."""
