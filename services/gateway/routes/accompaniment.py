"""How far makers have come, who accompanies them, and what is proposed to them."""

from services.gateway.routes.route import COORDINATOR, WATCH, get, post
from shared.contracts.training import accompaniment, progress, proposals

ACCOMPANIMENT = (
    post(
        "/v1/programme-steps", progress.SetProgrammeSteps, COORDINATOR, "Set the programme's steps from a day on", 201
    ),
    get("/v1/programme-steps", progress.ListProgrammeSteps, WATCH, "List the orders of the programme's steps"),
    post("/v1/makers/{maker_id}/steps", progress.RecordStep, COORDINATOR, "Record that she has reached a step", 201),
    post("/v1/makers/{maker_id}/steps/{record_id}/withdrawal", progress.WithdrawStep, COORDINATOR, "It was wrong"),
    get("/v1/makers/{maker_id}/progress", progress.GetProgress, COORDINATOR, "Show how far a maker has come"),
    get("/v1/funnel", progress.GetFunnel, WATCH, "Count the makers who have reached each step"),
    post("/v1/makers/{maker_id}/companion", accompaniment.AssignCompanion, COORDINATOR, "Say who accompanies her", 201),
    post("/v1/cohorts/{cohort_id}/companion", accompaniment.SetCohortCompanion, COORDINATOR, "Who will accompany them"),
    post("/v1/rusun/{code}/companion", accompaniment.SetRusunCompanion, COORDINATOR, "Who will accompany those here"),
    post(
        "/v1/makers/{maker_id}/visits", accompaniment.RecordVisit, COORDINATOR, "Record a visit, a call, a message", 201
    ),
    post("/v1/visits/{visit_id}/withdrawal", accompaniment.WithdrawVisit, COORDINATOR, "It was recorded wrongly"),
    post("/v1/next-steps/{step_id}/done", accompaniment.FinishNextStep, COORDINATOR, "What was agreed is done"),
    post("/v1/next-steps/{step_id}/dropped", accompaniment.DropNextStep, COORDINATOR, "It will not be done"),
    get("/v1/makers/{maker_id}/accompaniment", accompaniment.GetAccompaniment, COORDINATOR, "Show her accompaniment"),
    get("/v1/companions/{name}/agenda", accompaniment.GetAgenda, COORDINATOR, "List what a companion has to do"),
    get("/v1/accompaniment/without-companion", accompaniment.ListUnaccompanied, COORDINATOR, "List who has nobody"),
    get("/v1/accompaniment/attention", accompaniment.ListWithoutIncome, COORDINATOR, "List who earns nothing for long"),
    get("/v1/accompaniment/candidates", proposals.ListCandidates, COORDINATOR, "List whom to ask first"),
    post("/v1/proposals", proposals.Propose, COORDINATOR, "Propose an order or a remedial session to a maker", 201),
    get("/v1/proposals", proposals.ListProposals, COORDINATOR, "List proposals"),
    get("/v1/proposals/{proposal_id}", proposals.GetProposal, COORDINATOR, "Show a proposal"),
    post("/v1/proposals/{proposal_id}/answer", proposals.AnswerProposal, COORDINATOR, "Record what she answered"),
)
