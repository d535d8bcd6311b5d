"""Forward-only SQL migrations: each file once, in a transaction of its own, never edited afterwards."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog

from shared import db
from shared.db import Tx

LOCK = 0x6D696772617465
RUNTIME = Path(__file__).parent
DAYS_AHEAD, INBOX_DAYS = 8, 35
log = structlog.get_logger(__name__)


async def migrate(dsn: str, service: str, folder: Path) -> list[str]:
    """Applies what is new: first the runtime's tables, then the service's. Returns the names of what was applied.

    Raises RuntimeError when a file that was applied has been edited since.
    """
    connection = await db.connect(dsn, f"{service}-migrate")
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """
        )
        applied = [path.name for path in _files(folder) if await _apply(connection, path)]
        async with connection.transaction():
            await make_partitions(connection, datetime.now(UTC).date())
        return applied
    finally:
        await connection.close()


async def make_partitions(tx: Tx, today: date) -> None:
    """Days to come for the inbox and the event log; the inbox's days past their time are dropped. In a transaction."""
    await tx.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    for offset in range(-1, DAYS_AHEAD):
        day = today + timedelta(days=offset)
        for table in ("inbox", "event_log"):
            await _make_day(tx, table, day)
    last = f"inbox_{today - timedelta(days=INBOX_DAYS):%Y%m%d}"
    old = await tx.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^inbox_[0-9]{8}$' AND relname < $1", last
    )
    for row in old:
        await tx.execute(f"DROP TABLE IF EXISTS {row['relname']}")
    await tx.execute("DELETE FROM inbox_other WHERE seen_at < $1::date - $2::int", today, INBOX_DAYS)
    await tx.execute("DELETE FROM difference WHERE found_at < $1::date - $2::int", today, INBOX_DAYS)
    await tx.execute("DELETE FROM answered WHERE at < $1::date - $2::int", today, INBOX_DAYS)


async def _make_day(tx: Tx, table: str, day: date) -> None:
    name = f"{table}_{day:%Y%m%d}"
    if await tx.fetchval("SELECT to_regclass($1)", name) is not None:
        return
    # A day that began before its partition was made stays where it is; the days after it get theirs.
    late = f"SELECT EXISTS (SELECT 1 FROM {table}_other WHERE day = $1)"  # noqa: S608 - one of our two tables
    if not await tx.fetchval(late, day):
        await tx.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} "
            f"FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
        )


def _files(folder: Path) -> Iterator[Path]:
    """`schema.sql` and the later `schema_NN_what.sql`: a name of their own, since a service has its 0001 too."""
    yield from sorted(RUNTIME.glob("schema*.sql"))
    yield from sorted(folder.glob("[0-9]*.sql"))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def _apply(connection: Tx, path: Path) -> bool:
    text = _read(path)
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = await connection.fetchval("SELECT sha256 FROM schema_migrations WHERE name = $1", path.name)
    if before == digest:
        return False
    if before is not None:
        raise RuntimeError(f"{path.name} has been edited since it was applied; write a new migration instead")
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute("INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)", path.name, digest)
    log.info("migration_applied", name=path.name)
    return True
