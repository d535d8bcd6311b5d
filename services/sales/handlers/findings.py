"""A person has looked at a finding and says what it was."""

from services.sales.domain.findings import settled, show
from services.sales.storage import findings as storage
from shared.contracts.message import Event
from shared.contracts.sales.tills import Finding, SettleFinding
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received


async def settle_finding(command: Received[SettleFinding], tx: Tx) -> tuple[Finding, list[Event]]:
    """Raises NotFound; Rejected when it is settled already, by whoever was quicker."""
    told = command.data
    done = await storage.settle_findings(tx, [told.finding_id], command.actor, told.note, command.now)
    row = await storage.get_finding(tx, told.finding_id)
    if row is None:
        raise NotFound("finding_unknown", f"there is no finding {told.finding_id}")
    if not done:
        raise Rejected("finding_settled", f"this was settled on {row['settled_at']:%Y-%m-%d} by {row['settled_by']}")
    return show(dict(row)), [settled(done[0], command.actor, command.now)]
