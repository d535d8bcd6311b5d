"""Catalog: submissions, selection by jurors, products and their dated prices."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.message import Command, Event, Moment, Name, Page, Part, Query, Rupiah, Sku, Text
from shared.contracts.training import Craft

Weight = Annotated[int, Field(strict=True, ge=1, le=10_000)]
"""A co-maker's share of the makers' part, relative to the others'."""

Score = Annotated[int, Field(strict=True, ge=0, le=10)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Criterion(StrEnum):
    """What a juror looks at. The weights are in the catalog's domain."""

    MARKET_FIT = "market-fit"
    SALE_VALUE = "sale-value"
    FINISH = "finish"
    CONSISTENCY = "consistency"
    REPEATABILITY = "repeatability"
    PRICE_REALISM = "price-realism"
    AUTHENTICITY = "authenticity"


class Verdict(StrEnum):
    APPROVE = "approve"
    CHANGES = "changes"
    REJECT = "reject"


class MakerWeight(Part):
    maker_id: UUID
    weight: Weight = 1


# -- events ------------------------------------------------------------------------------------------


class ProductSubmitted(Event, wire="catalog.ProductSubmitted.v1", about=("submission_id",)):
    submission_id: UUID
    title: Name
    craft: Craft
    makers: list[MakerWeight]


class ProductReviewed(Event, wire="catalog.ProductReviewed.v1", about=("submission_id",)):
    """A juror's scores are in. `score` is the weighted mean of this review, 0 to 1000."""

    submission_id: UUID
    juror: str
    score: int


class ProductApproved(Event, wire="catalog.ProductApproved.v1", about=("sku",)):
    submission_id: UUID
    sku: Sku
    title: Name
    craft: Craft
    price: Rupiah
    price_from: Moment
    makers: list[MakerWeight]


class ChangesRequested(Event, wire="catalog.ChangesRequested.v1", about=("submission_id",)):
    submission_id: UUID
    title: Name
    reasons: list[Reason]
    makers: list[MakerWeight]


class ProductRejected(Event, wire="catalog.ProductRejected.v1", about=("submission_id",)):
    submission_id: UUID
    title: Name
    reasons: list[Reason]
    makers: list[MakerWeight]


class PriceChanged(Event, wire="catalog.PriceChanged.v1", about=("sku",)):
    """From `valid_from` on, until a later one, the product's price is `price`."""

    sku: Sku
    price: Rupiah
    valid_from: Moment


# -- replies -----------------------------------------------------------------------------------------


class Review(Part):
    juror: str
    scores: dict[Criterion, Score]
    score: int
    comment: str | None
    reviewed_at: Moment


class Submission(Part):
    """`state`: submitted, in-review, changes-requested, approved, rejected. `score`: mean, 0 to 1000."""

    submission_id: UUID
    title: Name
    craft: Craft
    technique: str
    material: str
    hours: int
    reference: str | None
    asking_price: Rupiah
    makers: list[MakerWeight]
    state: str
    score: int | None
    reasons: list[str]
    sku: str | None
    reviews: list[Review]
    submitted_at: Moment


class Submissions(Part):
    items: list[Submission]
    next: str | None


class Price(Part):
    price: Rupiah
    valid_from: Moment


class Product(Part):
    sku: Sku
    submission_id: UUID
    title: Name
    craft: Craft
    technique: str
    material: str
    price: Rupiah
    prices: list[Price]
    makers: list[MakerWeight]
    approved_at: Moment


class Products(Part):
    items: list[Product]
    next: str | None


# -- commands and queries ----------------------------------------------------------------------------


class SubmitProduct(Command[Submission], wire="catalog.SubmitProduct.v1"):
    """What one or more makers made. Several makers share by weight; the first named is shown first."""

    title: Name
    craft: Craft
    technique: Name
    material: Name
    hours: Annotated[int, Field(strict=True, ge=1, le=2000)]
    asking_price: Rupiah
    makers: Annotated[list[MakerWeight], Field(min_length=1, max_length=20)]
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] | None = None
    story: Text | None = None


class ReviewSubmission(Command[Review], wire="catalog.ReviewSubmission.v1"):
    """A juror's scores for every criterion, 0 to 10. One review for each juror and submission."""

    submission_id: UUID
    scores: dict[Criterion, Score]
    comment: Text | None = None


class DecideSubmission(Command[Submission], wire="catalog.DecideSubmission.v1"):
    """Approve (with a price; the SKU is made unless given), ask for changes or reject (with reasons)."""

    submission_id: UUID
    verdict: Verdict
    reasons: list[Reason] = Field(default_factory=list, max_length=20)
    price: Rupiah | None = None
    price_from: Moment | None = None
    sku: Sku | None = None


class ListSubmissions(Page[Submissions], wire="catalog.ListSubmissions.v1"):
    state: str | None = None


class ListProducts(Page[Products], wire="catalog.ListProducts.v1"):
    craft: Craft | None = None
    maker_id: UUID | None = None


class GetProduct(Query[Product], wire="catalog.GetProduct.v1"):
    sku: Sku


class SetPrice(Command[Product], wire="catalog.SetPrice.v1"):
    sku: Sku
    price: Rupiah
    valid_from: Moment


EVENTS: tuple[type[Event], ...] = (
    ProductSubmitted,
    ProductReviewed,
    ProductApproved,
    ChangesRequested,
    ProductRejected,
    PriceChanged,
)
