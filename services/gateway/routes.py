"""The whole HTTP surface that asks services: one row for each thing that can be asked."""

from dataclasses import dataclass, replace
from mimetypes import guess_type
from typing import Any

from services.gateway.auth import Role
from shared.contracts import catalog, notify, operations, sales, training
from shared.contracts.message import Document, Request
from shared.contracts.sales import goods, settlement, tills

COORDINATOR = frozenset({Role.COORDINATOR})
JUROR = frozenset({Role.JUROR})
SELECTION = frozenset({Role.COORDINATOR, Role.JUROR})
MONEY = frozenset({Role.COORDINATOR, Role.FINANCE})
WATCH = frozenset({Role.COORDINATOR, Role.FINANCE, Role.OPERATOR})
MEND = frozenset({Role.COORDINATOR, Role.OPERATOR})
STOCK = frozenset({Role.COORDINATOR, Role.FINANCE, Role.OUTLET})
SHELF = frozenset({Role.COORDINATOR, Role.OUTLET})
EVERYBODY = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Route:
    """What stands in braces in `path` is a field of `request`; the others come from the query or from the body.

    `own`: the field that must be the key's own outlet when an outlet asks; when it may be left out, it is filled in.
    """

    method: str
    path: str
    request: type[Request[Any]]
    roles: frozenset[Role]
    summary: str
    status: int = 200
    own: str | None = None

    @property
    def in_path(self) -> frozenset[str]:
        """The fields that the path gives."""
        return frozenset(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def file_type(self) -> str | None:
        """The media type of the file that is answered, as far as the path tells; None when the answer is JSON."""
        if not issubclass(self.request.reply(), Document):
            return None
        return guess_type(self.path)[0] or "*/*"

    @property
    def of_any_service(self) -> bool:
        """Every service answers it, so the caller says which, with `?service=`."""
        return self.request.owner() == "operations"


def _get(path: str, request: type[Request[Any]], roles: frozenset[Role], summary: str, own: str | None = None) -> Route:
    return Route("GET", path, request, roles, summary, own=own)


def _post(path: str, request: type[Request[Any]], roles: frozenset[Role], summary: str, status: int = 200) -> Route:
    return Route("POST", path, request, roles, summary, status)


def _own(field: str, route: Route) -> Route:
    return replace(route, own=field)


TRAINING = (
    _post("/v1/rusun", training.RegisterRusun, COORDINATOR, "Register a rusun and its cooperative", 201),
    _post("/v1/makers", training.RegisterMaker, COORDINATOR, "Register a maker", 201),
    _get("/v1/makers", training.ListMakers, COORDINATOR, "List makers"),
    _get("/v1/makers/{maker_id}", training.GetMaker, COORDINATOR, "Show a maker"),
    _post("/v1/cohorts", training.OpenCohort, COORDINATOR, "Open a cohort with its planned sessions", 201),
    _get("/v1/cohorts/{cohort_id}", training.GetCohort, COORDINATOR, "Show a cohort"),
    _post("/v1/cohorts/{cohort_id}/enrolments", training.Enrol, COORDINATOR, "Enrol a maker, or put her in line", 201),
    _post("/v1/sessions/{session_id}/attendance", training.RecordAttendance, COORDINATOR, "Record who was there"),
    _post("/v1/sessions/{session_id}/completion", training.CompleteSession, COORDINATOR, "Complete a session"),
    _post("/v1/cohorts/{cohort_id}/completion", training.CompleteCohort, COORDINATOR, "Complete a cohort, certify"),
    _get("/v1/certificates/{number}", training.GetCertificate, SELECTION, "Show a certificate"),
)

CATALOG = (
    _post("/v1/submissions", catalog.SubmitProduct, COORDINATOR, "Submit what makers have made", 201),
    _get("/v1/submissions", catalog.ListSubmissions, SELECTION, "List submissions"),
    _post("/v1/submissions/{submission_id}/reviews", catalog.ReviewSubmission, JUROR, "Score a submission", 201),
    _post("/v1/submissions/{submission_id}/decision", catalog.DecideSubmission, COORDINATOR, "Decide a submission"),
    _get("/v1/products", catalog.ListProducts, EVERYBODY, "List products"),
    _get("/v1/products/{sku}", catalog.GetProduct, EVERYBODY, "Show a product"),
    _post("/v1/products/{sku}/prices", catalog.SetPrice, COORDINATOR, "Set a price from a day on", 201),
    _post("/v1/products/{sku}/units", catalog.LabelUnits, COORDINATOR, "Give pieces a serial each", 201),
    _get("/v1/products/{sku}/units", catalog.ListUnits, WATCH, "List a product's pieces with a serial"),
    _get("/v1/products/{sku}/labels.pdf", catalog.GetLabels, COORDINATOR, "Print labels for pieces with a serial"),
    _get("/v1/units/{serial}", catalog.GetUnit, EVERYBODY, "Show a piece by its serial"),
    _post("/v1/promotions", catalog.SchedulePromotion, COORDINATOR, "Schedule a promotion", 201),
    _get("/v1/promotions", catalog.ListPromotions, MONEY, "List promotions"),
    _get("/v1/promotions/{promo_id}", catalog.GetPromotion, MONEY, "Show a promotion"),
    _post("/v1/promotions/{promo_id}/end", catalog.EndPromotion, COORDINATOR, "End a promotion earlier"),
)

SALES = (
    _post("/v1/outlets", sales.RegisterOutlet, COORDINATOR, "Register an outlet", 201),
    _get("/v1/outlets", sales.ListOutlets, WATCH, "List outlets with their agreements"),
    _post("/v1/outlets/{code}/agreements", sales.AgreeTerms, MONEY, "Agree terms with an outlet", 201),
    _get("/v1/reports", sales.SummariseFeed, WATCH, "What became of all that tills reported"),
    _get("/v1/sales", sales.ListSales, MONEY, "List sales and how each was split"),
    _post("/v1/sales/{sale_id}/void", sales.VoidSale, COORDINATOR, "Take a sale back that was none"),
    _get("/v1/makers/{maker_id}/statement", sales.GetStatement, MONEY, "Show a maker's account"),
    _get("/v1/ledger/trial-balance", sales.GetTrialBalance, MONEY, "Show all accounts and their sum"),
)

GOODS = (
    _post("/v1/deliveries", goods.DispatchDelivery, COORDINATOR, "Send goods to an outlet", 201),
    _post("/v1/transfers", goods.TransferStock, COORDINATOR, "Send goods from one outlet to another", 201),
    _post("/v1/recalls", goods.RecallStock, COORDINATOR, "Send goods from an outlet back to the makers", 201),
    _get("/v1/deliveries", goods.ListDeliveries, STOCK, "List deliveries, transfers and recalls", own="outlet"),
    _get("/v1/deliveries/{delivery_id}", goods.GetDelivery, STOCK, "Show a delivery", own="outlet"),
    _own("outlet", _post("/v1/deliveries/{delivery_id}/receipt", goods.ReceiveDelivery, SHELF, "Record what arrived")),
    _post("/v1/deliveries/{delivery_id}/cancellation", goods.CancelDelivery, COORDINATOR, "Call a dispatch off"),
    _get("/v1/claims", goods.ListClaims, STOCK, "List what did not arrive whole", own="outlet"),
    _post("/v1/claims/{claim_id}/settlement", goods.SettleClaim, COORDINATOR, "Say what became of it"),
    _get("/v1/units/{serial}/place", goods.GetPiecePlace, WATCH, "Show where a piece with a serial is"),
    _get("/v1/outlets/{code}/stock", goods.GetStock, STOCK, "Show an outlet's stock", own="code"),
    _get("/v1/outlets/{code}/low-stock", goods.ListLowStock, STOCK, "List what runs out", own="code"),
    _get("/v1/outlets/{code}/slow-sellers", goods.ListSlowSellers, STOCK, "List what does not sell", own="code"),
    _own("code", _post("/v1/outlets/{code}/stock-counts", goods.CountStock, SHELF, "Record a stock count", 201)),
    _get("/v1/outlets/{code}/stock-counts", goods.ListStockCounts, STOCK, "List stock counts", own="code"),
    _get("/v1/stock-counts/{count_id}", goods.GetStockCount, STOCK, "Show a stock count, explained", own="outlet"),
    _post("/v1/stock-counts/{count_id}/approval", goods.ApproveStockCount, MONEY, "Set the books right by a count"),
    _post("/v1/outlets/{code}/reservations", goods.ReserveStock, COORDINATOR, "Hold pieces for a client", 201),
    _get("/v1/outlets/{code}/reservations", goods.ListReservations, MONEY, "List what is held for clients"),
    _post("/v1/reservations/{reservation_id}/release", goods.ReleaseReservation, COORDINATOR, "Hold it no longer"),
)

TILLS = (
    _get("/v1/findings", tills.ListFindings, WATCH, "List what a person should look at"),
    _get("/v1/findings/{finding_id}", tills.GetFinding, WATCH, "Show a finding, and what to do about it"),
    _post("/v1/findings/{finding_id}/settlement", tills.SettleFinding, MEND, "Say what a finding was"),
    _get("/v1/outlets/{code}/closings", tills.ListClosings, WATCH, "Compare what tills counted with what is recorded"),
    _get("/v1/exchanges", tills.ListExchanges, MONEY, "List exchanges"),
    _get("/v1/outlets/{outlet}/exchanges/{exchange}", tills.GetExchange, MONEY, "Show an exchange, both sides"),
    _get("/v1/variances", tills.ListVariances, MONEY, "List sales at other prices, and who bears the difference"),
)

SETTLEMENT = (
    _post("/v1/payouts", settlement.FreezePayout, MONEY, "Freeze what a cooperative's makers are owed", 201),
    _get("/v1/payouts", settlement.ListPayouts, MONEY, "List batches of payouts"),
    _get("/v1/payouts/{payout_id}", settlement.GetPayout, MONEY, "Show a batch with its lines"),
    _post("/v1/payouts/{payout_id}/approvals", settlement.ApprovePayout, MONEY, "Agree to a batch; two people must"),
    _post("/v1/payouts/{payout_id}/payment", settlement.RecordPaid, MONEY, "Record that a batch was paid"),
    _post("/v1/payouts/{payout_id}/cancellation", settlement.CancelPayout, MONEY, "Give up a batch, unpaid"),
    _get("/v1/debts", settlement.ListDebts, MONEY, "List makers who owe, and since when"),
    _post("/v1/write-offs", settlement.ProposeWriteOff, MONEY, "Propose that a debt is given up", 201),
    _get("/v1/write-offs", settlement.ListWriteOffs, MONEY, "List write-offs"),
    _get("/v1/write-offs/{write_off_id}", settlement.GetWriteOff, MONEY, "Show a write-off"),
    _post("/v1/write-offs/{write_off_id}/approvals", settlement.ApproveWriteOff, MONEY, "Agree to it; two people must"),
    _post("/v1/write-offs/{write_off_id}/cancellation", settlement.CancelWriteOff, MONEY, "Withdraw a write-off"),
)

NOTIFY = (
    _get("/v1/makers/{maker_id}/notices", notify.ListNotices, COORDINATOR, "List what a maker was told"),
    _get("/v1/notices/summary", notify.CountNotices, WATCH, "Count notices by state"),
)

PARKED = (
    _get("/v1/parked", operations.ListParked, MEND, "List messages that wait"),
    _get(
        "/v1/parked/reasons", operations.SummariseReasons, MEND, "Why messages wait, and what to do about each reason"
    ),
    _post("/v1/parked/redrive", operations.RedriveAll, MEND, "Try again all that wait for one reason"),
    _get("/v1/parked/{parked_id}", operations.GetParked, MEND, "Show a message that waits, and its history"),
    _post("/v1/parked/{parked_id}/redrive", operations.RedriveParked, MEND, "Try a parked message again"),
    _post("/v1/parked/{parked_id}/correction", operations.CorrectParked, MEND, "Correct a parked message and try it"),
    _post("/v1/parked/{parked_id}/choice", operations.ChooseParked, MEND, "Say which is right of two that differ"),
    _post("/v1/parked/{parked_id}/discard", operations.DiscardParked, MEND, "Give up a parked message"),
)

ROUTES: tuple[Route, ...] = (*TRAINING, *CATALOG, *SALES, *GOODS, *TILLS, *SETTLEMENT, *NOTIFY, *PARKED)
