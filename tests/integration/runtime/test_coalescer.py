"""Deliveries share transactions: one at a time, in the order they came, while the next ones are made ready; full ones
side by side where no order matters."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from shared.contracts.message import Event
from shared.contracts.outlets import SaleReported, VoidReported
from shared.db import Pool, Tx
from shared.runtime.coalescer import SIDE_BY_SIDE, Coalescer
from shared.runtime.decode import Undecodable
from shared.runtime.delivery import Delivery
from shared.runtime.envelope import Received, now
from shared.runtime.handler import Outcome
from shared.runtime.store import Store, silent
from tests.conftest import OpenDatabase
from tests.unit.runtime.test_decode import a_report, encoded

LIMIT = 100


class Journal:
    """A handler that notes what each transaction brought, and how many were under way when it began."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.under_way: list[int] = []
        self._busy = 0

    async def handle(self, batch: Sequence[Received[Any]], tx: Tx) -> list[Outcome]:
        if not batch:
            return []
        self._busy += 1
        self.under_way.append(self._busy)
        await tx.execute("SELECT pg_sleep(0.01)")
        self._busy -= 1
        self.batches.append([message.data.receipt for message in batch])
        return []


@pytest.fixture
async def pool(database: OpenDatabase) -> Pool:
    return await database("probe")


def a_coalescer(journal: Journal, pool: Pool, *unordered: type[Event]) -> Coalescer:
    store = Store("probe", {SaleReported: journal.handle, VoidReported: journal.handle}, silent, now)
    coalescer = Coalescer("probe.outlets", store, pool, lambda: None, LIMIT)
    coalescer.unordered = frozenset(unordered)
    return coalescer


def bodies(deliveries: int, each: int) -> list[bytes]:
    def item(number: int) -> dict[str, Any]:
        return a_report(receipt=str(number)) | {"id": f"r-{number}"}

    return [encoded(*[item(d * each + n) for n in range(each)]) for d in range(deliveries)]


def a_void(receipt: str) -> bytes:
    data = {"outlet": "citos", "till": "till-1", "receipt": receipt, "voided_at": "2026-11-21T10:05:00+07:00"}
    return encoded(a_report() | {"id": f"v-{receipt}", "type": VoidReported.wire, "data": data})


@pytest.mark.parametrize(("deliveries", "each"), [(250, 1), (20, 30)])
async def test_everything_is_kept_in_its_order_one_transaction_at_a_time(
    pool: Pool, deliveries: int, each: int
) -> None:
    journal = Journal()
    coalescer = a_coalescer(journal, pool)
    await asyncio.gather(*[coalescer.add(Delivery(body, False)) for body in bodies(deliveries, each)])
    assert [receipt for batch in journal.batches for receipt in batch] == [str(n) for n in range(deliveries * each)]
    assert max([len(batch) for batch in journal.batches]) < LIMIT + each
    assert set(journal.under_way) == {1}


async def test_full_transactions_of_what_needs_no_order_are_kept_side_by_side(pool: Pool) -> None:
    journal = Journal()
    coalescer = a_coalescer(journal, pool, SaleReported)
    await asyncio.gather(*[coalescer.add(Delivery(body, False)) for body in bodies(20, 50)])
    assert sorted([receipt for batch in journal.batches for receipt in batch]) == sorted(map(str, range(1000)))
    assert set(journal.under_way) == {1, SIDE_BY_SIDE}


async def test_what_needs_its_order_is_kept_behind_all_before_it_and_before_all_behind_it(pool: Pool) -> None:
    journal = Journal()
    coalescer = a_coalescer(journal, pool, SaleReported)
    sales = bodies(24, 50)
    sent = [*sales[:13], a_void("0"), *sales[13:]]
    await asyncio.gather(*[coalescer.add(Delivery(body, False)) for body in sent])
    [at] = [number for number, batch in enumerate(journal.batches) if batch == ["0"]]
    kept = [receipt for batch in journal.batches[:at] for receipt in batch]
    # Those that shared its transaction come right before it.
    assert set(kept) >= {str(number) for number in range(13 * 50)}
    assert len(kept) < 14 * 50 + LIMIT
    assert SIDE_BY_SIDE in journal.under_way


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
