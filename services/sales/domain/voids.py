"""Whether a receipt can be taken back, and which of its lines are."""

from collections.abc import Sequence
from datetime import datetime

from services.sales.domain.calendar import is_ahead
from services.sales.domain.originals import Original
from services.sales.domain.returns import PATIENCE
from shared.contracts.outlets import VoidReported
from shared.errors import Conflict, KaryaError, NotYet, Rejected

ReceiptKey = tuple[str, str, str]
"""(receipt, outlet, till)."""


def key_of(report: VoidReported) -> ReceiptKey:
    return (report.receipt, report.outlet, report.till)


def judge(report: VoidReported, found: Sequence[Original], now: datetime) -> KaryaError | None:
    """Why the receipt cannot be taken back (yet). `found`: all recorded lines of it."""
    if is_ahead(report.voided_at, now):
        return Rejected("voided_in_the_future", f"{report.subject} was voided at {report.voided_at.isoformat()}")
    if not found:
        return NotYet("receipt_not_recorded", f"no line of {report.subject} is recorded", patience=PATIENCE)
    if all(original.sold_at > report.voided_at for original in found):
        return Conflict("voided_before_sold", f"{report.subject}: nothing of it was sold until then")
    return None


def lines_of(voided_at: datetime, found: Sequence[Original]) -> list[Original]:
    """What a void takes back. A till that begins its numbers anew may use a receipt's number again, later."""
    return [original for original in found if not original.voided and original.sold_at <= voided_at]
