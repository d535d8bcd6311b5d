"""What a piece should have cost, and who bears it when it was sold for less."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

WHOLE = 10_000
"""100 % in basis points."""


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

    def covers(self, sale: "Sold") -> bool:
        """Whether it is for this sale: the moment, the product and the outlet."""
        return (
            self.valid_from <= sale.at < self.valid_to
            and (not self.skus or sale.sku in self.skus)
            and (not self.crafts or sale.craft in self.crafts)
            and (not self.outlets or sale.outlet in self.outlets)
        )


@dataclass(frozen=True, slots=True)
class Sold:
    """What decides whether a promotion covers a sale."""

    at: datetime
    outlet: str
    sku: str
    craft: str | None


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What one piece should cost, and the least that a promotion may make of it, in rupiah."""

    price: int
    floor: int = 0


@dataclass(frozen=True, slots=True)
class PriceList:
    """A product's prices, the oldest first: `starts[i]` is when `prices[i]` begins."""

    starts: tuple[datetime, ...] = ()
    prices: tuple[ListPrice, ...] = ()

    def at(self, moment: datetime) -> ListPrice | None:
        """The price at that moment; before the first one, the first, as in the catalog. None when there is none."""
        position = max(bisect_right(self.starts, moment), 1)
        return self.prices[position - 1] if self.prices else None


NO_PRICES = PriceList()


class Pricing(NamedTuple):
    """What is known of the price of a sale's pieces: the list price then, and the promotion that covers the sale.

    `doubt`: why the promotion that the till named does not count.
    """

    listed: ListPrice | None = None
    promotion: Promotion | None = None
    doubt: str | None = None


NO_PRICING = Pricing()


@dataclass(frozen=True, slots=True)
class Burden:
    """Who bears what of one piece that was sold for less than its list price, in rupiah.

    `promotion`: its cost, borne by who funds it; `outlet`: what the outlet bears alone.
    """

    promotion: int = 0
    outlet: int = 0


NO_BURDEN = Burden()


def price_sale(listed: ListPrice | None, promo_id: str | None, promotion: Promotion | None, sale: Sold) -> Pricing:
    """`promotion`: the one that is called `promo_id`, if there is one."""
    if promo_id is None:
        return Pricing(listed)
    if promotion is None:
        return Pricing(listed, doubt="promo_unknown")
    if not promotion.covers(sale):
        return Pricing(listed, doubt="promo_not_valid")
    return Pricing(listed, promotion)


def bear(net: int, pricing: Pricing) -> Burden:
    """What is missing from the list price of a piece that was sold for `net`."""
    listed = pricing.listed
    if listed is None or net >= listed.price:
        return NO_BURDEN
    missing = listed.price - net
    allowed = min(missing, _allowed(listed, pricing.promotion))
    return Burden(allowed, missing - allowed)


def _allowed(listed: ListPrice, promotion: Promotion | None) -> int:
    if promotion is None:
        return 0
    return min(listed.price * promotion.discount_bps // WHOLE, max(0, listed.price - listed.floor))


def remark(cheapest: int, dearest: int, pricing: Pricing) -> str | None:
    """What a person may want to look at, of a line whose pieces cost `cheapest` to `dearest`; None: all as listed."""
    listed = pricing.listed
    if listed is None or cheapest == dearest == listed.price:
        return None
    if dearest > listed.price:
        return "above_list_price"
    if not bear(cheapest, pricing).outlet:
        return None
    if pricing.promotion is None:
        return pricing.doubt or "below_list_price"
    return "below_floor" if cheapest < listed.floor else "promo_exceeded"
