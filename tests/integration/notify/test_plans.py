"""Whoever sends notices looks them up, however many there were when PostgreSQL last counted."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from services.notify import storage
from services.notify.domain import NewNotice, Template
from shared.db import Tx
from shared.runtime.envelope import new_id, now
from tests.integration.notify.conftest import Notify
from tests.integration.plans import Explained, list_large

NOTICES = 30_000


async def test_whoever_sends_reads_no_table_whole(notify_alone: Notify) -> None:
    at = now()
    async with notify_alone.pool.acquire() as tx:
        await storage.add_notices(
            tx, [NewNotice(new_id(), UUID(int=1), Template.ITEM_SOLD, {}, at) for _ in range(NOTICES)]
        )
        await tx.execute("ANALYZE")
        await tx.execute("DELETE FROM due WHERE seq > (SELECT min(seq) FROM due)")
        asking = Explained(tx, await list_large(tx))

        claimed = await storage.claim_due(cast("Tx", asking), at, at + timedelta(seconds=9), 200)

    assert len(claimed) == 1
    assert "notice" in asking.large
    assert asking.whole == []
