"""Which sale a returned piece belongs to, and what is taken back of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.sales.domain.calendar import business_day, is_ahead
from services.sales.domain.ledger import Parties
from services.sales.domain.split import Run, Totals, total_of
from shared.contracts.outlets import ReturnReported
from shared.errors import Conflict, KaryaError, NotYet, Rejected

Candidates = list[dict[str, Any]]
OriginalLine = tuple[str, int, str]
"""(receipt, line, outlet) as a return names its sale: it does not say which till."""


@dataclass(slots=True)
class Original:
    """A recorded sale with its stored split. `returned` counts the pieces of each run that came back so far."""

    no: int
    sale_id: UUID
    till: str
    sku: str
    makers: tuple[UUID, ...]
    parties: Parties
    runs: tuple[Run, ...]
    returned: list[int]

    @property
    def left(self) -> int:
        """Pieces that the buyers still have."""
        return sum([run.units for run in self.runs]) - sum(self.returned)

    def take_back(self, quantity: int) -> tuple[int, ...]:
        """Counts pieces as returned, the first run first; how many of each run. `quantity` is at most `left`."""
        taken = []
        for run, before in zip(self.runs, self.returned, strict=True):
            taken.append(min(run.units - before, quantity))
            quantity -= taken[-1]
        self.returned = [before + units for before, units in zip(self.returned, taken, strict=True)]
        return tuple(taken)


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A return as it will be booked; `taken`: pieces of each run of the sale."""

    day: date
    original: Original
    taken: tuple[int, ...]
    totals: Totals


def original_line(report: ReturnReported) -> OriginalLine | None:
    """The line that the report says was sold; None when it does not say."""
    if report.original_receipt is None or report.original_line is None:
        return None
    return (report.original_receipt, report.original_line, report.outlet)


def judge(
    report: ReturnReported, originals: Mapping[OriginalLine, Sequence[Original]], now: datetime
) -> ReturnedLine | KaryaError:
    """The return to book, or why it cannot be booked (yet). A booked one is counted in its original."""
    named = original_line(report)
    if is_ahead(report.returned_at, now):
        return Rejected("returned_in_the_future", f"{report.subject} was returned at {report.returned_at.isoformat()}")
    found = _of_same_till(originals.get(named, ()), report.till) if named else ()
    if not found:
        line = f"line {report.original_line} of receipt {report.original_receipt}"
        return NotYet("sale_not_recorded", f"{report.subject}: {line} is not recorded")
    if len(found) > 1:
        return Rejected("original_ambiguous", f"{report.subject}: several tills have such a receipt line")
    return _take_back(report, found[0])


def _take_back(report: ReturnReported, original: Original) -> ReturnedLine | KaryaError:
    if original.sku != report.sku:
        return Conflict("return_of_other_sku", f"{report.subject}: {original.sku} was sold on that line")
    if report.quantity > original.left:
        return Rejected("more_than_sold", f"{report.subject}: {original.left} of that line can still come back")
    taken = original.take_back(report.quantity)
    totals = total_of(zip(taken, original.runs, strict=True))
    return ReturnedLine(business_day(report.returned_at), original, taken, totals)


def _of_same_till(found: Sequence[Original], till: str) -> Sequence[Original]:
    """A receipt number may be used by two tills: the till that takes the piece back means its own first."""
    own = [original for original in found if original.till == till]
    return own or found


def blind(report: ReturnReported, candidates: Candidates) -> Rejected:
    """A return that does not name its sale: a person decides, given the sales it may belong to."""
    return Rejected("return_without_original", f"{report.subject} does not name the sale", candidates=candidates)
