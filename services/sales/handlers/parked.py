"""Tells that a till's report waits."""

from shared.contracts.message import Event
from shared.contracts.sales import ReportParked
from shared.runtime.parked import ParkedMessage


def report_parked(message: ParkedMessage) -> Event | None:
    """Only of what tills reported: the rest is the operators' business."""
    if not message.type.startswith("outlet."):
        return None
    return ReportParked(
        parked_id=message.id,
        report_type=message.type,
        report=message.subject,
        kind=message.error.kind,
        code=message.error.code,
    )
