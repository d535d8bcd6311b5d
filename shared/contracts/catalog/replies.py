"""What the catalog answers."""

from uuid import UUID

from pydantic import Field

from shared.contracts.catalog.photos import Photo
from shared.contracts.catalog.terms import Criterion, MakerWeight, Price, PromotionTerms, Score, Serial
from shared.contracts.message import Moment, Name, Part, Rupiah, Sku
from shared.contracts.training import Craft


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


class Product(Part):
    """`price` and `floor` are those of now; `prices`: all it had, has and will have.

    `state`: active, paused, retired. `story_id`, `story_en`: what buyers read, in Indonesian and in English.
    """

    sku: Sku
    submission_id: UUID
    title: Name
    craft: Craft
    technique: str
    material: str
    price: Rupiah
    floor: Rupiah | None = None
    prices: list[Price]
    makers: list[MakerWeight]
    state: str = "active"
    hours: int | None = None
    story_id: str | None = None
    story_en: str | None = None
    photos: list[Photo] = Field(default_factory=list)
    approved_at: Moment


class Products(Part):
    items: list[Product]
    next: str | None


class Promotion(PromotionTerms):
    """`state`: scheduled, running, ended. `ends_at`: when it was made to end, earlier than `valid_to`."""

    state: str
    ends_at: Moment | None
    scheduled_at: Moment


class Promotions(Part):
    items: list[Promotion]
    next: str | None


class Unit(Part):
    """One piece. `story_url`: where its buyer reads who made it."""

    serial: Serial
    sku: Sku
    story_url: str
    labelled_at: Moment


class Units(Part):
    items: list[Unit]
    next: str | None
