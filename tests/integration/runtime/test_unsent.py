"""What the relay is to send: everything in the outbox, in order, whoever wrote it."""

import asyncio

import pytest

from shared.contracts.sales import StockDeficitCleared
from shared.db import Pool
from shared.runtime import outbox
from shared.runtime.envelope import now
from shared.runtime.recent import Recent
from tests.conftest import OpenDatabase


@pytest.fixture
async def pool(database: OpenDatabase) -> Pool:
    return await database("probe")


async def write(pool: Pool, *skus: str, fails: bool = False) -> None:
    async with pool.acquire() as tx:
        transaction = tx.transaction()
        await transaction.start()
        await outbox.put_own(tx, "probe", [StockDeficitCleared(outlet="citos", sku=sku) for sku in skus], now())
        await (transaction.rollback() if fails else transaction.commit())


async def unsent(pool: Pool, limit: int = 100) -> list[str]:
    async with pool.acquire() as tx, tx.transaction():
        events = await outbox.list_unsent(tx, limit)
    logged = {row["envelope"] for row in await pool.fetch("SELECT envelope FROM event_log")}
    assert {event.type for event in events} <= {StockDeficitCleared.wire}
    assert {event.envelope for event in events} <= logged
    assert [event.seq for event in events] == sorted(event.seq for event in events)
    return [event.envelope.partition('"sku":"')[2][:8] for event in events]


async def test_what_others_wrote_is_sent_in_order_with_what_was_written_here(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = Recent(10_000), Recent(10_000)
    for number, memory in enumerate([here, elsewhere, here, elsewhere]):
        monkeypatch.setattr(outbox, "RECENT", memory)
        await write(pool, f"BTK-000{number}")
    monkeypatch.setattr(outbox, "RECENT", here)

    assert await unsent(pool) == ["BTK-0000", "BTK-0001", "BTK-0002", "BTK-0003"]


async def test_it_is_there_still_when_it_could_not_be_sent_or_was_forgotten(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "RECENT", Recent(500))
    await write(pool, *[f"BTK-000{number}" for number in range(5)])
    every = await unsent(pool)

    assert every == [f"BTK-000{number}" for number in range(5)]
    assert await unsent(pool, 2) == every[:2]
    assert await unsent(pool) == every


async def test_what_was_rolled_back_is_never_sent(pool: Pool) -> None:
    await write(pool, "BTK-0007", fails=True)
    assert await unsent(pool) == []


async def test_what_is_sent_is_read_no_more(pool: Pool) -> None:
    await write(pool, "BTK-0007", "BTK-0008")
    asked: list[str] = []
    async with pool.acquire() as tx, tx.transaction():
        tx.add_query_logger(lambda query: asked.append(query.query))
        assert len(await outbox.list_unsent(tx, 100)) == 2
        await asyncio.sleep(0)  # the driver tells its loggers a moment later
    assert any("outbox" in query for query in asked)
    assert not any("event_log" in query for query in asked)
