"""Products, their prices, promotions and pieces."""

from services.gateway.routes.route import COORDINATOR, EVERYBODY, MONEY, SELECTION, WATCH, get, post
from shared.contracts import catalog
from shared.contracts.catalog import photos, showing

CATALOGUE = (
    get("/v1/products", catalog.ListProducts, EVERYBODY, "List products, or find them by words"),
    # Before a single product: no product is called so.
    get("/v1/products/export.csv", showing.ExportCsv, WATCH, "Products as a table"),
    get("/v1/products/export.json", showing.ExportJson, WATCH, "Products as a file for programs"),
    get("/v1/products/{sku}", catalog.GetProduct, EVERYBODY, "Show a product"),
    post("/v1/products/{sku}/prices", catalog.SetPrice, COORDINATOR, "Set a price from a day on", 201),
    post("/v1/products/{sku}/units", catalog.LabelUnits, COORDINATOR, "Give pieces a serial each", 201),
    get("/v1/products/{sku}/units", catalog.ListUnits, WATCH, "List a product's pieces with a serial"),
    get("/v1/products/{sku}/labels.pdf", catalog.GetLabels, COORDINATOR, "Print labels for pieces with a serial"),
    post("/v1/products/{sku}/story", showing.TellStory, COORDINATOR, "Say what buyers read of a product"),
    post("/v1/products/{sku}/pause", showing.PauseProduct, COORDINATOR, "Offer a product no longer, for now"),
    post("/v1/products/{sku}/resumption", showing.ResumeProduct, COORDINATOR, "Offer a product again"),
    post("/v1/products/{sku}/retirement", showing.RetireProduct, COORDINATOR, "Offer a product never again"),
    post("/v1/products/{sku}/photos", photos.AddProductPhoto, COORDINATOR, "Add a photo to a product", 201),
    post("/v1/submissions/{submission_id}/photos", photos.AddPhoto, COORDINATOR, "Add a photo to a submission", 201),
    get("/v1/submissions/{submission_id}/photos", photos.ListPhotos, SELECTION, "List a submission's photos"),
    get("/v1/photos/{photo_id}/{size}.jpg", photos.GetPhoto, SELECTION, "Show a photo"),
    post("/v1/photos/{photo_id}/removal", photos.RemovePhoto, COORDINATOR, "Remove a photo"),
    get("/v1/units/{serial}", catalog.GetUnit, EVERYBODY, "Show a piece by its serial"),
    post("/v1/promotions", catalog.SchedulePromotion, COORDINATOR, "Schedule a promotion", 201),
    get("/v1/promotions", catalog.ListPromotions, MONEY, "List promotions"),
    get("/v1/promotions/{promo_id}", catalog.GetPromotion, MONEY, "Show a promotion"),
    post("/v1/promotions/{promo_id}/end", catalog.EndPromotion, COORDINATOR, "End a promotion earlier"),
)
