"""What a piece should have cost, and who bears it when it was sold for less."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Funding:
    """Who pays what of a promotion, in basis points of its cost; together the whole."""

    outlet: int
    programme: int
    makers: int


@dataclass(frozen=True, slots=True)
class Promotion:
    """A reduction that was agreed: valid from `valid_from` until before `valid_to`. Empty sets: for all of them.

    Without `funding` everyone bears it in proportion: the reduced price is split as any other.
    """

    discount_bps: int
    funding: Funding | None
    skus: frozenset[str]
    crafts: frozenset[str]
    outlets: frozenset[str]
    valid_from: datetime
    valid_to: datetime
