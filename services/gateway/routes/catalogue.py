"""Products, their prices, promotions and pieces."""

from services.gateway.routes.route import COORDINATOR, EVERYBODY, MONEY, WATCH, get, post
from shared.contracts import catalog

CATALOGUE = (
    get("/v1/products", catalog.ListProducts, EVERYBODY, "List products"),
    get("/v1/products/{sku}", catalog.GetProduct, EVERYBODY, "Show a product"),
    post("/v1/products/{sku}/prices", catalog.SetPrice, COORDINATOR, "Set a price from a day on", 201),
    post("/v1/products/{sku}/units", catalog.LabelUnits, COORDINATOR, "Give pieces a serial each", 201),
    get("/v1/products/{sku}/units", catalog.ListUnits, WATCH, "List a product's pieces with a serial"),
    get("/v1/products/{sku}/labels.pdf", catalog.GetLabels, COORDINATOR, "Print labels for pieces with a serial"),
    get("/v1/units/{serial}", catalog.GetUnit, EVERYBODY, "Show a piece by its serial"),
    post("/v1/promotions", catalog.SchedulePromotion, COORDINATOR, "Schedule a promotion", 201),
    get("/v1/promotions", catalog.ListPromotions, MONEY, "List promotions"),
    get("/v1/promotions/{promo_id}", catalog.GetPromotion, MONEY, "Show a promotion"),
    post("/v1/promotions/{promo_id}/end", catalog.EndPromotion, COORDINATOR, "End a promotion earlier"),
)
