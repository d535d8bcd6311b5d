"""From what makers have made to what is approved."""

from services.gateway.routes.route import COORDINATOR, JUROR, SELECTION, get, post
from shared.contracts import catalog

SELECTING = (
    post("/v1/submissions", catalog.SubmitProduct, COORDINATOR, "Submit what makers have made", 201),
    get("/v1/submissions", catalog.ListSubmissions, SELECTION, "List submissions"),
    post("/v1/submissions/{submission_id}/reviews", catalog.ReviewSubmission, JUROR, "Score a submission", 201),
    post("/v1/submissions/{submission_id}/decision", catalog.DecideSubmission, COORDINATOR, "Decide a submission"),
)
