"""Cohorts, their sessions, and what they lead to."""

from services.gateway.routes.route import COORDINATOR, MONEY, SELECTION, get, post
from shared.contracts import training
from shared.contracts.training import clashes, finding, planning, seats, teaching

SEATS = (
    post("/v1/cohorts/{cohort_id}/enrolments", training.Enrol, COORDINATOR, "Enrol a maker, or put her in line", 201),
    post(
        "/v1/cohorts/{cohort_id}/enrolments/{maker_id}/cancellation",
        seats.CancelEnrolment,
        COORDINATOR,
        "Take a maker out of a cohort, offer her seat",
    ),
    post("/v1/cohorts/{cohort_id}/enrolments/{maker_id}/acceptance", seats.AcceptOffer, COORDINATOR, "Take an offer"),
    post("/v1/cohorts/{cohort_id}/enrolments/{maker_id}/refusal", seats.RefuseOffer, COORDINATOR, "Decline an offer"),
    post("/v1/cohorts/{cohort_id}/capacity", seats.SetCapacity, COORDINATOR, "Change how many seats a cohort has"),
)

TEACHING = (
    post("/v1/trainers", teaching.RegisterTrainer, COORDINATOR, "Register a trainer or an expert", 201),
    get("/v1/trainers", teaching.ListTrainers, COORDINATOR, "List trainers and experts"),
    post("/v1/trainers/{trainer_id}/account", teaching.SetTrainerAccount, COORDINATOR, "Say which key she judges with"),
    post("/v1/places", teaching.RegisterPlace, COORDINATOR, "Register a place for sessions", 201),
    get("/v1/places", teaching.ListPlaces, COORDINATOR, "List places"),
    post("/v1/curricula", teaching.WriteCurriculum, COORDINATOR, "Write a curriculum, or its next version", 201),
    get("/v1/curricula", teaching.ListCurricula, COORDINATOR, "List curricula"),
)

COURSES = (
    *TEACHING,
    post("/v1/cohorts", training.OpenCohort, COORDINATOR, "Open a cohort with its planned sessions", 201),
    get("/v1/cohorts", planning.ListCohorts, COORDINATOR, "List cohorts"),
    get("/v1/cohorts/{cohort_id}", training.GetCohort, COORDINATOR, "Show a cohort"),
    *SEATS,
    post("/v1/cohorts/{cohort_id}/trainers", planning.SetTrainers, COORDINATOR, "Say who teaches a cohort from now on"),
    get("/v1/sessions", finding.ListSessions, COORDINATOR, "List the sessions of some days"),
    post("/v1/sessions/{session_id}/plan", planning.ReplanSession, COORDINATOR, "Move or cancel a planned session"),
    get("/v1/clashes", clashes.ListClashes, COORDINATOR, "List who and what is needed in two sessions at once"),
    post("/v1/sessions/{session_id}/attendance", training.RecordAttendance, COORDINATOR, "Record who was there"),
    post("/v1/sessions/{session_id}/completion", training.CompleteSession, COORDINATOR, "Complete a session"),
    get("/v1/sessions/{session_id}", training.GetSession, COORDINATOR, "Show a session's sheet"),
    post(
        "/v1/sessions/{session_id}/amendments", training.AmendSession, COORDINATOR, "Set a completed session right", 201
    ),
    get("/v1/sessions/{session_id}/amendments", training.ListAmendments, COORDINATOR, "List what was set right"),
    get("/v1/cohorts/{cohort_id}/overruns", training.GetOverruns, MONEY, "List what was taught beyond the plan"),
    post("/v1/cohorts/{cohort_id}/practicals", training.RecordPractical, COORDINATOR, "Record a practical piece", 201),
    get("/v1/cohorts/{cohort_id}/completion", training.GetCompletion, COORDINATOR, "Show who would complete"),
    post("/v1/cohorts/{cohort_id}/completion", training.CompleteCohort, COORDINATOR, "Complete a cohort, certify"),
    get("/v1/certificates/{number}", training.GetCertificate, SELECTION, "Show a certificate"),
    get("/v1/certificates/{number}/certificate.pdf", training.GetCertificateFile, COORDINATOR, "Print a certificate"),
    post("/v1/certificates/{number}/reissue", training.ReissueCertificate, COORDINATOR, "Issue it again, anew", 201),
    post("/v1/certificates/{number}/revocation", training.RevokeCertificate, COORDINATOR, "Revoke a certificate"),
)
