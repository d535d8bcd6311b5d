"""The database itself refuses a posting that is not balanced, and whoever edits one."""

from datetime import UTC, datetime

import asyncpg
import pytest

from shared.db import Pool
from shared.runtime.migrate import make_partitions
from tests.integration.sales.builders import NOON, Database, a_sale, open_shop, report
from tests.integration.sales.closing import OCTOBER, close

ADD = "INSERT INTO transfer (cause, kind, debit, credit, amount, day, booked) VALUES "


async def booked(database: Database) -> Pool:
    """Something in this month, and in one that has no partition of its own."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sold_at=datetime.now(UTC)), a_sale(receipt="old", sold_at=OCTOBER))
    return pool


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ("(1, 'sale', 2, 2, 100, '2026-11-01', '2026-11-01')", "check"),
        ("(1, 'sale', 1, 2, 0, '2026-11-01', '2026-11-01')", "amount_check"),
        ("(1, 'sale', 1, 2, -5, '2026-11-01', '2026-11-01')", "amount_check"),
        ("(1, 'gift', 1, 2, 5, '2026-11-01', '2026-11-01')", "kind_check"),
        ("(1, 'sale', 1, 2, 5, '2026-11-02', '2026-11-01')", "booked_check"),
    ],
)
async def test_a_posting_that_is_not_one_is_refused(database: Database, row: str, refused: str) -> None:
    """From an account to itself, of nothing, of less than nothing, of a kind that is none, before its day."""
    pool = await booked(database)
    with pytest.raises(asyncpg.CheckViolationError, match=refused):
        await pool.execute(ADD + row)


@pytest.mark.parametrize("column", ["debit", "credit", "amount", "cause", "day"])
async def test_a_posting_has_both_sides_and_an_amount(database: Database, column: str) -> None:
    pool = await booked(database)
    values = {"cause": "1", "debit": "1", "credit": "2", "amount": "5", "day": "'2026-11-01'"} | {column: "NULL"}
    with pytest.raises((asyncpg.NotNullViolationError, asyncpg.CheckViolationError)):
        await pool.execute(
            f"INSERT INTO transfer (kind, {', '.join(values)}) VALUES ('sale', {', '.join(values.values())})"
        )


async def places(pool: Pool) -> list[str]:
    rows = await pool.fetch(
        "SELECT inhrelid::regclass::text AS place FROM pg_inherits WHERE inhparent = 'transfer'::regclass"
    )
    return [row["place"] for row in rows]


@pytest.mark.parametrize("change", ["UPDATE {} SET amount = amount + 1", "DELETE FROM {}", "TRUNCATE {}"])
async def test_nobody_edits_the_ledger_or_any_month_of_it(database: Database, change: str) -> None:
    pool = await booked(database)
    before = await pool.fetch("SELECT * FROM transfer ORDER BY id")
    filled = {
        row["place"] for row in await pool.fetch("SELECT DISTINCT tableoid::regclass::text AS place FROM transfer")
    }
    assert "transfer_other" in filled
    everywhere = await places(pool) if "TRUNCATE" in change else list(filled)
    for place in ["transfer", *everywhere]:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await pool.execute(change.format(place))
    assert await pool.fetch("SELECT * FROM transfer ORDER BY id") == before


async def test_a_month_to_come_is_guarded_when_it_is_made(database: Database) -> None:
    pool = await booked(database)
    async with pool.acquire() as tx, tx.transaction():
        await make_partitions(tx, datetime(2031, 5, 1, tzinfo=UTC).date())
    assert {"transfer_203105", "transfer_203106"} <= set(await places(pool))
    for place in await places(pool):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await pool.execute(f"TRUNCATE {place}")


@pytest.mark.parametrize(
    "change", ["UPDATE account SET owner = 'x'", "DELETE FROM account", "TRUNCATE account CASCADE"]
)
async def test_whose_an_account_is_does_not_change(database: Database, change: str) -> None:
    pool = await booked(database)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await pool.execute(change)


async def test_whoever_does_not_say_when_is_booked_by_the_same_rule(database: Database) -> None:
    """A replica of the version before, while an upgrade is under way."""
    pool = await booked(database)
    await close(pool)
    add = """
        INSERT INTO transfer (cause, kind, debit, credit, amount, day) VALUES (1, 'sale', 1, 2, 5, $1) RETURNING booked
    """
    assert await pool.fetchval(add, NOON.date()) == NOON.date()
    assert await pool.fetchval(add, OCTOBER.date()) == NOON.date().replace(day=1)
