"""The ledger is sealed behind all who still write, and whatever is done to it afterwards is found."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import asyncpg
import pytest
from prometheus_client import REGISTRY

from services.sales.handlers.sales import record_sales
from services.sales.storage.seals import DIGESTS
from services.sales.views.seals import Checked, check, list_seals
from services.sales.watch import seals
from shared.contracts.sales.books import ListSeals
from shared.db import Pool
from shared.runtime.requests import Requests
from shared.runtime.service import Tools
from shared.settings import Settings
from tests.integration.sales.builders import NOON, POUCH, Database, a_sale, do, in_full, open_shop, received, report
from tests.integration.sales.closing import list_entries

TOMORROW = NOON + timedelta(days=1)
receipts = count(1)


async def sell(pool: Pool, pieces: int = 1, days_ago: int = 0) -> None:
    sold_at = NOON - timedelta(hours=1, days=days_ago)
    await report(pool, *[a_sale(receipt=f"N{next(receipts)}", sold_at=sold_at) for _ in range(pieces)])


async def seal(pool: Pool) -> None:
    """Whatever the day, all that is posted."""
    done = begun = False
    while not done:
        async with pool.acquire() as tx, tx.transaction():
            begun, done = await seals.seal_now(tx, NOON, begun)


async def verify(pool: Pool, noted: str | None = None) -> Checked:
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read", readonly=True):
        return [found async for found in check(tx, noted)][-1]


async def look(pool: Pool, at: object = TOMORROW) -> list[bool]:
    """Rounds of the daily job until there is no more to do at once."""
    rounds: list[bool] = []
    while not rounds or rounds[-1]:
        async with pool.acquire() as tx, tx.transaction():
            rounds.append(await seals.look_once(tx, at))  # type: ignore[arg-type]
    return rounds


@pytest.fixture
async def sealed(database: Database) -> AsyncIterator[Pool]:
    """Three days with a seal each: of two sales, of three in two months, of one."""
    pool = await database("sales")
    await open_shop(pool)
    await sell(pool, 2)
    await seal(pool)
    await sell(pool, 2)
    await sell(pool, 1, days_ago=31)
    await seal(pool)
    await sell(pool)
    await seal(pool)
    yield pool


async def tamper(pool: Pool, *statements: str) -> None:
    """As a superuser can, past what refuses changes."""
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await tx.execute(statement)


async def test_untouched_books_hold(sealed: Pool) -> None:
    found = await verify(sealed)
    assert (found.faults, found.seals, found.entries, found.unsealed) == ([], 3, 18, 0)
    listed = await do(sealed, list_seals, ListSeals(limit=2))
    assert [(one.no, one.entries, one.amount) for one in listed.items] == [(3, 3, 700_000), (2, 9, 2_100_000)]
    assert found.last
    assert listed.items[0].hash == found.last.hash.hex()
    assert listed.items[0].previous == listed.items[1].hash
    rest = await do(sealed, list_seals, ListSeals(limit=2, cursor=listed.next))
    assert ([one.no for one in rest.items], rest.next, rest.unsealed) == ([1], None, 0)


async def test_a_hash_that_was_noted_is_looked_for_in_the_chain(sealed: Pool) -> None:
    noted = await sealed.fetchval("SELECT encode(hash, 'hex') FROM ledger_seal WHERE no = 2")
    assert (await verify(sealed, noted)).noted
    assert not (await verify(sealed, "00" * 32)).noted


@pytest.mark.parametrize(
    ("statement", "seal_no", "what"),
    [
        ("UPDATE transfer SET amount = amount + 5 WHERE id = 8", 2, "changed: among"),
        ("UPDATE transfer SET day = day + 1, booked = booked + 1 WHERE id = 3", 1, "changed: among"),
        ("UPDATE transfer SET kind = 'void' WHERE id = 3", 1, "changed: among"),
        ("UPDATE transfer SET cause = cause + 1 WHERE id = 3", 1, "changed: among"),
        ("UPDATE transfer SET recorded_at = recorded_at - interval '1 second' WHERE id = 3", 1, "changed: among"),
        ("UPDATE transfer SET debit = credit, credit = debit WHERE id = 16", 3, "changed: among"),
        ("UPDATE account SET owner = 'pim' WHERE owner = 'citos' AND kind = 'outlet-commission'", 1, "changed: among"),
        ("DELETE FROM transfer WHERE id = 8", 2, "missing: 1 of 9"),
        ("INSERT INTO transfer SELECT 8, cause, amount, recorded_at, debit, credit, day + 1, kind, booked + 1 "
         "FROM transfer WHERE id = 8", 2, "extra: 1 more than the 9"),
        ("INSERT INTO transfer SELECT -8, cause, amount, recorded_at, debit, credit, day, kind, booked "
         "FROM transfer WHERE id = 8", 1, "extra: 1 more than the 6"),
        ("ALTER TABLE transfer DETACH PARTITION transfer_other", 2, "missing: 3 of 9"),
        ("UPDATE ledger_seal SET hash = sha256('x') WHERE no = 3", 3, "seal edited: its hash"),
        ("UPDATE ledger_seal SET day = day - 1 WHERE no = 3", 3, "seal edited: its hash"),
        ("UPDATE ledger_seal_part SET digest = sha256('x') WHERE seal = 1", 1, "seal edited: its hash"),
        ("DELETE FROM ledger_seal WHERE no = 1", 2, "seal edited: seal 1 is missing"),
        ("DELETE FROM ledger_seal WHERE no = 3", 2, "seal edited: one is missing after it"),
        ("DELETE FROM ledger_seal", 0, "seal edited: one is missing after it"),
    ],
)  # fmt: skip
async def test_whatever_is_done_to_it_is_found_and_named(sealed: Pool, statement: str, seal_no: int, what: str) -> None:
    """Ids 1 to 6 are in the first seal, 7 to 15 in the second, of these three in October, 16 to 18 in the third."""
    await tamper(sealed, statement)
    faults = (await verify(sealed)).faults
    assert faults
    assert (faults[0].seal, faults[0].what[: len(what)]) == (seal_no, what)
    assert str(faults[0]).startswith(f"{faults[0].of} (seal {seal_no}): {what}")


async def test_what_is_posted_while_an_earlier_seal_is_under_way_is_sealed_as_well(sealed: Pool) -> None:
    await sell(sealed)
    async with sealed.acquire() as tx, tx.transaction():
        assert await seals.seal_now(tx, NOON, begun=False) == (True, False)
    await sell(sealed)
    await seal(sealed)
    assert (await verify(sealed)).unsealed == 0
    before = await sealed.fetchval("SELECT count(*) FROM ledger_seal")
    await seal(sealed)
    assert await sealed.fetchval("SELECT count(*) FROM ledger_seal") == before, "there is nothing new to seal"


async def test_what_came_after_the_last_seal_is_counted_and_sealed_next(sealed: Pool) -> None:
    await sell(sealed)
    found = await verify(sealed)
    assert (found.faults, found.unsealed) == ([], 3)
    await seal(sealed)
    assert (await verify(sealed)).unsealed == 0


async def test_the_first_look_of_a_day_seals_and_the_others_do_not(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    at = await pool.fetchval("SELECT now()")
    assert await look(pool, at) == [False]
    await sell(pool)
    assert await look(pool, at) == [False], "what is of today is sealed tomorrow"
    assert await look(pool, at + timedelta(days=1)) == [True, False]
    await sell(pool)
    assert await look(pool, at + timedelta(days=1)) == [False]
    assert await look(pool, at + timedelta(days=2)) == [True, False]
    assert await look(pool, at + timedelta(days=3)) == [False], "nothing was posted: that is sealed as well"
    rows = await pool.fetch("SELECT entries FROM ledger_seal ORDER BY no")
    assert [row["entries"] for row in rows] == [3, 3, 0]
    assert (await verify(pool)).faults == []


async def test_a_posting_under_way_is_waited_for(database: Database) -> None:
    """Its numbers are below those of others that are there: it must not turn up below a seal."""
    pool = await database("sales")
    await open_shop(pool)
    async with pool.acquire() as slow, slow.transaction():
        await in_full(record_sales, [received(a_sale(receipt="slow", sku=POUCH))], slow)
        await sell(pool)
        at = await pool.fetchval("SELECT now() + interval '1 day'")
        assert await look(pool, at) == [True, False]
        assert await pool.fetchval("SELECT count(*) FROM ledger_seal") == 0
    assert await look(pool, at) == [False]
    found = await verify(pool)
    assert (found.faults, found.entries, found.unsealed) == ([], 8, 0)


async def test_a_long_past_is_sealed_a_stretch_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await sell(pool, 4)
    monkeypatch.setattr(seals, "MOST", 5)
    await seal(pool)
    rows = await pool.fetch("SELECT upto, entries FROM ledger_seal ORDER BY no")
    assert [tuple(row) for row in rows] == [(5, 5), (10, 5), (12, 2)]
    assert (await verify(pool)).faults == []


async def test_two_replicas_do_not_seal_the_same(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await sell(pool)
    at = await pool.fetchval("SELECT now() + interval '1 day'")
    async with pool.acquire() as first, first.transaction():
        assert await seals.look_once(first, at)
        async with pool.acquire() as second, second.transaction():
            assert not await seals.look_once(second, at)
    assert await look(pool, at) == [False]
    assert await pool.fetchval("SELECT count(*) FROM ledger_seal") == 1


async def test_what_is_sealed_can_be_reckoned_from_what_is_published(sealed: Pool) -> None:
    """sha256 of the entries' lines, joined by line feeds."""
    lines = [
        f"{e.id}|{e.booked}|{e.day}|{e.kind}|{e.debit_kind}|{e.debit_owner}|{e.credit_kind}|{e.credit_owner}|"
        f"{e.amount}|{e.recorded_at:%Y-%m-%dT%H:%M:%S.%fZ}|{e.cause}"
        for e in await list_entries(sealed)
    ]
    (part,) = await sealed.fetch(DIGESTS, 0, 18, 10_000)
    assert part["digest"] == hashlib.sha256("\n".join(lines).encode()).digest()


async def test_how_old_the_last_seal_is_is_measured(sealed: Pool) -> None:
    requests = Requests("amqp://nobody", "sales", "/services/sales")
    tools = Tools("sales", sealed, requests, Settings(database_url="", amqp_url=""), lambda: None)
    assert not await seals.measure(tools)
    told = REGISTRY.get_sample_value("karya_ledger_seal_age_seconds")
    sealed_at = await sealed.fetchval("SELECT extract(epoch FROM now() - max(sealed_at))::float8 FROM ledger_seal")
    assert told is not None
    assert abs(told - sealed_at) < 60


@pytest.mark.parametrize("change", ["UPDATE {} SET seal = 9", "DELETE FROM {}", "TRUNCATE {}"])
async def test_a_seal_cannot_be_changed(sealed: Pool, change: str) -> None:
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await sealed.execute(change.format("ledger_seal_part"))
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await sealed.execute(change.replace("seal =", "no =").format("ledger_seal") + " CASCADE" * ("TRUNC" in change))
