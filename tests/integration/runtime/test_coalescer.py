"""Deliveries share transactions: one at a time, in the order they came, while the next ones are made ready."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from shared.contracts.outlets import SaleReported
from shared.db import Pool, Tx
from shared.runtime.coalescer import Coalescer, Delivery
from shared.runtime.decode import Undecodable
from shared.runtime.envelope import Received, now
from shared.runtime.handler import Outcome
from shared.runtime.store import Store, silent
from tests.conftest import OpenDatabase
from tests.unit.runtime.test_decode import a_report, encoded

LIMIT = 100


class Journal:
    """A handler that notes what each transaction brought, and that no two of them overlap."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self._busy = False

    async def handle(self, batch: Sequence[Received[SaleReported]], tx: Tx) -> list[Outcome]:
        assert not self._busy
        self._busy = True
        await tx.execute("SELECT pg_sleep(0.01)")
        self._busy = False
        self.batches.append([message.data.receipt for message in batch])
        return []


@pytest.fixture
async def pool(database: OpenDatabase) -> Pool:
    return await database("probe")


def a_coalescer(journal: Journal, pool: Pool) -> Coalescer:
    store = Store("probe", {SaleReported: journal.handle}, silent, now)
    return Coalescer("probe.outlets", store, pool, lambda: None, LIMIT)


def bodies(deliveries: int, each: int) -> list[bytes]:
    def item(number: int) -> dict[str, Any]:
        return a_report(receipt=str(number)) | {"id": f"r-{number}"}

    return [encoded(*[item(d * each + n) for n in range(each)]) for d in range(deliveries)]


@pytest.mark.parametrize(("deliveries", "each"), [(250, 1), (20, 30)])
async def test_everything_is_kept_in_its_order_one_transaction_at_a_time(
    pool: Pool, deliveries: int, each: int
) -> None:
    journal = Journal()
    coalescer = a_coalescer(journal, pool)
    await asyncio.gather(*[coalescer.add(Delivery(body, False)) for body in bodies(deliveries, each)])
    assert [receipt for batch in journal.batches for receipt in batch] == [str(n) for n in range(deliveries * each)]
    assert max([len(batch) for batch in journal.batches]) < LIMIT + each


async def test_what_comes_while_a_transaction_runs_shares_the_next_one(pool: Pool) -> None:
    journal = Journal()
    coalescer = a_coalescer(journal, pool)

    async def later(body: bytes, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await coalescer.add(Delivery(body, False))

    await asyncio.gather(*[later(body, 0.0001 * number) for number, body in enumerate(bodies(30, 1))])
    assert 2 <= len(journal.batches) < 15
    assert sum([len(batch) for batch in journal.batches]) == 30


async def test_a_body_that_cannot_be_read_is_told_apart_wherever_it_stands(pool: Pool) -> None:
    journal = Journal()
    coalescer = a_coalescer(journal, pool)
    sent = [*bodies(60, 1), b"not json", *bodies(1, 1)]
    sent.insert(0, b"{")
    results = await asyncio.gather(*[coalescer.add(Delivery(body, False)) for body in sent], return_exceptions=True)
    refused = [body for body, result in zip(sent, results, strict=True) if isinstance(result, Undecodable)]
    assert refused == [b"{", b"not json"]
    assert sum([len(batch) for batch in journal.batches]) == 60
