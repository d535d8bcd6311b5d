"""A suspected duplicate is cleared up when only one of its sales stands."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.sales.domain.findings import BY_ITSELF, settled
from services.sales.storage import findings
from services.sales.storage import twins as storage
from shared.contracts.sales.tills import FindingSettled
from shared.db import Tx

NOTE = "one of the sales was taken back"


async def settle(tx: Tx, voided: Collection[UUID], now: datetime) -> list[FindingSettled]:
    """`voided`: sales that were taken back."""
    single = await storage.list_single(tx, voided)
    done = await findings.settle_findings(tx, single, BY_ITSELF, NOTE, now)
    return [settled(finding, BY_ITSELF, now) for finding in done]
