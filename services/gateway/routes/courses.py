"""Cohorts, their sessions, and what they lead to."""

from services.gateway.routes.route import COORDINATOR, MONEY, SELECTION, get, post
from shared.contracts import training

COURSES = (
    post("/v1/cohorts", training.OpenCohort, COORDINATOR, "Open a cohort with its planned sessions", 201),
    get("/v1/cohorts/{cohort_id}", training.GetCohort, COORDINATOR, "Show a cohort"),
    post("/v1/cohorts/{cohort_id}/enrolments", training.Enrol, COORDINATOR, "Enrol a maker, or put her in line", 201),
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
