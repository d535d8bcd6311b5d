"""Rusun and makers."""

from services.gateway.routes.route import COORDINATOR, get, post
from shared.contracts import training

PEOPLE = (
    post("/v1/rusun", training.RegisterRusun, COORDINATOR, "Register a rusun and its cooperative", 201),
    post("/v1/makers", training.RegisterMaker, COORDINATOR, "Register a maker", 201),
    get("/v1/makers", training.ListMakers, COORDINATOR, "List makers"),
    get("/v1/makers/{maker_id}", training.GetMaker, COORDINATOR, "Show a maker"),
)
