"""What makers are told of payouts: that they wait for an outlet, that money has gone to them, or has not arrived."""

from typing import Any
from uuid import UUID

from shared.contracts.sales.paying import PayoutLinesFailed
from shared.contracts.sales.remittances import MakersWaiting
from shared.contracts.sales.settlement import PayoutPaid

Told = tuple[UUID, dict[str, Any]]


def of_waiting(waiting: MakersWaiting) -> list[Told]:
    """Nobody is to blame: she hears why it takes longer."""
    params = {"outlet": waiting.outlet, "through": waiting.through.isoformat()}
    return [(share.maker_id, params | {"amount": share.amount}) for share in waiting.shares]


def of_payout(paid: PayoutPaid) -> list[Told]:
    """Each maker hears her own amount."""
    params = {"cooperative": paid.cooperative, "paid_at": paid.paid_at.isoformat()}
    return [(line.maker_id, params | {"amount": line.amount}) for line in paid.lines]


def of_failure(failed: PayoutLinesFailed) -> list[Told]:
    """It is looked after, and nothing that she has to mend."""
    params = {"cooperative": failed.cooperative, "failed_at": failed.failed_at.isoformat()}
    return [(row.maker_id, params | {"amount": row.amount}) for row in failed.rows if row.maker_id]
