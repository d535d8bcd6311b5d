"""Which event is projected by whom: all that sales tells, and all that it hears of other services."""

from collections.abc import Mapping

from services.sales.handlers import known, offers
from services.sales.replay import (
    closings,
    deliveries,
    loans,
    outlets,
    periods,
    remittances,
    settlement,
    shelves,
    sold,
    taken_back,
    taxes,
)
from services.sales.replay.links import Family, Links
from shared.contracts.catalog import (
    PriceChanged,
    ProductApproved,
    ProductPaused,
    ProductResumed,
    ProductRetired,
    PromotionEnded,
    PromotionScheduled,
    UnitsLabelled,
)
from shared.contracts.message import Event
from shared.contracts.sales import MakersEarned, ReportParked, StockDeficitCleared, StockDeficitRaised
from shared.contracts.sales.remittances import MakersWaiting, RemittanceShort
from shared.contracts.sales.statements import StatementPublished
from shared.contracts.sales.taxes import TaxThresholdPassed
from shared.contracts.sales.tills import FindingOpened, FindingSettled, TillTiedOut
from shared.contracts.training import MakerMoved, MakerRegistered
from shared.runtime.handler import BatchHandler

HEARD: Mapping[type[Event], BatchHandler] = {
    MakerRegistered: known.know_maker,
    MakerMoved: known.move_maker,
    ProductApproved: known.list_product,
    PriceChanged: known.change_price,
    PromotionScheduled: known.schedule_promotion,
    PromotionEnded: known.end_promotion,
    UnitsLabelled: known.know_units,
    ProductPaused: offers.pause_product,
    ProductResumed: offers.resume_product,
    ProductRetired: offers.retire_product,
}
"""What others tell is heard again, by the handlers that heard it."""

FAMILIES: tuple[Family, ...] = (
    outlets.FAMILY,
    sold.FAMILY,
    taken_back.FAMILY,
    deliveries.FAMILY,
    shelves.FAMILY,
    remittances.FAMILY,
    loans.FAMILY,
    settlement.FAMILY,
    closings.FAMILY,
    periods.FAMILY,
    taxes.FAMILY,
)
"""In this order within a segment of the log."""

LINKS: Mapping[type[Event], Links] = {kind: links for family in FAMILIES for kind, links in family.links.items()}

MOVE_NOTHING: frozenset[type[Event]] = frozenset(
    {
        StockDeficitRaised,
        StockDeficitCleared,
        ReportParked,
        FindingOpened,
        FindingSettled,
        TillTiedOut,
        MakersEarned,
        RemittanceShort,
        MakersWaiting,
        TaxThresholdPassed,
        StatementPublished,
    }
)
"""What is told for people: it follows from what is recorded, or waits to be."""
