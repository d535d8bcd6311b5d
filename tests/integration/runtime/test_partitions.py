"""The inbox's days: made ahead, dropped past their time, and not stopped by one that came too late."""

from datetime import UTC, date, datetime, timedelta

from shared.db import Pool
from shared.runtime.migrate import make_partitions
from tests.conftest import OpenDatabase

TODAY = datetime.now(UTC).date()


async def days(pool: Pool) -> set[str]:
    rows = await pool.fetch("SELECT relname FROM pg_class WHERE relname ~ '^inbox_[0-9]{8}$'")
    return {row["relname"].removeprefix("inbox_") for row in rows}


async def make(pool: Pool, today: date) -> None:
    async with pool.acquire() as tx, tx.transaction():
        await make_partitions(tx, today)


async def test_a_day_that_began_without_its_partition_does_not_stop_the_next_ones(database: OpenDatabase) -> None:
    pool = await database("probe")
    late = TODAY + timedelta(days=20)
    await pool.execute("INSERT INTO inbox (day, id) VALUES ($1, gen_random_uuid())", late)

    await make(pool, late)

    made = await days(pool)
    assert f"{late:%Y%m%d}" not in made
    assert f"{late + timedelta(days=1):%Y%m%d}" in made


async def test_days_past_their_time_are_dropped(database: OpenDatabase) -> None:
    pool = await database("probe")
    assert f"{TODAY:%Y%m%d}" in await days(pool)

    await make(pool, TODAY + timedelta(days=60))

    assert f"{TODAY:%Y%m%d}" not in await days(pool)
