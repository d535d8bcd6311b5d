"""Whether a reported sale can be booked, and what it gives to whom."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.calendar import business_day, is_ahead
from services.sales.domain.ledger import Parties
from services.sales.domain.pricing import NO_PRICES, PriceList, Pricing, Promotion, Sold, price_sale, remark
from services.sales.domain.split import Run, Terms, Totals, split_line, total
from shared.contracts.outlets import SaleReported
from shared.errors import KaryaError, NotYet, Rejected
from shared.money import rupiah

MOST = 1_000_000_000_000
"""Rupiah that a line may come to. More is a slip of the till; a hundred such lines would be more than books can sum."""


@dataclass(frozen=True)
class Outlet:
    """An outlet's accounts (with the programme's) and its agreements, the oldest first."""

    receivable: int
    commission: int
    programme: int
    agreements: tuple[Terms, ...]

    @cached_property
    def _starts(self) -> list[date]:
        return [terms.valid_from for terms in self.agreements]

    def terms_on(self, day: date) -> Terms | None:
        """What was agreed for this day; None before the first agreement."""
        position = bisect_right(self._starts, day)
        return self.agreements[position - 1] if position else None


@dataclass(frozen=True, slots=True)
class Product:
    """Who made it: three columns of the same length, in the product's order. And what it should cost."""

    makers: tuple[UUID, ...]
    accounts: tuple[int, ...]
    weights: tuple[int, ...]
    prices: PriceList = NO_PRICES
    craft: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the outlets (by code), products (by SKU) and promotions (by id) that a batch names."""

    outlets: Mapping[str, Outlet]
    products: Mapping[str, Product]
    promotions: Mapping[str, Promotion] = field(default_factory=dict)


class Worth(NamedTuple):
    """What a line gives to whom. `promo_cost` and `outlet_bears`: of the whole line, in rupiah."""

    runs: tuple[Run, ...]
    totals: Totals
    promo_cost: int
    outlet_bears: int
    remarks: tuple[str, ...]


class SoldLine(NamedTuple):
    """A line as it will be booked. `promo_cost` and `outlet_bears`: of the whole line, in rupiah."""

    day: date
    terms: Terms
    makers: tuple[UUID, ...]
    parties: Parties
    list_price: int | None
    runs: tuple[Run, ...]
    totals: Totals
    promo_cost: int
    outlet_bears: int
    remarks: tuple[str, ...]


def judge(report: SaleReported, known: Known, now: datetime) -> SoldLine | KaryaError:
    """The line to book, or why it cannot be booked (yet)."""
    net = report.quantity * report.unit_price - report.discount
    slip = _slip(report, net, now)
    if slip:
        return slip
    outlet, product = known.outlets.get(report.outlet), known.products.get(report.sku)
    if outlet is None:
        return NotYet("outlet_unknown", f"no outlet {report.outlet} is registered")
    if product is None:
        return NotYet("sku_unknown", f"no product {report.sku} is approved")
    day = business_day(report.sold_at)
    terms = outlet.terms_on(day)
    if terms is None:
        return NotYet("agreement_missing", f"nothing is agreed with {report.outlet} for {day}")
    pricing = _pricing(report, product, known)
    parties = Parties(outlet.receivable, outlet.commission, outlet.programme, product.accounts)
    list_price = pricing.listed.price if pricing.listed else None
    worth = work_out(report.quantity, net, terms, product.weights, pricing)
    return SoldLine(day, terms, product.makers, parties, list_price, *worth)


@lru_cache(maxsize=4096)
def work_out(quantity: int, net: int, terms: Terms, weights: tuple[int, ...], pricing: Pricing) -> Worth:
    """What a line gives. Remembered: what sells is nearly always sold one by one, at its price."""
    runs = split_line(quantity, net, terms, weights, pricing)
    said = remark(runs[-1].net, runs[0].net, pricing)
    return Worth(
        runs,
        total(runs),
        promo_cost=sum([run.units * run.burden.promotion for run in runs]),
        outlet_bears=sum([run.units * run.burden.outlet for run in runs]),
        remarks=(said,) if said else (),
    )


def _slip(report: SaleReported, net: int, now: datetime) -> Rejected | None:
    """What cannot be true whatever is known."""
    if net < 0:
        return Rejected("discount_exceeds_price", f"{report.subject}: the discount is more than the price")
    if net > MOST:
        return Rejected("amount_implausible", f"{report.subject} comes to more than {rupiah(MOST)}")
    if is_ahead(report.sold_at, now):
        return Rejected("sold_in_the_future", f"{report.subject} was sold at {report.sold_at.isoformat()}")
    return None


def _pricing(report: SaleReported, product: Product, known: Known) -> Pricing:
    """The list price and the promotion of the moment of sale, whenever it is told of."""
    listed = product.prices.at(report.sold_at)
    if report.promo_id is None:
        return Pricing(listed)
    sold = Sold(report.sold_at, report.outlet, report.sku, product.craft)
    return price_sale(listed, report.promo_id, known.promotions.get(report.promo_id), sold)
