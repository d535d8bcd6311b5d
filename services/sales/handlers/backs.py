"""Takes pieces of sales back, whoever says so: the stored split of the same pieces, reversed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact, Parties, Transfer, post_back
from services.sales.domain.originals import TakenBack
from services.sales.domain.stock import Movement
from services.sales.storage import ledger, originals, stock, units
from services.sales.storage.stock import Moved
from shared.contracts.sales import Share
from shared.db import Tx
from shared.runtime import parked

ALREADY_SOLD = "serial_already_sold"


@dataclass(frozen=True, slots=True)
class Back:
    """One fact that takes pieces back. `kind`: return or void; `outlet`: where the pieces are from now on."""

    no: int
    kind: str
    at: datetime
    outlet: str
    back: TakenBack
    parties: Parties

    def transfers(self) -> list[Transfer]:
        return post_back(Fact(self.no, business_day(self.at)), self.kind, self.parties, self.back.totals)

    def movement(self) -> Movement:
        kind = "returned" if self.kind == "return" else "voided"
        return Movement(self.no, self.at, self.back.quantity, kind, self.outlet, self.back.original.sku)


async def book(tx: Tx, backs: Sequence[Back], now: datetime) -> Moved:
    """Books facts that are recorded. How many pieces each shelf held before and holds now."""
    await originals.mark_taken_back(tx, {back.back.original.no: back.back.original for back in backs}.values())
    await ledger.add_transfers(tx, [transfer for back in backs for transfer in back.transfers()])
    moved = await stock.move_balances(tx, [back.movement() for back in backs if back.back.quantity])
    await _free_units(tx, backs, now)
    return moved


async def _free_units(tx: Tx, backs: Sequence[Back], now: datetime) -> None:
    """A piece that is back can be sold again; who claimed to have sold it meanwhile may be right after all."""
    by_serial = {back.back.original.serial: back for back in backs if back.back.original.serial}
    if not by_serial:
        return
    known = await units.lock_units(tx, [serial for serial in by_serial if serial])
    freed = [
        unit.come_back(by_serial[unit.serial].no, by_serial[unit.serial].outlet, by_serial[unit.serial].at)
        for unit in known.values()
        if unit.is_sold_by(by_serial[unit.serial].back.original.no)
    ]
    await units.mark_units(tx, freed)
    await parked.wake(tx, ALREADY_SOLD, now, serials=list(known))


def shares_of(back: TakenBack) -> list[Share]:
    """What is taken back of each maker."""
    return [
        Share(maker_id=maker, amount=amount)
        for maker, amount in zip(back.original.makers, back.totals.makers, strict=True)
    ]
