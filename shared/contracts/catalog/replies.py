"""What the catalog answers."""

from uuid import UUID

from pydantic import Field

from shared.contracts.catalog.photos import Photo
from shared.contracts.catalog.terms import (
    CriterionCode,
    MakerWeight,
    Price,
    PromotionTerms,
    Score,
    Serial,
    WayForward,
)
from shared.contracts.message import Moment, Name, Part, Rupiah, Sku
from shared.contracts.training import Craft


class Review(Part):
    """A juror's scores. `set_aside`: why it does not count (`juror_trained_maker`); null: it counts."""

    juror: str
    scores: dict[CriterionCode, Score]
    score: int
    comment: str | None
    reviewed_at: Moment
    set_aside: str | None = None


class Abstention(Part):
    """A juror who does not judge it, and why."""

    juror: str
    reason: str
    abstained_at: Moment


class Caution(Part):
    """What a coordinator should look at before she decides."""

    code: str
    detail: str


class Submission(Part):
    """As it is in its present `round`. `score`: the mean of the reviews that count, 0 to 1000.

    `state`: submitted, in-review, changes-requested, approved, rejected, withdrawn. `reasons`: in plain Indonesian.
    `blind`: the reader is a juror who has not scored it yet, so makers and other jurors' words are kept from her.
    """

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
    round: int = 1
    criteria_from: Moment | None = None
    contains_animal_material: bool | None = None
    halal_certificate: str | None = None
    what_changed: str | None = None
    tags: list[str] = Field(default_factory=list)
    way_forward: list[WayForward] = Field(default_factory=list)
    abstentions: list[Abstention] = Field(default_factory=list)
    cautions: list[Caution] = Field(default_factory=list)
    decided_at: Moment | None = None
    blind: bool = False


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
