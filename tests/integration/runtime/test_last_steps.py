"""What a handler leaves for the end of its transaction comes after all else, and is undone like all else."""

from collections.abc import Sequence

import pytest

from shared.contracts.outlets import SaleReported
from shared.contracts.sales import StockDeficitCleared, StockDeficitRaised
from shared.db import Pool, Tx
from shared.errors import Rejected, Unavailable
from shared.runtime.envelope import Received, now
from shared.runtime.handler import Caused, Last, Outcome
from shared.runtime.store import Store, silent
from tests.conftest import OpenDatabase
from tests.integration.runtime.test_store import bring, counts
from tests.unit.runtime.test_decode import a_report

Reports = Sequence[Received[SaleReported]]


@pytest.fixture
async def pool(database: OpenDatabase) -> Pool:
    return await database("probe")


class Clerk:
    """Writes reports down, and last of all looks what was written by then."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.in_outbox: list[int] = []
        self.away = False
        self.store = Store("probe", {SaleReported: self.record}, silent, now)

    async def record(self, batch: Reports, tx: Tx) -> list[Outcome | Last]:
        self.asked.append(len(batch))
        await tx.executemany("INSERT INTO entry VALUES ($1, $2, 1)", [(m.id, m.data.receipt) for m in batch])
        said = [Caused(m, StockDeficitRaised(outlet="citos", sku=m.data.sku, missing=1)) for m in batch]

        async def look(tx: Tx) -> list[Caused]:
            self.in_outbox.append(await tx.fetchval("SELECT count(*) FROM outbox"))
            if self.away:
                raise Unavailable("catalog_away", "try again")
            if any(m.data.receipt == "wet" for m in batch):
                raise Rejected("wet", "nobody can read it")
            return [Caused(batch[0], StockDeficitCleared(outlet="citos", sku=batch[0].data.sku))]

        return [*said, Last(look)]


def reports(*receipts: str) -> list[dict[str, object]]:
    return [a_report(receipt=name) | {"id": name} for name in receipts]


async def types(pool: Pool) -> list[str]:
    rows = await pool.fetch("SELECT l.type FROM outbox o JOIN event_log l USING (day, id) ORDER BY o.seq")
    return [row["type"].split(".")[1] for row in rows]


async def test_it_is_done_when_all_is_written_and_what_it_causes_is_sent_too(pool: Pool) -> None:
    clerk = Clerk()
    await bring(clerk.store, pool, *reports("one", "two"))

    assert (clerk.asked, clerk.in_outbox) == ([2], [2])
    assert await types(pool) == ["StockDeficitRaised", "StockDeficitRaised", "StockDeficitCleared"]


async def test_when_it_fails_the_guilty_message_is_found_and_nothing_happens_twice(pool: Pool) -> None:
    clerk = Clerk()
    await bring(clerk.store, pool, *reports("one", "wet", "two"))

    assert await counts(pool) == {"entries": 2, "parked": 1, "ignored": 0}
    assert clerk.asked == [3, 3, 1, 2, 1, 1]
    assert sorted(await types(pool)) == ["StockDeficitCleared"] * 2 + ["StockDeficitRaised"] * 2


async def test_when_a_server_is_away_nothing_has_happened(pool: Pool) -> None:
    clerk = Clerk()
    clerk.away = True

    with pytest.raises(Unavailable):
        await bring(clerk.store, pool, *reports("one"))
    assert await counts(pool) == {"entries": 0, "parked": 0, "ignored": 0}
    assert await types(pool) == []
