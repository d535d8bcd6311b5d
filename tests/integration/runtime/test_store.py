"""The write road on a real PostgreSQL: whatever is sent is kept, once, in its place."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.outlets import SaleReported
from shared.db import Pool, Tx
from shared.errors import NotYet, Rejected, Unavailable
from shared.runtime.decode import Undecodable
from shared.runtime.envelope import Arrival, Received, now
from shared.runtime.handler import Ignored, Outcome, Refused
from shared.runtime.store import Store, silent
from tests.conftest import OpenDatabase
from tests.unit.runtime.test_decode import a_report, encoded


async def record(batch: Sequence[Received[SaleReported]], tx: Tx) -> list[Outcome]:
    """Refuses what is of another SKU, ignores a second line, writes the rest."""
    rows = [m for m in batch if m.data.sku == "BTK-0007" and m.data.line == 1]
    await tx.executemany("INSERT INTO entry VALUES ($1, $2, 1)", [(m.id, m.data.receipt) for m in rows])
    refused: list[Outcome] = [Refused(m, NotYet("sku_unknown", "no such")) for m in batch if m.data.sku != "BTK-0007"]
    return refused + [Ignored(m, "duplicate") for m in batch if m.data.line != 1 and m.data.sku == "BTK-0007"]


@pytest.fixture
async def pool(database: OpenDatabase) -> Pool:
    return await database("probe")


@pytest.fixture
def store() -> Store:
    return Store("probe", {SaleReported: record}, silent, now)


async def bring(store: Store, pool: Pool, *items: Any) -> None:
    await store.store(pool, store.decoder.decode(encoded(*items), now()))


async def arrive(store: Store, pool: Pool, arrival: Arrival, *items: Any) -> None:
    await store.store(pool, store.decoder.decode(encoded(*items), now(), arrival))


async def counts(pool: Pool) -> dict[str, int]:
    row = await pool.fetchrow(
        """
        SELECT (SELECT count(*) FROM entry) AS entries, (SELECT count(*) FROM parked) AS parked,
               (SELECT coalesce(sum(n), 0) FROM tally) AS ignored
        """
    )
    assert row is not None
    return dict(row)


async def test_a_report_sent_twice_is_counted_and_has_no_effect(store: Store, pool: Pool) -> None:
    await bring(store, pool, a_report())
    await bring(store, pool, a_report(), a_report())

    assert await counts(pool) == {"entries": 1, "parked": 0, "ignored": 2}


async def test_what_the_broker_brings_again_is_no_duplicate_of_the_sender(store: Store, pool: Pool) -> None:
    await bring(store, pool, a_report())
    await arrive(store, pool, Arrival(7), a_report() | {"id": "2"}, a_report(), a_report(quantity=0))
    await arrive(store, pool, Arrival(7, again=True), a_report() | {"id": "2"}, a_report(), a_report(quantity=0))

    assert await counts(pool) == {"entries": 2, "parked": 1, "ignored": 1}


async def test_duplicates_in_an_arrival_that_was_not_committed_are_counted_when_it_comes_again(
    store: Store, pool: Pool
) -> None:
    await bring(store, pool, a_report(), a_report(quantity=0))
    await arrive(store, pool, Arrival(7, again=True), a_report(), a_report(quantity=0), a_report())

    assert await counts(pool) == {"entries": 1, "parked": 1, "ignored": 3}


async def test_a_contradiction_sent_twice_is_parked_once_and_a_duplicate_once(store: Store, pool: Pool) -> None:
    await bring(store, pool, a_report(), a_report(unit_price=1))
    await bring(store, pool, a_report(unit_price=1))

    assert await counts(pool) == {"entries": 1, "parked": 1, "ignored": 1}


async def test_an_id_used_for_something_else_is_parked_and_the_first_stands(store: Store, pool: Pool) -> None:
    await bring(store, pool, a_report(), a_report(unit_price=70_000))
    await bring(store, pool, a_report(unit_price=70_000), a_report(unit_price=1))

    assert await counts(pool) == {"entries": 1, "parked": 2, "ignored": 1}
    codes = await pool.fetch("SELECT DISTINCT kind, code, state FROM parked")
    assert [tuple(row) for row in codes] == [("conflict", "event_id_reused", "person")]


async def test_an_unreadable_report_sent_twice_is_parked_once_and_counted(store: Store, pool: Pool) -> None:
    await bring(store, pool, a_report(quantity=-1), a_report(quantity=-1))
    await bring(store, pool, a_report(quantity=-1))

    assert await counts(pool) == {"entries": 0, "parked": 1, "ignored": 2}


async def test_a_handlers_refusals_and_duplicates_are_kept_apart(store: Store, pool: Pool) -> None:
    items = [a_report() | {"id": "1"}, a_report(sku="OTHER") | {"id": "2"}, a_report(line=2) | {"id": "3"}]
    await bring(store, pool, *items)

    assert await counts(pool) == {"entries": 1, "parked": 1, "ignored": 1}


async def test_a_handler_that_fails_at_one_message_of_many_is_begun_again_without_a_trace(pool: Pool) -> None:
    asked: list[int] = []

    async def stumble(batch: Sequence[Received[SaleReported]], tx: Tx) -> list[Outcome]:
        asked.append(len(batch))
        await record(batch, tx)
        if any(m.data.receipt == "wet" for m in batch):
            raise Rejected("wet", "nobody can read it")
        return []

    store = Store("probe", {SaleReported: stumble}, silent, now)
    await bring(store, pool, *[a_report(receipt=name) | {"id": name} for name in ("one", "wet", "two", "three")])

    assert await counts(pool) == {"entries": 3, "parked": 1, "ignored": 0}
    assert asked == [4, 4, 2, 1, 1, 2]


async def test_what_fails_because_a_server_is_away_is_nobodys_fault_and_not_begun_again_here(pool: Pool) -> None:
    asked: list[int] = []

    async def wait_for_it(batch: Sequence[Received[SaleReported]], tx: Tx) -> list[Outcome]:
        asked.append(len(batch))
        raise Unavailable("catalog_away", "try again")

    with pytest.raises(Unavailable):
        await bring(Store("probe", {SaleReported: wait_for_it}, silent, now), pool, a_report())

    assert asked == [1]
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 0


async def test_only_a_transaction_that_may_have_said_something_wakes_the_relay(store: Store, pool: Pool) -> None:
    good = store.decoder.decode(encoded(a_report()), now())
    bad = store.decoder.decode(encoded(a_report(sku="OTHER") | {"id": "2"}), now())

    assert [await store.store(pool, batch) for batch in (good, bad)] == [False, True]


odd_text = st.text(st.characters(codec=None), max_size=30)
odd_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=4),
    max_leaves=8,
)
ONE_DATABASE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@ONE_DATABASE
@given(changes=st.dictionaries(st.sampled_from(["id", "type", "subject", "time", "data", "source"]), odd_values))
async def test_nothing_is_too_odd_to_be_kept(store: Store, pool: Pool, changes: dict[str, Any]) -> None:
    before = sum((await counts(pool)).values())
    item = a_report() | {"id": f"{before}"} | changes

    await bring(store, pool, item, 42, [item], {"subject": "\x00\ud800", "n": float("inf")})

    assert sum((await counts(pool)).values()) == before + 4


@ONE_DATABASE
@given(receipt=odd_text)
async def test_odd_characters_in_a_field_park_that_report_only(store: Store, pool: Pool, receipt: str) -> None:
    before = sum((await counts(pool)).values())

    await bring(store, pool, a_report(receipt=receipt) | {"id": f"odd{before}"}, a_report() | {"id": f"good{before}"})

    assert sum((await counts(pool)).values()) == before + 2


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_undecodable(body: bytes) -> None:
    decoder = Store("probe", {SaleReported: record}, silent, now).decoder
    try:
        batch = decoder.decode(body, now())
    except Undecodable:
        return
    assert len(batch.readable) + len(batch.unreadable) >= 1
    json.dumps([u.item for u in batch.unreadable])
