"""Rusun and makers."""

from services.gateway.routes.route import COORDINATOR, get, post
from shared.contracts import training
from shared.contracts.training import consents, finding, imports, people

PEOPLE = (
    post("/v1/rusun", training.RegisterRusun, COORDINATOR, "Register a rusun and its cooperative", 201),
    get("/v1/rusun", people.ListRusun, COORDINATOR, "List rusun with their cooperatives"),
    post("/v1/makers", training.RegisterMaker, COORDINATOR, "Register a maker", 201),
    post("/v1/makers/import", imports.ImportMakers, COORDINATOR, "Register those of a list who are not registered yet"),
    get("/v1/makers", training.ListMakers, COORDINATOR, "List makers, or find one by name or phone"),
    get("/v1/makers/{maker_id}", training.GetMaker, COORDINATOR, "Show a maker"),
    post("/v1/makers/{maker_id}/contact", people.ChangeContact, COORDINATOR, "Put a maker's data right"),
    post("/v1/makers/{maker_id}/consents", consents.ChangeConsent, COORDINATOR, "A maker consents, or no longer does"),
    get("/v1/makers/{maker_id}/consents", consents.ListConsents, COORDINATOR, "All that a maker ever consented to"),
    post(
        "/v1/makers/{maker_id}/moves", people.MoveMaker, COORDINATOR, "A maker moves, or lives elsewhere than written"
    ),
    get("/v1/makers/{maker_id}/enrolments", finding.ListEnrolments, COORDINATOR, "List the cohorts of a maker"),
    get("/v1/makers/{maker_id}/homes", people.ListHomes, COORDINATOR, "Where a maker lived when"),
    post("/v1/makers/{maker_id}/anonymisation", people.AnonymiseMaker, COORDINATOR, "Take away who a maker is"),
)
