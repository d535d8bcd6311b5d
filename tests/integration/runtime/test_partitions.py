"""Days and months: made ahead, the inbox's dropped past their time, and not stopped by one that came too late."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from shared.db import Pool
from shared.runtime.migrate import make_partitions
from tests.conftest import OpenDatabase

TODAY = datetime.now(UTC).date()


async def days(pool: Pool) -> set[str]:
    rows = await pool.fetch("SELECT relname FROM pg_class WHERE relname ~ '^inbox_[0-9]{8}$'")
    return {row["relname"].removeprefix("inbox_") for row in rows}


async def months(pool: Pool, table: str) -> set[str]:
    rows = await pool.fetch("SELECT relname FROM pg_class WHERE relname ~ ('^' || $1 || '_[0-9]{6}$')", table)
    return {row["relname"].removeprefix(f"{table}_") for row in rows}


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


async def test_what_is_kept_by_month_is_given_this_month_and_the_next(database: OpenDatabase) -> None:
    pool = await database("probe")
    await pool.execute("CREATE TABLE kept (day date NOT NULL) PARTITION BY RANGE (day)")
    await pool.execute("CREATE TABLE kept_other PARTITION OF kept DEFAULT")
    await pool.execute("CREATE TABLE kept_202601 PARTITION OF kept FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")

    await make(pool, date(2026, 12, 31))

    assert await months(pool, "kept") == {"202601", "202612", "202701"}
    days = [date(2026, 1, 31), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 1)]
    await pool.executemany("INSERT INTO kept (day) VALUES ($1)", [(day,) for day in days])
    placed = await pool.fetch("SELECT day, tableoid::regclass::text AS place FROM kept ORDER BY day")
    assert [row["place"] for row in placed] == ["kept_202601", "kept_other", "kept_202612", "kept_202701"]


async def test_a_month_that_began_without_its_partition_does_not_stop_the_next_one(database: OpenDatabase) -> None:
    pool = await database("probe")
    await pool.execute("CREATE TABLE kept (day date NOT NULL) PARTITION BY RANGE (day)")
    await pool.execute("CREATE TABLE kept_other PARTITION OF kept DEFAULT")
    await pool.execute("CREATE TABLE kept_202601 PARTITION OF kept FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")
    await pool.execute("INSERT INTO kept (day) VALUES ('2026-05-17')")

    await make(pool, date(2026, 5, 31))

    assert await months(pool, "kept") == {"202601", "202606"}


async def test_the_event_log_is_kept_by_month_so_that_years_are_a_few_partitions(database: OpenDatabase) -> None:
    pool = await database("probe")

    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 31)):
        await make(pool, day)

    assert {"202612", "202701", "202702"} <= await months(pool, "event_log")


async def test_a_month_of_the_event_log_that_was_begun_in_days_is_finished_in_days(database: OpenDatabase) -> None:
    pool = await database("probe")
    await pool.execute(
        "CREATE TABLE event_log_20300430 PARTITION OF event_log FOR VALUES FROM ('2030-04-30') TO ('2030-05-01')"
    )
    add = (
        "INSERT INTO event_log (day, id, type, subject, envelope) VALUES ($1, gen_random_uuid(), '', '', '') RETURNING"
    )

    await make(pool, date(2030, 4, 29))

    assert await months(pool, "event_log") >= {"203005"}
    days = [date(2030, 4, 1), date(2030, 4, 29), date(2030, 4, 30), date(2030, 5, 1)]
    placed = [await pool.fetchval(f"{add} tableoid::regclass::text", day) for day in days]
    assert placed == ["event_log_20300401", "event_log_20300429", "event_log_20300430", "event_log_203005"]


async def test_a_month_is_guarded_as_the_whole_is(database: OpenDatabase) -> None:
    """A statement's trigger does not reach the partitions by itself."""
    pool = await database("probe")
    await pool.execute("CREATE TABLE kept (day date NOT NULL) PARTITION BY RANGE (day)")
    await pool.execute("CREATE TABLE kept_other PARTITION OF kept DEFAULT")
    await pool.execute("CREATE TABLE kept_202601 PARTITION OF kept FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")
    await pool.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$"
    )
    await pool.execute("CREATE TRIGGER kept_whole BEFORE TRUNCATE ON kept EXECUTE FUNCTION refuse()")
    await pool.execute("CREATE TRIGGER counted AFTER INSERT ON kept FOR EACH ROW EXECUTE FUNCTION refuse()")

    await make(pool, date(2026, 12, 1))

    with pytest.raises(asyncpg.RaiseError, match="kept"):
        await pool.execute("TRUNCATE kept_202612")
    triggers = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'kept_202612'::regclass AND tgparentid = 0"
    assert [row["tgname"] for row in await pool.fetch(triggers)] == ["kept_whole"], "others are there by themselves"
