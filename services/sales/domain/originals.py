"""A recorded sale, and what of it has been taken back so far."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.sales.domain.ledger import Parties
from services.sales.domain.split import Run, Totals, total_of


@dataclass(slots=True)
class Original:
    """A sale with its stored split. `taken_back` counts the pieces of each run that came back so far."""

    no: int
    sale_id: UUID
    outlet: str
    till: str
    receipt: str
    line: int
    sku: str
    serial: str | None
    sold_at: datetime
    voided: bool
    makers: tuple[UUID, ...]
    parties: Parties
    runs: tuple[Run, ...]
    taken_back: list[int]

    @property
    def left(self) -> int:
        """Pieces that the buyers still have."""
        return sum([run.units for run in self.runs]) - sum(self.taken_back)

    def take_back(self, quantity: int) -> "TakenBack":
        """Counts pieces as taken back, the first run first. `quantity` is at most `left`."""
        wanted, taken = quantity, []
        for run, before in zip(self.runs, self.taken_back, strict=True):
            taken.append(min(run.units - before, wanted))
            wanted -= taken[-1]
        self.taken_back = [before + units for before, units in zip(self.taken_back, taken, strict=True)]
        totals = total_of(zip(taken, self.runs, strict=True))
        return TakenBack(self, quantity, tuple(taken), totals)

    def paid_out_by(self, receivable: int) -> Parties:
        """Who gives back when the outlet with this account hands the buyer the money: commission stays where it was."""
        return self.parties._replace(receivable=receivable)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Pieces of a sale that come back: how many of each run, and what is taken back of whom."""

    original: Original
    quantity: int
    taken: tuple[int, ...]
    totals: Totals
