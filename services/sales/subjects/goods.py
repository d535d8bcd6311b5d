"""What sales does with goods: which request goes to which handler. A page of the index in `app`."""

from collections.abc import Mapping
from typing import Any

from services.sales.handlers import claims, counts, deliveries, reservations
from services.sales.views import claims as claim_views
from services.sales.views import counts as count_views
from services.sales.views import deliveries as delivery_views
from services.sales.views import pieces as piece_views
from services.sales.views import reservations as reservation_views
from services.sales.views import stock
from shared.contracts.message import Command, Query
from shared.contracts.sales.goods import (
    ApproveStockCount,
    CancelDelivery,
    CountStock,
    DispatchDelivery,
    GetDelivery,
    GetPiecePlace,
    GetStock,
    GetStockCount,
    ListClaims,
    ListDeliveries,
    ListLowStock,
    ListReservations,
    ListSlowSellers,
    ListStockCounts,
    RecallStock,
    ReceiveDelivery,
    ReleaseReservation,
    ReserveStock,
    SettleClaim,
    TransferStock,
)
from shared.runtime.responder import CommandHandler, QueryHandler

COMMANDS: Mapping[type[Command[Any]], CommandHandler] = {
    DispatchDelivery: deliveries.dispatch_delivery,
    TransferStock: deliveries.transfer_stock,
    RecallStock: deliveries.recall_stock,
    CancelDelivery: deliveries.cancel_delivery,
    ReceiveDelivery: deliveries.receive_delivery,
    SettleClaim: claims.settle_claim,
    CountStock: counts.count_stock,
    ApproveStockCount: counts.approve_stock_count,
    ReserveStock: reservations.reserve_stock,
    ReleaseReservation: reservations.release_reservation,
}
QUERIES: Mapping[type[Query[Any]], QueryHandler] = {
    ListDeliveries: delivery_views.list_deliveries,
    GetDelivery: delivery_views.get_delivery,
    ListClaims: claim_views.list_claims,
    ListStockCounts: count_views.list_stock_counts,
    GetStockCount: count_views.get_stock_count,
    ListReservations: reservation_views.list_reservations,
    GetPiecePlace: piece_views.get_piece_place,
    GetStock: stock.get_stock,
    ListLowStock: stock.list_low_stock,
    ListSlowSellers: stock.list_slow_sellers,
}
