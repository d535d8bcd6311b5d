"""Which sale a returned piece belongs to, and whether it can come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.sales.domain.calendar import CLOCKS_DIFFER, business_day, is_ahead
from services.sales.domain.originals import Original, TakenBack
from services.sales.domain.units import piece_of
from shared.contracts.outlets import ReturnReported
from shared.errors import Conflict, KaryaError, NotYet, Rejected

Candidates = list[dict[str, Any]]
SoldAs = tuple[str, int, str]
"""(receipt, line, outlet) as a return names its sale; the till may be named apart."""

PATIENCE = timedelta(days=3)
"""How long a return or a void waits for its sale: as long as a till may be offline. Then a person looks."""


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A return as it will be booked."""

    day: date
    back: TakenBack


def sold_as(report: ReturnReported) -> SoldAs | None:
    """The line that the report says was sold; None when it does not say."""
    if report.original_receipt is None or report.original_line is None:
        return None
    return (report.original_receipt, report.original_line, report.original_outlet or report.outlet)


def piece_named(report: ReturnReported) -> str | None:
    """The piece that the report names; an outlet's own serial means the outlet that sold it."""
    return piece_of(report.original_outlet or report.outlet, report.serial)


def judge(report: ReturnReported, found: Sequence[Original], now: datetime) -> ReturnedLine | KaryaError:
    """The return to book, or why it cannot be booked (yet). A booked one is counted in its original.

    `found`: the recorded sales that the report's line, or its serial, may mean.
    """
    if is_ahead(report.returned_at, now):
        return Rejected("returned_in_the_future", f"{report.subject} was returned at {report.returned_at.isoformat()}")
    meant = meant_of(found, report)
    if not meant:
        missing = f"{report.subject}: {_named(report)} is not recorded{_elsewhere(found)}"
        return NotYet("sale_not_recorded", missing, patience=PATIENCE)
    if len(meant) > 1:
        return Rejected("original_ambiguous", f"{report.subject}: several tills have such a receipt line")
    return _take_back(report, meant[0])


def meant_of(found: Sequence[Original], report: ReturnReported) -> Sequence[Original]:
    """Which of these sales the report's line, or else its serial, means; more than one: it does not say enough."""
    return _of_till(found, report) if sold_as(report) else _of_piece(found, report)


def _take_back(report: ReturnReported, original: Original) -> ReturnedLine | KaryaError:
    refusal = _contradiction(report, original)
    if refusal:
        return refusal
    return ReturnedLine(business_day(report.returned_at), original.take_back(report.quantity))


def _contradiction(report: ReturnReported, original: Original) -> KaryaError | None:
    if original.sku != report.sku:
        return Conflict("return_of_other_sku", f"{report.subject}: {original.sku} was sold on that line")
    piece = piece_of(original.outlet, report.serial)
    if piece and original.serial and piece != original.serial:
        return Conflict("return_of_other_serial", f"{report.subject}: piece {original.serial} was sold on that line")
    if original.sold_at - report.returned_at > CLOCKS_DIFFER:
        return Conflict("returned_before_sold", f"{report.subject}: sold at {original.sold_at.isoformat()}")
    if original.voided:
        return Conflict("sale_voided", f"{report.subject}: that sale has been taken back whole")
    if report.quantity > original.left:
        return Rejected("more_than_sold", f"{report.subject}: {original.left} of that line can still come back")
    return None


def _of_till(found: Sequence[Original], report: ReturnReported) -> Sequence[Original]:
    """Two tills may use the same receipt numbers. A till that names none means its own line, also when only another
    till's is recorded so far: its own may be on its way. Who takes back what another outlet sold has no such line.
    """
    if report.original_outlet not in (None, report.outlet) and not report.original_till:
        return found
    till = report.original_till or report.till
    return [original for original in found if original.till == till]


def _of_piece(found: Sequence[Original], report: ReturnReported) -> Sequence[Original]:
    """A piece may have been sold and brought back before: its last sale until then that has not come back."""
    until = [one for one in found if one.left and one.sold_at - report.returned_at <= CLOCKS_DIFFER]
    return sorted(until, key=lambda original: original.sold_at)[-1:]


def _elsewhere(found: Sequence[Original]) -> str:
    """For a person who looks at a return that still waits."""
    tills = sorted({original.till for original in found})
    return f" of its own till; there is such a line of {', '.join(tills)}" if tills else ""


def _named(report: ReturnReported) -> str:
    if sold_as(report) is None:
        return f"a sale of piece {report.serial}"
    return f"line {report.original_line} of receipt {report.original_receipt}"


def blind(report: ReturnReported, candidates: Candidates) -> Rejected:
    """A return that does not name its sale: a person decides, given the sales it may belong to."""
    return Rejected("return_without_original", f"{report.subject} does not name the sale", candidates=candidates)
