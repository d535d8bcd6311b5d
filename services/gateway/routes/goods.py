"""Where goods are: on the way, on shelves, counted, held."""

from services.gateway.routes.route import COORDINATOR, MONEY, SHELF, STOCK, WATCH, get, own, post
from shared.contracts.sales import goods

GOODS = (
    post("/v1/deliveries", goods.DispatchDelivery, COORDINATOR, "Send goods to an outlet", 201),
    post("/v1/transfers", goods.TransferStock, COORDINATOR, "Send goods from one outlet to another", 201),
    post("/v1/recalls", goods.RecallStock, COORDINATOR, "Send goods from an outlet back to the makers", 201),
    get("/v1/deliveries", goods.ListDeliveries, STOCK, "List deliveries, transfers and recalls", own="outlet"),
    get("/v1/deliveries/{delivery_id}", goods.GetDelivery, STOCK, "Show a delivery", own="outlet"),
    own("outlet", post("/v1/deliveries/{delivery_id}/receipt", goods.ReceiveDelivery, SHELF, "Record what arrived")),
    post("/v1/deliveries/{delivery_id}/cancellation", goods.CancelDelivery, COORDINATOR, "Call a dispatch off"),
    get("/v1/claims", goods.ListClaims, STOCK, "List what did not arrive whole", own="outlet"),
    post("/v1/claims/{claim_id}/settlement", goods.SettleClaim, COORDINATOR, "Say what became of it"),
    get("/v1/units/{serial}/place", goods.GetPiecePlace, WATCH, "Show where a piece with a serial is"),
    get("/v1/outlets/{code}/stock", goods.GetStock, STOCK, "Show an outlet's stock", own="code"),
    get("/v1/outlets/{code}/low-stock", goods.ListLowStock, STOCK, "List what runs out", own="code"),
    get("/v1/outlets/{code}/slow-sellers", goods.ListSlowSellers, STOCK, "List what does not sell", own="code"),
    own("code", post("/v1/outlets/{code}/stock-counts", goods.CountStock, SHELF, "Record a stock count", 201)),
    get("/v1/outlets/{code}/stock-counts", goods.ListStockCounts, STOCK, "List stock counts", own="code"),
    get("/v1/stock-counts/{count_id}", goods.GetStockCount, STOCK, "Show a stock count, explained", own="outlet"),
    post("/v1/stock-counts/{count_id}/approval", goods.ApproveStockCount, MONEY, "Set the books right by a count"),
    post("/v1/outlets/{code}/reservations", goods.ReserveStock, COORDINATOR, "Hold pieces for a client", 201),
    get("/v1/outlets/{code}/reservations", goods.ListReservations, MONEY, "List what is held for clients"),
    post("/v1/reservations/{reservation_id}/release", goods.ReleaseReservation, COORDINATOR, "Hold it no longer"),
)
