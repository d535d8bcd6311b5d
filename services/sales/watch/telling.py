"""Opens findings and settles those that are no longer so, and tells of both."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.sales.domain.findings import BY_ITSELF, Finding, opened, settled
from services.sales.storage.findings import open_findings, settle_findings
from shared.contracts.message import Event
from shared.db import Tx


async def open_all(tx: Tx, findings: Sequence[Finding]) -> list[Event]:
    return [opened(one) for one in await open_findings(tx, findings)]


async def cure(tx: Tx, ids: Collection[UUID], note: str, at: datetime) -> list[Event]:
    """Of those that a person settled before nothing is told."""
    return [settled(one, BY_ITSELF, at) for one in await settle_findings(tx, ids, BY_ITSELF, note, at)]
