"""Wiring only: which contract goes to which handler."""

from services.notify import sender, views
from services.notify.handlers import tell_makers
from shared.contracts.catalog import ChangesRequested, ProductApproved, ProductRejected
from shared.contracts.notify import CountNotices, ListNotices
from shared.contracts.sales import ItemReturned, ItemSold, ReturnVoided, SaleVoided
from shared.contracts.sales.loans import LoanClosed, LoanDisbursed, LoanRepaid
from shared.contracts.sales.paying import PayoutLinesFailed
from shared.contracts.sales.remittances import MakersWaiting
from shared.contracts.sales.settlement import PayoutPaid
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
from shared.runtime.service import Job, Service

service = Service(
    "notify",
    events={
        CertificateIssued: tell_makers,
        ProposalMade: tell_makers,
        SeatOffered: tell_makers,
        OfferEnded: tell_makers,
        SessionReplanned: tell_makers,
        SessionCancelled: tell_makers,
        CertificateRevoked: tell_makers,
        MakerNotCompleted: tell_makers,
        ProductApproved: tell_makers,
        ChangesRequested: tell_makers,
        ProductRejected: tell_makers,
        ItemSold: tell_makers,
        ItemReturned: tell_makers,
        SaleVoided: tell_makers,
        ReturnVoided: tell_makers,
        MakersWaiting: tell_makers,
        PayoutPaid: tell_makers,
        PayoutLinesFailed: tell_makers,
        LoanDisbursed: tell_makers,
        LoanRepaid: tell_makers,
        LoanClosed: tell_makers,
        TaxThresholdPassed: tell_makers,
        StatementPublished: tell_makers,
    },
    queries={ListNotices: views.list_notices, CountNotices: views.count_notices},
    jobs=[Job("send", sender.send_due, every=0.5, gives_way=True)],
)
