"""Whether a receipt can be taken back, and which of its lines are."""

from collections.abc import Sequence
from datetime import datetime

from services.sales.domain.calendar import is_ahead
from services.sales.domain.originals import Original
from services.sales.domain.returns import PATIENCE
from services.sales.domain.undone import Returned
from shared.contracts.outlets import VoidReported
from shared.errors import Conflict, KaryaError, NotYet, Rejected

ReceiptKey = tuple[str, str, str]
"""(receipt, outlet, till)."""


def key_of(report: VoidReported) -> ReceiptKey:
    return (report.receipt, report.outlet, report.till)


def judge(
    report: VoidReported, found: Sequence[Original], now: datetime, back: Sequence[Returned] = ()
) -> KaryaError | None:
    """Why the receipt cannot be taken back (yet). `found`, `back`: all recorded lines of it, sold or brought back."""
    if is_ahead(report.voided_at, now):
        return Rejected("voided_in_the_future", f"{report.subject} was voided at {report.voided_at.isoformat()}")
    if not found and not back:
        return NotYet("receipt_not_recorded", f"no line of {report.subject} is recorded", patience=PATIENCE)
    times = [*[original.sold_at for original in found], *[one.returned_at for one in back]]
    if all(at > report.voided_at for at in times):
        return Conflict("voided_before_sold", f"{report.subject}: nothing of it was sold until then")
    return None


def returns_of(voided_at: datetime, back: Sequence[Returned]) -> list[Returned]:
    """What was brought back on the receipt until it was taken back."""
    return [one for one in back if one.returned_at <= voided_at]


def lines_of(voided_at: datetime, found: Sequence[Original]) -> list[Original]:
    """What a void takes back. A till that begins its numbers anew may use a receipt's number again, later."""
    return [original for original in found if not original.voided and original.sold_at <= voided_at]
