"""What makers were told, and messages that wait for a person."""

from services.gateway.routes.route import COORDINATOR, MEND, WATCH, get, post
from shared.contracts import notify, operations

NOTIFY = (
    get("/v1/makers/{maker_id}/notices", notify.ListNotices, COORDINATOR, "List what a maker was told"),
    get("/v1/notices/summary", notify.CountNotices, WATCH, "Count notices by state"),
)

PARKED = (
    get("/v1/parked", operations.ListParked, MEND, "List messages that wait"),
    get("/v1/parked/reasons", operations.SummariseReasons, MEND, "Why messages wait, and what to do about each reason"),
    post("/v1/parked/redrive", operations.RedriveAll, MEND, "Try again all that wait for one reason"),
    get("/v1/parked/{parked_id}", operations.GetParked, MEND, "Show a message that waits, and its history"),
    post("/v1/parked/{parked_id}/redrive", operations.RedriveParked, MEND, "Try a parked message again"),
    post("/v1/parked/{parked_id}/correction", operations.CorrectParked, MEND, "Correct a parked message and try it"),
    post("/v1/parked/{parked_id}/choice", operations.ChooseParked, MEND, "Say which is right of two that differ"),
    post("/v1/parked/{parked_id}/discard", operations.DiscardParked, MEND, "Give up a parked message"),
)
