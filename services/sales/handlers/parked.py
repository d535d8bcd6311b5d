"""Tells that a till's report waits."""

from shared.contracts.message import Event
from shared.contracts.sales import ReportParked
from shared.runtime.envelope import AT_HOME
from shared.runtime.parked import ParkedMessage


def report_parked(message: ParkedMessage) -> Event | None:
    """Only of what tills reported: the rest is the operators' business. What cannot be read is not repeated."""
    if message.arrival == AT_HOME:
        return None
    return ReportParked(
        parked_id=message.id,
        report_type=message.type if message.cause else "unreadable",
        report=message.subject if message.cause else "",
        kind=message.error.kind,
        code=message.error.code,
        state="waiting" if message.state == "waiting" else "person",
    )
