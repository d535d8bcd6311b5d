"""Takes pieces of sales back, whoever says so: the stored split of the same pieces, reversed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact, Parties, Transfer, post_back
from services.sales.domain.originals import TakenBack
from services.sales.domain.stock import Movement
from services.sales.domain.units import Unit, as_labelled
from services.sales.storage import doubts, ledger, originals, stock, units
from services.sales.storage.doubts import Line
from services.sales.storage.stock import Moved
from shared.contracts.sales import Share
from shared.db import Tx
from shared.runtime import parked

ALREADY_SOLD = "serial_already_sold"


@dataclass(frozen=True, slots=True)
class Back:
    """One fact that takes pieces back. `kind`: return or void; `outlet`: whose shelf they are on from now on.

    `undoes`: a piece with a serial is where it was before the sale, as far as that is known.
    """

    no: int
    kind: str
    at: datetime
    outlet: str
    back: TakenBack
    parties: Parties
    undoes: bool = False

    def transfers(self) -> list[Transfer]:
        return post_back(Fact(self.no, business_day(self.at)), self.kind, self.parties, self.back.totals)

    def movement(self) -> Movement:
        kind = "returned" if self.kind == "return" else "voided"
        return Movement(self.no, self.at, self.back.quantity, kind, self.outlet, self.back.original.sku)


@dataclass(frozen=True, slots=True)
class Booked:
    """How many pieces each shelf held before and holds now; and the sales whose piece is where it was before them."""

    moved: Moved
    put_back: frozenset[int]


async def book(tx: Tx, backs: Sequence[Back], now: datetime) -> Booked:
    """Books facts that are recorded."""
    await originals.mark_taken_back(tx, {back.back.original.no: back.back.original for back in backs}.values())
    await ledger.add_transfers(tx, [transfer for back in backs for transfer in back.transfers()])
    # Pieces before shelves, as who sells them: else two replicas could wait for each other in a circle.
    put_back = await _free_units(tx, backs, now)
    return Booked(await stock.move_balances(tx, [back.movement() for back in backs if back.back.quantity]), put_back)


async def _free_units(tx: Tx, backs: Sequence[Back], now: datetime) -> frozenset[int]:
    """A piece that is back can be sold again; who claimed to have sold it meanwhile may be right after all."""
    by_serial: dict[str, list[Back]] = defaultdict(list)
    for back in backs:
        by_serial[back.back.original.serial or ""].append(back)
    by_serial.pop("", None)
    if not by_serial:
        return frozenset()
    known = await units.lock_units(tx, by_serial)
    freed = [
        (unit, back)
        for unit in known.values()
        for back in by_serial[unit.serial]
        if unit.is_sold_by(back.back.original.no)
    ]
    await units.mark_units(tx, [_freed(unit, back) for unit, back in freed])
    await parked.wake(tx, ALREADY_SOLD, now, serials=[as_labelled(piece) for piece in known])
    return frozenset([back.back.original.no for unit, back in freed if back.undoes and unit.was])


def _freed(unit: Unit, back: Back) -> Unit:
    if back.undoes and unit.was:
        return unit.put_back(back.no, back.at)
    return unit.come_back(back.no, back.outlet, back.at)


async def wake_doubted(tx: Tx, lines: Collection[Line], serials: Collection[str], now: datetime) -> None:
    """Something tells that these came back: sales of them that were doubted may be right, and belong to the past."""
    subjects = await doubts.list_doubted(tx, lines)
    await parked.wake(tx, ALREADY_SOLD, now, serials=serials, subjects=subjects)


def shares_of(back: TakenBack) -> list[Share]:
    """What is taken back of each maker."""
    return [
        Share(maker_id=maker, amount=amount)
        for maker, amount in zip(back.original.makers, back.totals.makers, strict=True)
    ]
