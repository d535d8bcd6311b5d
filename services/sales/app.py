"""What sales does: which message goes to which handler."""

from services.sales.domain.reasons import REASONS
from services.sales.handlers import closings, known, offers, outlets, parked, returns, sales, turns, voids
from services.sales.subjects import books, goods, loans, paying, payouts, remittances, statements, taxes, tills
from services.sales.views import feed, ledger, parts
from services.sales.views import outlets as outlet_views
from services.sales.views import sales as sale_views
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
from shared.contracts.outlets import ReturnReported, SaleReported, TillClosed, VoidReported
from shared.contracts.sales import (
    AgreeTerms,
    GetTrialBalance,
    ListOutlets,
    ListSales,
    RegisterOutlet,
    SummariseFeed,
    VoidSale,
)
from shared.contracts.sales.parts import GetPriceParts
from shared.contracts.training import MakerMoved, MakerRegistered
from shared.runtime.service import Service

service = Service(
    "sales",
    events={
        SaleReported: sales.record_sales,
        ReturnReported: returns.record_returns,
        VoidReported: voids.record_voids,
        TillClosed: closings.record_closings,
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
    },
    commands={
        RegisterOutlet: outlets.register_outlet,
        AgreeTerms: outlets.agree_terms,
        VoidSale: voids.void_sale,
        **goods.COMMANDS,
        **tills.COMMANDS,
        **remittances.COMMANDS,
        **loans.COMMANDS,
        **payouts.COMMANDS,
        **paying.COMMANDS,
        **books.COMMANDS,
        **taxes.COMMANDS,
        **statements.COMMANDS,
    },
    queries={
        ListOutlets: outlet_views.list_outlets,
        ListSales: sale_views.list_sales,
        GetTrialBalance: ledger.get_trial_balance,
        SummariseFeed: feed.summarise_feed,
        GetPriceParts: parts.get_price_parts,
        **goods.QUERIES,
        **tills.QUERIES,
        **remittances.QUERIES,
        **loans.QUERIES,
        **payouts.QUERIES,
        **paying.QUERIES,
        **books.QUERIES,
        **taxes.QUERIES,
        **statements.QUERIES,
    },
    jobs=(*tills.JOBS, *loans.JOBS, *books.JOBS, *taxes.JOBS),
    announce=parked.report_parked,
    prepare=turns.take_turns,
    unordered=frozenset({SaleReported}),
    reasons=REASONS,
)
