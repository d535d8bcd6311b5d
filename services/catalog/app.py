"""Wiring only: which contract goes to which handler."""

from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any, TypeVar

from services.catalog.handlers import criteria, jury, products, promotions, selection, units
from services.catalog.views import criteria as criteria_views
from services.catalog.views import products as product_views
from services.catalog.views import promotions as promotion_views
from services.catalog.views import selection as selection_views
from services.catalog.views import units as unit_views
from shared.contracts.catalog import (
    AbstainFromReview,
    DecideSubmission,
    EndPromotion,
    GetLabels,
    GetProduct,
    GetPromotion,
    GetSubmission,
    GetUnit,
    LabelUnits,
    ListCriteria,
    ListProducts,
    ListPromotions,
    ListReasonTags,
    ListSubmissions,
    ListUnits,
    ResubmitProduct,
    ReviewSubmission,
    SchedulePromotion,
    SetCriteria,
    SetPrice,
    SetReasonTag,
    SubmitProduct,
    WithdrawSubmission,
)
from shared.contracts.training import MakerEnrolled, MakerRegistered, TrainersAssigned
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.service import Service
from shared.settings import read_settings

R = TypeVar("R")


@cache
def public_url() -> str:
    """Where buyers reach this house."""
    return read_settings(database_url="", amqp_url="").public_url


def at_home(handle: Callable[[Received[Any], Tx, str], Awaitable[R]]) -> Callable[[Received[Any], Tx], Awaitable[R]]:
    """Tells a handler where buyers reach this house, which it must not look for itself."""

    @wraps(handle)
    async def told(message: Received[Any], tx: Tx) -> R:
        return await handle(message, tx, public_url())

    return told


service = Service(
    "catalog",
    events={
        MakerRegistered: selection.learn_makers,
        TrainersAssigned: jury.learn_trainers,
        MakerEnrolled: jury.learn_enrolments,
    },
    commands={
        SubmitProduct: selection.submit_product,
        ResubmitProduct: selection.resubmit_product,
        WithdrawSubmission: selection.withdraw_submission,
        ReviewSubmission: jury.review_submission,
        AbstainFromReview: jury.abstain,
        DecideSubmission: selection.decide_submission,
        SetCriteria: criteria.set_criteria,
        SetReasonTag: criteria.set_reason_tag,
        SetPrice: products.set_price,
        SchedulePromotion: promotions.schedule_promotion,
        EndPromotion: promotions.end_promotion,
        LabelUnits: at_home(units.label_units),
    },
    queries={
        ListSubmissions: selection_views.list_submissions,
        GetSubmission: selection_views.get_submission,
        ListCriteria: criteria_views.list_criteria,
        ListReasonTags: criteria_views.list_reason_tags,
        ListProducts: product_views.list_products,
        GetProduct: product_views.get_product,
        ListPromotions: promotion_views.list_promotions,
        GetPromotion: promotion_views.get_promotion,
        ListUnits: at_home(unit_views.list_units),
        GetUnit: at_home(unit_views.get_unit),
        GetLabels: at_home(unit_views.get_labels),
    },
)
