"""The split of a receipt line: who gets what of every single piece, in whole rupiah."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shared.money import apportion

WHOLE = 10_000
"""100 % in basis points."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with an outlet from the start of `valid_from` on; shares in basis points."""

    valid_from: date
    outlet_bps: int
    programme_bps: int


@dataclass(frozen=True, slots=True)
class Run:
    """Equal pieces: what one of them cost the buyer and gave to whom. `makers` is in the product's order."""

    units: int
    net: int
    outlet: int
    programme: int
    makers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """What several pieces together gave to whom."""

    net: int
    outlet: int
    programme: int
    makers: tuple[int, ...]


def split_line(quantity: int, net: int, terms: Terms, weights: Sequence[int]) -> tuple[Run, ...]:
    """The pieces of a line that cost `net` together, after its discount.

    A rupiah that cannot be divided goes to the first pieces, so there are at most two kinds of them.
    """
    low, dearer = divmod(net, quantity)
    if not dearer:
        return (_split_piece(quantity, low, terms, weights),)
    return (
        _split_piece(dearer, low + 1, terms, weights),
        _split_piece(quantity - dearer, low, terms, weights),
    )


def _split_piece(units: int, net: int, terms: Terms, weights: Sequence[int]) -> Run:
    """Outlet and programme are rounded down, so that what is left over is always the makers'."""
    outlet = net * terms.outlet_bps // WHOLE
    programme = net * terms.programme_bps // WHOLE
    rest = net - outlet - programme
    makers = (rest,) if len(weights) == 1 else tuple(apportion(rest, weights))
    return Run(units, net, outlet, programme, makers)


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
