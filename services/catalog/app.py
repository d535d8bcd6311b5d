"""Wiring only: which contract goes to which handler."""

from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any, TypeVar

from services.catalog.files import Files
from services.catalog.handlers import criteria, jury, photos, products, promotions, selection, showing, units
from services.catalog.sweep import sweep_files
from services.catalog.views import criteria as criteria_views
from services.catalog.views import export, origins, story
from services.catalog.views import photos as photo_views
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
from shared.contracts.catalog.origins import GetOrigins
from shared.contracts.catalog.photos import (
    AddPhoto,
    AddProductPhoto,
    GetPhoto,
    GetPublicPhoto,
    ListPhotos,
    RemovePhoto,
)
from shared.contracts.catalog.showing import (
    ExportCsv,
    ExportJson,
    GetStory,
    PauseProduct,
    ResumeProduct,
    RetireProduct,
    TellStory,
)
from shared.contracts.training import (
    ConsentChanged,
    MakerAnonymised,
    MakerEnrolled,
    MakerRegistered,
    TrainersAssigned,
)
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.home import at_home
from shared.runtime.service import Job, Service
from shared.settings import read_settings

R = TypeVar("R")


@cache
def shared_folder() -> Files:
    """Where photos are."""
    return Files(read_settings(database_url="", amqp_url="").files)


def with_files(
    handle: Callable[[Received[Any], Tx, Files], Awaitable[R]],
) -> Callable[[Received[Any], Tx], Awaitable[R]]:
    """Hands a handler the folder of photos."""

    @wraps(handle)
    async def handed(message: Received[Any], tx: Tx) -> R:
        return await handle(message, tx, shared_folder())

    return handed


service = Service(
    "catalog",
    events={
        MakerRegistered: selection.learn_makers,
        TrainersAssigned: jury.learn_trainers,
        MakerEnrolled: jury.learn_enrolments,
        ConsentChanged: photos.follow_consents,
        MakerAnonymised: photos.forget_makers,
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
        AddPhoto: with_files(photos.add_photo),
        AddProductPhoto: with_files(photos.add_product_photo),
        RemovePhoto: photos.remove_photo,
        TellStory: showing.tell_story,
        PauseProduct: showing.pause_product,
        ResumeProduct: showing.resume_product,
        RetireProduct: showing.retire_product,
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
        ListPhotos: photo_views.list_photos,
        GetPhoto: with_files(photo_views.get_photo),
        GetPublicPhoto: with_files(photo_views.get_public_photo),
        ExportCsv: export.export_csv,
        ExportJson: export.export_json,
        GetStory: story.get_story,
        GetOrigins: origins.get_origins,
    },
    jobs=(Job("sweep files", sweep_files, every=600),),
)
