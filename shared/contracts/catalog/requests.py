"""What the catalog can be asked."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.catalog.replies import (
    Product,
    Products,
    Promotion,
    Promotions,
    Review,
    Submission,
    Submissions,
    Unit,
    Units,
)
from shared.contracts.catalog.showing import Filter
from shared.contracts.catalog.terms import (
    Certificate,
    CriterionCode,
    MakerWeight,
    PromoId,
    PromotionTerms,
    Reason,
    Score,
    Serial,
    Verdict,
    WayForward,
)
from shared.contracts.message import Code, Command, Document, Moment, Name, Page, Query, Rupiah, Sku, Text
from shared.contracts.training import Craft


class SubmitProduct(Command[Submission], wire="catalog.SubmitProduct.v1"):
    """What one or more makers made. Several makers share by weight; the first named is shown first.

    Batik is made by `tulis`, `cap` or `kombinasi`. `contains_animal_material`: leather, bone, horn, feathers, wool,
    silk; left out, it is not known. `halal_certificate`: its number.
    """

    title: Name
    craft: Craft
    technique: Name
    material: Name
    hours: Annotated[int, Field(strict=True, ge=1, le=2000)]
    asking_price: Rupiah
    makers: Annotated[list[MakerWeight], Field(min_length=1, max_length=20)]
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] | None = None
    story: Text | None = None
    contains_animal_material: bool | None = None
    halal_certificate: Certificate | None = None


class ReviewSubmission(Command[Review], wire="catalog.ReviewSubmission.v1"):
    """A juror's scores for every criterion, 0 to 10. One review for each juror and round of a submission.

    `correct`: her scores take the place of those that she gave before, which she may do until it is decided.
    """

    submission_id: UUID
    scores: Annotated[dict[CriterionCode, Score], Field(max_length=30)]
    comment: Text | None = None
    correct: bool = False


class DecideSubmission(Command[Submission], wire="catalog.DecideSubmission.v1"):
    """Approve (with a price; the SKU is made unless given), ask for changes or reject.

    Every no carries reasons, `tags` of the configured list or words of one's own, and a way forward; left out, it is
    the advice that belongs to the tags. `floor`: the lowest that a promotion may lead to.
    """

    submission_id: UUID
    verdict: Verdict
    reasons: list[Reason] = Field(default_factory=list, max_length=20)
    tags: list[Code] = Field(default_factory=list, max_length=20)
    way_forward: list[WayForward] = Field(default_factory=list, max_length=10)
    price: Rupiah | None = None
    price_from: Moment | None = None
    floor: Rupiah | None = None
    sku: Sku | None = None


class ListSubmissions(Page[Submissions], wire="catalog.ListSubmissions.v1"):
    """The newest first; for a juror blind. `to_score`: only what waits for whoever asks, and she may judge.

    `maker_id`: what she made, alone or with others; no juror may ask for it.
    """

    state: str | None = None
    craft: Craft | None = None
    maker_id: UUID | None = None
    to_score: bool = False


class ListProducts(Page[Products], Filter, wire="catalog.ListProducts.v1"):
    """By SKU; with `q`, what fits best first. `q`: words, or how they begin, in Indonesian or English.

    `technique`: as it is written, small or large letters. Prices: those of now, both ends included.
    """


class GetProduct(Query[Product], wire="catalog.GetProduct.v1"):
    sku: Sku


class SetPrice(Command[Product], wire="catalog.SetPrice.v1"):
    """`floor`: the lowest that a promotion may lead to; left out, there is none from then on."""

    sku: Sku
    price: Rupiah
    valid_from: Moment
    floor: Rupiah | None = None


class SchedulePromotion(Command[Promotion], PromotionTerms, wire="catalog.SchedulePromotion.v1"):
    """A reduction that tills may give, by its `promo_id`. Promotions may overlap: the till names the one it gave.

    What was recorded before stays as it is.
    """


class EndPromotion(Command[Promotion], wire="catalog.EndPromotion.v1"):
    """Ends a promotion earlier: at `ends_at`, or now."""

    promo_id: PromoId
    ends_at: Moment | None = None


class ListPromotions(Page[Promotions], wire="catalog.ListPromotions.v1"):
    """The newest first. `valid_at`: only those that hold at that moment."""

    valid_at: Moment | None = None


class GetPromotion(Query[Promotion], wire="catalog.GetPromotion.v1"):
    promo_id: PromoId


class LabelUnits(Command[Units], wire="catalog.LabelUnits.v1"):
    """Gives `count` pieces of a product a serial each."""

    sku: Sku
    count: Annotated[int, Field(strict=True, ge=1, le=500)]


class ListUnits(Page[Units], wire="catalog.ListUnits.v1"):
    """By serial."""

    sku: Sku


class GetUnit(Query[Unit], wire="catalog.GetUnit.v1"):
    serial: Serial


class GetLabels(Query[Document], wire="catalog.GetLabels.v1"):
    """A4 sheets of 3 x 8 labels (70 x 37 mm): the product's pieces by serial, `count` of them from `first` on.

    Each has the title, the SKU, the price of now, the serial as EAN-13 and the story's address as QR code.
    """

    sku: Sku
    first: Serial | None = None
    count: Annotated[int, Field(ge=1, le=200)] = 24
