"""What sales does: which message goes to which handler."""

from services.sales.handlers import deliveries, known, outlets, parked, returns, sales, voids
from services.sales.views import feed, ledger, stock
from services.sales.views import outlets as outlet_views
from services.sales.views import sales as sale_views
from shared.contracts.catalog import PriceChanged, ProductApproved, PromotionEnded, PromotionScheduled, UnitsLabelled
from shared.contracts.outlets import ReturnReported, SaleReported, VoidReported
from shared.contracts.sales import (
    AgreeTerms,
    DispatchDelivery,
    GetStatement,
    GetStock,
    GetTrialBalance,
    ListOutlets,
    ListSales,
    ReceiveDelivery,
    RegisterOutlet,
    SummariseFeed,
    VoidSale,
)
from shared.contracts.training import MakerMoved, MakerRegistered
from shared.runtime.service import Service

service = Service(
    "sales",
    events={
        SaleReported: sales.record_sales,
        ReturnReported: returns.record_returns,
        VoidReported: voids.record_voids,
        MakerRegistered: known.know_maker,
        MakerMoved: known.move_maker,
        ProductApproved: known.list_product,
        PriceChanged: known.change_price,
        PromotionScheduled: known.schedule_promotion,
        PromotionEnded: known.end_promotion,
        UnitsLabelled: known.know_units,
    },
    commands={
        RegisterOutlet: outlets.register_outlet,
        AgreeTerms: outlets.agree_terms,
        DispatchDelivery: deliveries.dispatch_delivery,
        ReceiveDelivery: deliveries.receive_delivery,
        VoidSale: voids.void_sale,
    },
    queries={
        ListOutlets: outlet_views.list_outlets,
        GetStock: stock.get_stock,
        ListSales: sale_views.list_sales,
        GetStatement: ledger.get_statement,
        GetTrialBalance: ledger.get_trial_balance,
        SummariseFeed: feed.summarise_feed,
    },
    announce=parked.report_parked,
)
