"""What a producer says that it has sent, and what a consumer does about what is missing, on a real PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.operations import GetDigests
from shared.db import Pool, Row, copy_rows
from shared.runtime.digests import log, spans, storage
from shared.runtime.digests.spans import Span
from shared.runtime.envelope import Envelope, Received, Sealed, named_id, new_id, now
from shared.runtime.operations.digests import get_digests
from tests.conftest import OpenDatabase

KIND = "probe.Added.v1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def pool(database: OpenDatabase) -> Pool:
    return await database("probe")


def minted(at: datetime, n: int) -> list[UUID]:
    """Ids as if of that moment."""
    first = spans.first_id(spans.milliseconds(at)).int
    return [UUID(int=first | (7 << 76) | (2 << 62) | (new_id().int & (2**60 - 1))) for _ in range(n)]


def _day(key: UUID) -> date:
    return spans.moment(spans.minted_at(key)).date() if key.version == 7 else now().date()


async def logged(pool: Any, ids: Sequence[UUID], kind: str = KIND, day: date | None = None) -> None:
    rows = [Sealed(day or _day(key), key, kind, "s", "{}") for key in ids]
    await copy_rows(pool, "event_log", Sealed._fields, rows)


async def held(pool: Pool, table: str, ids: Sequence[UUID]) -> None:
    seq = "" if table == "outbox" else "row_number() OVER (),"
    column = "" if table == "outbox" else "seq,"
    await pool.execute(
        f"INSERT INTO {table} ({column} day, id) SELECT {seq} day, id FROM event_log WHERE id = ANY($1::uuid[])", ids
    )


async def taken(pool: Pool, ids: Sequence[UUID], digest: bytes | None = None) -> None:
    rows = [(_day(key), key, digest) for key in ids]
    await copy_rows(pool, "inbox", ("day", "id", "digest"), rows)  # type: ignore[arg-type]


def tallies(rows: Sequence[Row]) -> dict[int, tuple[int, int]]:
    return {row["bucket"]: (row["n"], row["hash"]) for row in rows}


async def both(pool: Pool, since: datetime, until: datetime) -> tuple[dict[int, Any], dict[int, Any]]:
    edges = spans.cut(spans.milliseconds(since), spans.milliseconds(until))
    async with pool.acquire() as tx:
        return tallies(await log.list_sent(tx, [KIND], edges)), tallies(await storage.list_taken(tx, edges))


async def test_what_arrived_has_the_digest_of_what_was_sent(pool: Pool) -> None:
    at = now() - 5 * MINUTE
    ids = [key for n in range(4) for key in minted(at + n * MINUTE, n + 1)]
    await logged(pool, ids)
    await logged(pool, minted(at, 3), "probe.Other.v1")
    await taken(pool, ids[::-1])
    await taken(pool, [named_id("a report of a till", n) for n in range(50)], b"digest")

    sent, here = await both(pool, at - MINUTE, now())

    assert sent == here
    assert sum(n for n, _ in sent.values()) == 10


@pytest.mark.parametrize("table", ["outbox", "unroutable"])
async def test_what_has_not_left_is_not_said_to_be_sent(pool: Pool, table: str) -> None:
    at = now() - 2 * MINUTE
    ids = minted(at, 5)
    await logged(pool, ids)
    await taken(pool, ids[:3])
    await held(pool, table, ids[3:])

    sent, here = await both(pool, at - MINUTE, now())

    assert sent == here
    async with pool.acquire() as tx:
        oldest = await log.get_oldest_held(tx, [KIND])
        rows = await log.list_logged(tx, [KIND], min(ids), spans.first_id(spans.milliseconds(now())), 10)
    assert oldest == min(ids[3:])
    assert {row["id"]: row["held"] for row in rows} == {key: key in ids[3:] for key in ids}
    assert [row["id"] for row in rows] == sorted(ids)


async def test_what_a_transaction_may_still_write_has_not_left(pool: Pool) -> None:
    async def held_since() -> int | None:
        asked = GetDigests(types=[KIND], edges=[0, spans.milliseconds(now())])
        named: dict[str, Any] = {"specversion": "1.0", "id": "1", "source": "/tests", "type": asked.wire, "time": now()}
        query = Received(new_id(), asked, now(), Envelope[GetDigests](data=asked, **named))
        async with pool.acquire() as tx, tx.transaction(readonly=True):
            return (await get_digests(query, tx)).held_since

    assert await held_since() is None
    async with pool.acquire() as slow, slow.transaction():
        began = await slow.fetchval("SELECT now()")
        (key,) = minted(now(), 1)
        await logged(slow, [key])
        assert await held_since() == spans.milliseconds(began) <= spans.minted_at(key)
    assert await held_since() is None
    await held(pool, "outbox", [key])
    assert await held_since() == spans.minted_at(key)


async def test_events_are_put_back_into_the_outbox_once(pool: Pool) -> None:
    ids = minted(now(), 4)
    await logged(pool, ids)
    await held(pool, "outbox", ids[:1])
    await held(pool, "unroutable", ids[1:2])

    async with pool.acquire() as tx:
        assert await log.add_again(tx, [*ids, ids[3], new_id()]) == 2
        assert await log.add_again(tx, ids) == 0

    assert await pool.fetchval("SELECT count(*) FROM outbox") == 3


async def test_an_event_of_just_before_midnight_with_an_id_of_just_after_is_found_and_sent_again(pool: Pool) -> None:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ids = minted(midnight + timedelta(milliseconds=5), 2)
    await logged(pool, ids, day=(midnight - MINUTE).date())

    sent, _ = await both(pool, midnight, midnight + MINUTE)

    assert sum(n for n, _ in sent.values()) == 2
    async with pool.acquire() as tx:
        assert await log.add_again(tx, ids) == 2


async def test_what_is_missing_is_noted_once_tried_later_and_later_and_forgotten_when_it_arrives(pool: Pool) -> None:
    at, ids = now(), minted(now() - MINUTE, 3)
    await taken(pool, ids[:1])
    async with pool.acquire() as tx:
        assert await storage.add_missing(tx, "sales", ids, at) == 2
        assert await storage.add_missing(tx, "sales", ids, at) == 0
        first = await storage.claim_due(tx, at, 10)
        assert {row["id"] for row in first} == set(ids[1:])
        assert await storage.claim_due(tx, at + timedelta(seconds=59), 10) == []
        assert len(await storage.claim_due(tx, at + MINUTE, 10)) == 2
        assert await storage.claim_due(tx, at + 4 * MINUTE, 10) == []
        await taken(pool, ids[1:2])
        assert await storage.mark_arrived(tx) == 1
        assert len(await storage.claim_due(tx, at + 5 * MINUTE, 10)) == 1

    unsettled = await pool.fetchrow("SELECT id, tries FROM difference")
    assert unsettled is not None
    assert tuple(unsettled) == (ids[2], 3)


async def test_a_poisonous_event_is_not_sent_for_ever(pool: Pool) -> None:
    at, ids = now(), minted(now(), 1)
    async with pool.acquire() as tx:
        await storage.add_missing(tx, "sales", ids, at)
        tries = [len(await storage.claim_due(tx, at + timedelta(days=30 * n), 10)) for n in range(12)]

    assert sum(tries) == storage.MOST_TRIES


async def test_what_no_producer_knows_is_told_once(pool: Pool) -> None:
    at = now() - MINUTE
    ids = minted(at, 3)
    await taken(pool, ids)
    span = Span(spans.milliseconds(at), spans.milliseconds(now()), 3)
    async with pool.acquire() as tx:
        assert set(await storage.add_unknown(tx, span, ids[:1], now())) == set(ids[1:])
        assert await storage.add_unknown(tx, span, ids[:1], now()) == []


async def test_one_replica_compares_at_a_time_and_other_types_begin_anew(pool: Pool) -> None:
    at, every = now(), timedelta(seconds=20)
    async with pool.acquire() as tx:
        first = await storage.claim_comparison(tx, ["a"], at, every)
        assert await storage.claim_comparison(tx, ["a"], at + every / 2, every) is None
        await storage.mark_sound(tx, at + every, at)
        second = await storage.claim_comparison(tx, ["a"], at + every, every)
        third = await storage.claim_comparison(tx, ["a", "b"], at + 2 * every, every)

    assert first is not None
    assert second is not None
    assert third is not None
    begun = first["since"]
    assert begun < at, "what was sent since the tables are there is owed"
    assert first["sound_until"] == begun
    assert (second["since"], second["sound_until"]) == (begun, at + every)
    assert (third["since"], third["sound_until"]) == (at + 2 * every, at + 2 * every)
