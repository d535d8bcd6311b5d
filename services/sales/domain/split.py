"""The split of a receipt line: who gets what of every single piece, in whole rupiah."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.sales.domain.pricing import NO_BURDEN, NO_PRICING, WHOLE, Burden, Funding, Pricing, bear
from shared.money import apportion


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with an outlet from the start of `valid_from` on; shares in basis points."""

    valid_from: date
    outlet_bps: int
    programme_bps: int


@dataclass(frozen=True, slots=True)
class Run:
    """Equal pieces: what one of them cost the buyer and gave to whom. `makers` is in the product's order.

    `burden`: what it was sold for less than it should cost, and who bears that.
    """

    units: int
    net: int
    outlet: int
    programme: int
    makers: tuple[int, ...]
    burden: Burden = field(default=NO_BURDEN, compare=False)


class Totals(NamedTuple):
    """What several pieces together gave to whom."""

    net: int
    outlet: int
    programme: int
    makers: tuple[int, ...]


def split_line(
    quantity: int, net: int, terms: Terms, weights: Sequence[int], pricing: Pricing = NO_PRICING
) -> tuple[Run, ...]:
    """The pieces of a line that cost `net` together, after its discount.

    A rupiah that cannot be divided goes to the first pieces, so there are at most two kinds of them.
    """
    low, dearer = divmod(net, quantity)
    if not dearer:
        return (_run(quantity, low, terms, weights, pricing),)
    return (
        _run(dearer, low + 1, terms, weights, pricing),
        _run(quantity - dearer, low, terms, weights, pricing),
    )


def _run(units: int, net: int, terms: Terms, weights: Sequence[int], pricing: Pricing) -> Run:
    burden = bear(net, pricing)
    funding = pricing.promotion.funding if pricing.promotion else None
    outlet, programme = _shares(net, terms, burden, funding)
    rest = net - outlet - programme
    if rest < 0:
        # Makers never pay for a promotion out of their pockets: what is more than their part, the programme bears.
        programme, rest = programme + rest, 0
    makers = (rest,) if len(weights) == 1 else tuple(apportion(rest, weights))
    return Run(units, net, outlet, programme, makers, burden)


def _shares(net: int, terms: Terms, burden: Burden, funding: Funding | None) -> tuple[int, int]:
    """Of outlet and programme, rounded down, so that what is left over is always the makers'.

    They are reckoned on what the piece should have cost; then each who bears a part of the difference pays it.
    """
    base = net + burden.outlet + (burden.promotion if funding else 0)
    outlet = base * terms.outlet_bps // WHOLE - burden.outlet
    programme = base * terms.programme_bps // WHOLE
    if funding and burden.promotion:
        makers_part = burden.promotion * funding.makers // WHOLE
        programme_part = burden.promotion * funding.programme // WHOLE
        programme -= programme_part
        outlet -= burden.promotion - programme_part - makers_part
    return outlet, programme


def total(runs: Sequence[Run]) -> Totals:
    """What all pieces of a line gave."""
    return total_of([(run.units, run) for run in runs])


def total_of(parts: Iterable[tuple[int, Run]]) -> Totals:
    """What so many pieces of each run gave. There is at least one part."""
    net = outlet = programme = 0
    makers: list[int] = []
    for units, run in parts:
        net += units * run.net
        outlet += units * run.outlet
        programme += units * run.programme
        shares = [units * share for share in run.makers]
        makers = [a + b for a, b in zip(makers, shares, strict=True)] if makers else shares
    return Totals(net, outlet, programme, tuple(makers))
