"""Who listens to what: the one map of which the broker's topology and the documents are made."""

from shared.contracts import catalog, notify, sales, training
from shared.contracts.message import Event
from shared.contracts.outlets import ReturnReported, SaleReported, TillClosed, VoidReported
from shared.contracts.sales import loans, taxes

PUBLISHED: dict[str, tuple[type[Event], ...]] = {
    "training": training.EVENTS,
    "catalog": catalog.EVENTS,
    "sales": sales.EVENTS,
    "notify": notify.EVENTS,
}
"""The events that each service publishes."""

SUBSCRIPTIONS: dict[str, tuple[type[Event], ...]] = {
    "training": (sales.MakersEarned, catalog.ChangesRequested, catalog.ProductRejected),
    "catalog": (
        training.MakerRegistered,
        training.TrainersAssigned,
        training.MakerEnrolled,
        training.ConsentChanged,
        training.MakerAnonymised,
    ),
    "sales": (
        SaleReported,
        ReturnReported,
        VoidReported,
        TillClosed,
        training.MakerRegistered,
        training.MakerMoved,
        catalog.ProductApproved,
        catalog.PriceChanged,
        catalog.PromotionScheduled,
        catalog.PromotionEnded,
        catalog.UnitsLabelled,
        catalog.ProductPaused,
        catalog.ProductResumed,
        catalog.ProductRetired,
    ),
    "notify": (
        training.CertificateIssued,
        training.ProposalMade,
        training.SeatOffered,
        training.OfferEnded,
        training.SessionReplanned,
        training.SessionCancelled,
        training.CertificateRevoked,
        training.MakerNotCompleted,
        catalog.ProductApproved,
        catalog.ChangesRequested,
        catalog.ProductRejected,
        sales.ItemSold,
        sales.ItemReturned,
        sales.SaleVoided,
        sales.ReturnVoided,
        sales.remittances.MakersWaiting,
        sales.settlement.PayoutPaid,
        sales.paying.PayoutLinesFailed,
        loans.LoanDisbursed,
        loans.LoanRepaid,
        loans.LoanClosed,
        taxes.TaxThresholdPassed,
        sales.statements.StatementPublished,
    ),
}
"""The events that each service has handlers for; in a feed of several types they are handled in this order."""

HEARD: frozenset[str] = frozenset(event.wire for events in SUBSCRIPTIONS.values() for event in events)
"""Wire names that somebody listens to: such an event that reaches no queue is a fault, others are free to vanish."""
