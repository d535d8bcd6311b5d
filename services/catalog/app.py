"""Wiring only: which contract goes to which handler."""

from services.catalog import handlers, views
from shared.contracts.catalog import (
    DecideSubmission,
    GetProduct,
    ListProducts,
    ListSubmissions,
    ReviewSubmission,
    SetPrice,
    SubmitProduct,
)
from shared.contracts.training import MakerRegistered
from shared.runtime.service import Service

service = Service(
    "catalog",
    events={MakerRegistered: handlers.learn_makers},
    commands={
        SubmitProduct: handlers.submit_product,
        ReviewSubmission: handlers.review_submission,
        DecideSubmission: handlers.decide_submission,
        SetPrice: handlers.set_price,
    },
    queries={
        ListSubmissions: views.list_submissions,
        ListProducts: views.list_products,
        GetProduct: views.get_product,
    },
)
