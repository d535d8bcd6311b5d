"""A return that its till takes back: the buyer has the pieces again, and what they gave is owed again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.sales.domain.originals import Original, TakenBack
from services.sales.domain.split import total_of
from services.sales.domain.units import AT_OUTLET, SOLD, Unit


@dataclass(frozen=True, slots=True)
class Returned:
    """A recorded return. `taken`: how many of each run of its sale; None: of before that was kept."""

    no: int
    return_id: UUID
    sale: int
    returned_at: datetime
    quantity: int
    outlet: str
    till: str
    receipt: str
    line: int
    taken: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Undone:
    """A return that is taken back: by which void, and what its sale has again."""

    returned: Returned
    receipt: int
    at: datetime
    again: TakenBack


def undo(returned: Returned, original: Original) -> TakenBack:
    """The stored split of the same pieces, sold again. Of a sale that was taken back whole nothing: it is back.

    Counts the pieces in their sale.
    """
    if original.voided:
        return TakenBack(original, 0, (0,) * len(original.runs), total_of([(0, run) for run in original.runs]))
    taken = returned.taken or _first(original.taken_back, returned.quantity)
    original.taken_back = [before - units for before, units in zip(original.taken_back, taken, strict=True)]
    return TakenBack(original, returned.quantity, taken, total_of(zip(taken, original.runs, strict=True)))


def _first(taken_back: Sequence[int], quantity: int) -> tuple[int, ...]:
    """Pieces come back the first run first."""
    left, found = quantity, []
    for units in taken_back:
        found.append(min(units, left))
        left -= found[-1]
    return tuple(found)


def can_be_resold(unit: Unit | None, original: Original) -> bool:
    """Whether the piece may be with the buyer of this sale: it lies at an outlet, or was never thought to be back."""
    return unit is not None and (unit.state == AT_OUTLET or unit.is_sold_by(original.no))


def resell(unit: Unit, original: Original) -> Unit:
    """Its buyer has it, as if it had never come back."""
    return replace(unit, state=SOLD, outlet=original.outlet, cause=original.no, since=original.sold_at, was=None)
