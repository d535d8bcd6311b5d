"""Every event that makers are told of becomes notices: the whole batch in one statement."""

from collections.abc import Sequence
from typing import Any

from services.notify import domain, storage
from shared.db import Tx
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome


async def tell_makers(events: Sequence[Received[Any]], tx: Tx) -> list[Outcome]:
    """Writes the notices down; the sender does the rest."""
    new = [notice for event in events for notice in domain.notices(event.id, event.data, event.now)]
    await storage.add_notices(tx, new)
    return []
