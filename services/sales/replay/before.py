"""What the first `ItemSold` events did not tell, made from what they do: receipt, price, what single pieces gave."""

from collections.abc import Sequence
from typing import Any

from services.sales.domain.split import Run, Totals
from shared.contracts.sales import ItemSold


def facts_of(told: ItemSold) -> dict[str, Any]:
    """In the place of receipt and price: they come to the same."""
    price = -(-told.net // told.quantity)
    return {"receipt": str(told.sale_id), "unit_price": price, "discount": price * told.quantity - told.net}


def divide(pieces: int, totals: Totals) -> tuple[Run, ...]:
    """A rupiah that could not be divided was of the first pieces; who got more or less of them, by one rupiah."""
    dearer = totals.net % pieces
    if not dearer:
        return (_run(pieces, pieces, totals, (0,) * (3 + len(totals.makers)), 0),)
    more = _more(pieces, dearer, totals)
    return (_run(dearer, pieces, totals, more, pieces - dearer), _run(pieces - dearer, pieces, totals, more, -dearer))


def _more(pieces: int, dearer: int, totals: Totals) -> list[int]:
    """What each party got more of each of the first pieces than of the others: of net, outlet, programme, makers."""
    parts = (totals.net, totals.outlet, totals.programme, *totals.makers)
    more = [(part % pieces != 0) * (1 if part % pieces == dearer else -1) for part in parts]
    # When half of the pieces are dearer, one more and one less leave the same rest; together makers get what is left.
    for maker in reversed(range(3, len(more))):
        if sum(more[1:]) > 1 and more[maker] == 1:
            more[maker] = -1
    return more


def _run(units: int, pieces: int, totals: Totals, more: Sequence[int], others: int) -> Run:
    """`others`: pieces of the other kind; below 0 when those are the dearer ones."""
    parts = (totals.net, totals.outlet, totals.programme, *totals.makers)
    net, outlet, programme, *makers = [(part + by * others) // pieces for part, by in zip(parts, more, strict=True)]
    return Run(units, net, outlet, programme, tuple(makers))
