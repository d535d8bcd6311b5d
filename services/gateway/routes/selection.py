"""From what makers have made to what is approved."""

from services.gateway.routes.route import COORDINATOR, JUROR, SELECTION, get, post
from shared.contracts import catalog

SELECTING = (
    post("/v1/submissions", catalog.SubmitProduct, COORDINATOR, "Submit what makers have made", 201),
    get("/v1/submissions", catalog.ListSubmissions, SELECTION, "List submissions; for jurors blind until scored"),
    get("/v1/submissions/{submission_id}", catalog.GetSubmission, SELECTION, "Show a submission with all its rounds"),
    post("/v1/submissions/{submission_id}/reviews", catalog.ReviewSubmission, JUROR, "Score a submission", 201),
    post("/v1/submissions/{submission_id}/abstention", catalog.AbstainFromReview, JUROR, "Judge it not", 201),
    post("/v1/submissions/{submission_id}/decision", catalog.DecideSubmission, COORDINATOR, "Decide a submission"),
    post("/v1/submissions/{submission_id}/rounds", catalog.ResubmitProduct, COORDINATOR, "Submit it again", 201),
    post("/v1/submissions/{submission_id}/withdrawal", catalog.WithdrawSubmission, COORDINATOR, "Take it back"),
    post("/v1/criteria", catalog.SetCriteria, COORDINATOR, "Set what submissions are judged by from a day on", 201),
    get("/v1/criteria", catalog.ListCriteria, SELECTION, "List what submissions are judged by"),
    post("/v1/reason-tags", catalog.SetReasonTag, COORDINATOR, "Word a reason that is given again and again", 201),
    get("/v1/reason-tags", catalog.ListReasonTags, SELECTION, "List reasons in plain words"),
)
