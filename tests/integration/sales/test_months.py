"""The ledger lies in months: an older one too, to the last row, and nobody changes it through a side door."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import asyncpg
import pytest

from shared import db
from shared.db import Pool
from shared.runtime.migrate import migrate
from tests.conftest import SERVICES, MakeDatabase, OpenDatabase
from tests.integration.sales.builders import a_sale, open_shop, report

MIGRATIONS, BY_MONTH = SERVICES / "sales" / "migrations", "0017_ledger_by_month.sql"
BEFORE = """
    INSERT INTO transfer (cause, amount, recorded_at, debit, credit, day, kind)
    SELECT n, 100 + n, '2026-11-21 03:00+00'::timestamptz + n * interval '1 second', 1, 2, day::date, kind
    FROM unnest(ARRAY['1970-01-01', '2026-08-31', '2026-09-01', '2026-09-30', '2031-01-01'],
                ARRAY['sale', 'return', 'void', 'payout', 'write-off']) WITH ORDINALITY AS booked (day, kind, n)
"""
ROWS = "SELECT id, cause, amount, recorded_at, debit, credit, day, kind FROM transfer ORDER BY id"


@pytest.fixture
async def old(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[tuple[Pool, str]]:
    """A database whose ledger is not yet laid out in months, and its URL."""
    url = await make_database("sales")
    for file in MIGRATIONS.glob("*.sql"):
        if file.name < BY_MONTH:
            copy(file, tmp_path)
    pool = await db.open_pool(url, "tests")
    await pool.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await migrate(url, "sales", tmp_path)
    await pool.execute(BEFORE)
    yield pool, url
    pool.terminate()


@pytest.fixture
async def upgraded(old: tuple[Pool, str]) -> tuple[Pool, list[asyncpg.Record]]:
    """It is now; and the rows that it had before."""
    pool, url = old
    rows = await pool.fetch(ROWS)
    assert BY_MONTH in await migrate(url, "sales", MIGRATIONS)
    return pool, rows


async def test_no_row_is_lost_and_each_lies_in_its_month(upgraded: tuple[Pool, list[asyncpg.Record]]) -> None:
    pool, rows = upgraded
    assert await pool.fetch(ROWS) == rows
    placed = await pool.fetch("SELECT tableoid::regclass::text AS place FROM transfer ORDER BY id")
    months = ["197001", "202608", "202609", "202609", "203101"]
    assert [row["place"] for row in placed] == [f"transfer_{month}" for month in months]


async def test_numbers_go_on_where_they_were(upgraded: tuple[Pool, list[asyncpg.Record]]) -> None:
    """Payouts hold to them."""
    pool, rows = upgraded
    add = "INSERT INTO transfer (cause, amount, debit, credit, day, kind) VALUES (9, 1, 1, 2, '2026-11-01', 'sale')"
    assert await pool.fetchval(f"{add} RETURNING id") == max(row["id"] for row in rows) + 1


async def test_what_is_booked_while_the_ledger_is_laid_out_is_not_lost(old: tuple[Pool, str]) -> None:
    """An upgrade does not stop the services: a sale may be under way."""
    pool, url = old
    async with pool.acquire() as tx:
        selling = tx.transaction()
        await selling.start()
        await tx.execute(BEFORE)
        upgrade = asyncio.create_task(migrate(url, "sales", MIGRATIONS))
        await until_waiting(pool, 1)
        await selling.commit()
    await upgrade
    assert await pool.fetchval("SELECT count(*) FROM transfer") == 10


async def test_what_is_booked_next_waits_and_is_booked_into_the_months(old: tuple[Pool, str]) -> None:
    pool, url = old
    async with pool.acquire() as tx:
        reading = tx.transaction()
        await reading.start()
        await tx.fetch(ROWS)
        upgrade = asyncio.create_task(migrate(url, "sales", MIGRATIONS))
        await until_waiting(pool, 1)
        sale = asyncio.create_task(pool.execute(BEFORE))
        await until_waiting(pool, 2)
        await reading.commit()
    await asyncio.gather(upgrade, sale)
    assert await pool.fetchval("SELECT count(*) FROM transfer") == 10


async def until_waiting(pool: Pool, sessions: int) -> None:
    waiting = """
        SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_database d ON d.oid = database
        WHERE datname = current_database() AND NOT granted
    """
    while await pool.fetchval(waiting) < sessions:  # noqa: ASYNC110 - only the database knows
        await asyncio.sleep(0.01)


async def test_a_sale_is_booked_in_its_business_days_month(database: OpenDatabase) -> None:
    pool = await database("sales")
    await open_shop(pool)
    this_month = datetime.now(UTC).replace(day=1, hour=12)
    await report(pool, a_sale(sold_at=this_month))
    places = await pool.fetch("SELECT DISTINCT tableoid::regclass::text AS place FROM transfer")
    assert [row["place"] for row in places] == [f"transfer_{this_month:%Y%m}"]


@pytest.mark.parametrize("change", ["UPDATE {} SET amount = amount + 1", "DELETE FROM {}"])
async def test_a_month_cannot_be_changed_either(database: OpenDatabase, change: str) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    place = await pool.fetchval("SELECT tableoid::regclass::text FROM transfer LIMIT 1")
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await pool.execute(change.format(place))


async def test_what_was_booked_before_counts_on_its_business_day(upgraded: tuple[Pool, list[asyncpg.Record]]) -> None:
    pool, rows = upgraded
    assert await pool.fetchval("SELECT count(*) FROM transfer WHERE booked = day") == len(rows)


async def test_months_of_before_cannot_be_emptied_either(upgraded: tuple[Pool, list[asyncpg.Record]]) -> None:
    pool, _ = upgraded
    for place in ("transfer", "transfer_197001", "transfer_203101", "transfer_other"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await pool.execute(f"TRUNCATE {place}")
