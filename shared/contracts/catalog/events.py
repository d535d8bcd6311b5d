"""What the catalog tells the world."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.catalog.terms import MakerWeight, PromoId, PromotionTerms, Reason, Serial, WayForward
from shared.contracts.message import Code, Event, Moment, Name, Rupiah, Sku
from shared.contracts.training import Craft


class ProductSubmitted(Event, wire="catalog.ProductSubmitted.v1", about=("submission_id",)):
    """`round`: 1, and one more each time it is handed in again after changes were asked for."""

    submission_id: UUID
    title: Name
    craft: Craft
    makers: list[MakerWeight]
    round: int = 1


class ProductReviewed(Event, wire="catalog.ProductReviewed.v1", about=("submission_id",)):
    """A juror's scores are in. `score` is the weighted mean of this review, 0 to 1000.

    `corrected`: it takes the place of what she said before in the same round.
    """

    submission_id: UUID
    juror: str
    score: int
    round: int = 1
    corrected: bool = False


class JurorAbstained(Event, wire="catalog.JurorAbstained.v1", about=("submission_id",)):
    """She does not judge it in this round; what she said of it before no longer counts."""

    submission_id: UUID
    juror: str
    round: int = 1


class ProductApproved(Event, wire="catalog.ProductApproved.v1", about=("sku",)):
    """`floor`: the lowest that a promotion may lead to."""

    submission_id: UUID
    sku: Sku
    title: Name
    craft: Craft
    price: Rupiah
    price_from: Moment
    floor: Rupiah | None = None
    makers: list[MakerWeight]
    round: int = 1


class ChangesRequested(Event, wire="catalog.ChangesRequested.v1", about=("submission_id",)):
    """Not yet: when it is better it is handed in again, as the same submission's next round.

    `reasons`: in plain Indonesian; `reasons_en`: the same in English, as far as it was said in English.
    """

    submission_id: UUID
    title: Name
    reasons: list[Reason]
    makers: list[MakerWeight]
    round: int = 1
    tags: list[Code] = Field(default_factory=list)
    reasons_en: list[Reason] = Field(default_factory=list)
    way_forward: list[WayForward] = Field(default_factory=list)


class ProductRejected(Event, wire="catalog.ProductRejected.v1", about=("submission_id",)):
    """No, with what helps her with her next piece. Otherwise as `ChangesRequested`."""

    submission_id: UUID
    title: Name
    reasons: list[Reason]
    makers: list[MakerWeight]
    round: int = 1
    tags: list[Code] = Field(default_factory=list)
    reasons_en: list[Reason] = Field(default_factory=list)
    way_forward: list[WayForward] = Field(default_factory=list)


class SubmissionWithdrawn(Event, wire="catalog.SubmissionWithdrawn.v1", about=("submission_id",)):
    """The makers take it back before it was decided."""

    submission_id: UUID
    title: Name
    makers: list[MakerWeight]
    round: int = 1


class PriceChanged(Event, wire="catalog.PriceChanged.v1", about=("sku",)):
    """From `valid_from` on, until a later one, the product's price is `price`; no promotion leads below `floor`."""

    sku: Sku
    price: Rupiah
    valid_from: Moment
    floor: Rupiah | None = None


class PromotionScheduled(Event, PromotionTerms, wire="catalog.PromotionScheduled.v1", about=("promo_id",)):
    """A reduction that tills may give, by its `promo_id`."""


class PromotionEnded(Event, wire="catalog.PromotionEnded.v1", about=("promo_id",)):
    """The promotion ends at `ends_at`, earlier than was said before."""

    promo_id: PromoId
    ends_at: Moment


class ProductPaused(Event, wire="catalog.ProductPaused.v1", about=("sku",)):
    """It is not offered for now. What is sold of it all the same counts as ever."""

    sku: Sku
    at: Moment


class ProductResumed(Event, wire="catalog.ProductResumed.v1", about=("sku",)):
    """It is offered again."""

    sku: Sku
    at: Moment


class ProductRetired(Event, wire="catalog.ProductRetired.v1", about=("sku",)):
    """It is never offered again. What is sold of it all the same counts as ever."""

    sku: Sku
    at: Moment


class UnitsLabelled(Event, wire="catalog.UnitsLabelled.v1", about=("sku",)):
    """Each of these serials is one piece of the product."""

    sku: Sku
    serials: Annotated[list[Serial], Field(min_length=1, max_length=500)]


EVENTS: tuple[type[Event], ...] = (
    ProductSubmitted,
    ProductReviewed,
    JurorAbstained,
    ProductApproved,
    ChangesRequested,
    ProductRejected,
    SubmissionWithdrawn,
    PriceChanged,
    PromotionScheduled,
    PromotionEnded,
    UnitsLabelled,
    ProductPaused,
    ProductResumed,
    ProductRetired,
)
