"""The words of the catalog's messages: crafts are judged by criteria, makers share by weight, reductions are funded."""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.message import BasisPoints, Code, Moment, Name, Part, Rupiah, Sku
from shared.contracts.training import Craft

WHOLE = 10_000
"""100 % in basis points."""

Weight = Annotated[int, Field(strict=True, ge=1, le=10_000)]
"""A co-maker's share of the makers' part, relative to the others'."""

Score = Annotated[int, Field(strict=True, ge=0, le=10)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

PromoId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""What a till sends with what it sells at a promotion's price."""

Discount = Annotated[int, Field(strict=True, ge=1, le=9000)]
"""What is taken off a price, in basis points: 1500 is 15 %."""

Serial = Annotated[str, StringConstraints(pattern=r"^29[0-9]{11}$")]
"""The EAN-13 of one piece, in the range that is free for use inside a house."""


CriterionCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
"""What a juror looks at: a code with a weight in the criteria that judge the submission."""

Link = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^https?://\S+$", max_length=500)]
Advice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
Certificate = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=64)]
"""The number of a halal certificate."""


class Criterion(StrEnum):
    """The criteria that the programme began with. Others may be added: what counts are the dated criteria."""

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


class WayKind(StrEnum):
    """How a maker gets from a no to a yes."""

    REMEDIAL_SESSION = "remedial-session"
    EXAMPLE = "example"
    ADVICE = "advice"


class WayForward(Part):
    """One step from a no to a yes, in plain Indonesian and perhaps in English.

    `cohort_id`: the remedial session's; `link`: where an example is to be seen.
    """

    kind: WayKind
    text: Advice
    text_en: Advice | None = None
    cohort_id: UUID | None = None
    link: Link | None = None


class MakerWeight(Part):
    maker_id: UUID
    weight: Weight = 1


class FundedBy(Part):
    """Who pays what of a reduction, in basis points of it: 10000 together."""

    outlet_bps: BasisPoints
    programme_bps: BasisPoints
    makers_bps: BasisPoints

    @model_validator(mode="after")
    def _is_whole(self) -> "FundedBy":
        if self.outlet_bps + self.programme_bps + self.makers_bps != WHOLE:
            raise ValueError(f"outlet_bps, programme_bps and makers_bps must be {WHOLE} together")
        return self


Funding: TypeAlias = Literal["everyone"] | FundedBy
"""`everyone`: the reduced price is split as any other."""


class PromotionTerms(Part):
    """What is reduced, by how much, where, when, and who pays for it. Empty lists: all of them.

    Valid from `valid_from` until before `valid_to`. A product must fit `skus` and `crafts`.
    """

    promo_id: PromoId
    title: Name
    discount_bps: Discount
    funded_by: Funding
    skus: list[Sku] = Field(default_factory=list, max_length=500)
    crafts: list[Craft] = Field(default_factory=list, max_length=20)
    outlets: list[Code] = Field(default_factory=list, max_length=500)
    valid_from: Moment
    valid_to: Moment


class Price(Part):
    """From `valid_from` on, until a later one. `floor`: the lowest that a promotion may lead to."""

    price: Rupiah
    valid_from: Moment
    floor: Rupiah | None = None
