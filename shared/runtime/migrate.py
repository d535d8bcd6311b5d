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
DAYS_AHEAD, MONTHS_AHEAD, INBOX_DAYS = 8, 2, 35
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
    """Days to come for the inbox, months to come for what is kept for ever: the event log, a service's own tables.

    The inbox's days past their time are dropped. In a transaction.
    """
    await tx.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    for offset in range(-1, DAYS_AHEAD):
        await _make_day(tx, "inbox", today + timedelta(days=offset))
    month = today.replace(day=1)
    for _ in range(MONTHS_AHEAD):
        for table in ("event_log", *await _list_kept_by_month(tx)):
            await _make_month(tx, table, month)
        month = _following(month)
    last = f"inbox_{today - timedelta(days=INBOX_DAYS):%Y%m%d}"
    old = await tx.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^inbox_[0-9]{8}$' AND relname < $1", last
    )
    for row in old:
        await tx.execute(f"DROP TABLE IF EXISTS {row['relname']}")
    await tx.execute("DELETE FROM inbox_other WHERE seen_at < $1::date - $2::int", today, INBOX_DAYS)
    await tx.execute("DELETE FROM difference WHERE found_at < $1::date - $2::int", today, INBOX_DAYS)
    await tx.execute("DELETE FROM answered WHERE at < $1::date - $2::int", today, INBOX_DAYS)


async def _list_kept_by_month(tx: Tx) -> list[str]:
    """The tables that have a month's partition."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT whole.relname
        FROM pg_inherits
        JOIN pg_class part ON part.oid = inhrelid
        JOIN pg_class whole ON whole.oid = inhparent
        WHERE whole.relkind = 'p' AND part.relname ~ ('^' || whole.relname || '_[0-9]{6}$')
          AND pg_table_is_visible(whole.oid)
        """
    )
    return [row["relname"] for row in rows]


async def _make_month(tx: Tx, table: str, month: date) -> None:
    """One that an older version has begun in days is finished in days."""
    days = f"^{table}_{month:%Y%m}[0-9]{{2}}$"
    if not await tx.fetchval("SELECT EXISTS (SELECT 1 FROM pg_class WHERE relkind = 'r' AND relname ~ $1)", days):
        await _make(tx, f"{table}_{month:%Y%m}", month, _following(month))
        return
    for offset in range((_following(month) - month).days):
        await _make_day(tx, table, month + timedelta(days=offset))


async def _make_day(tx: Tx, table: str, day: date) -> None:
    await _make(tx, f"{table}_{day:%Y%m%d}", day, day + timedelta(days=1))


async def _make(tx: Tx, name: str, first: date, end: date) -> None:
    """A partition by `day`, of the table that the name begins with; `end` is the first day after it."""
    if await tx.fetchval("SELECT to_regclass($1)", name) is not None:
        return
    table = name.rpartition("_")[0]
    # One that had begun before its partition was made stays where it is; those after it get theirs.
    late = f"SELECT EXISTS (SELECT 1 FROM {table}_other WHERE day >= $1 AND day < $2)"  # noqa: S608 - a table of ours
    if not await tx.fetchval(late, first, end):
        await tx.execute(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{first}') TO ('{end}')")
        await _guard(tx, name, table)


async def _guard(tx: Tx, name: str, table: str) -> None:
    """What may not be emptied whole may not be emptied piecemeal: a statement's trigger does not reach partitions."""
    rows = await tx.fetch(
        """
        SELECT tgname, tgfoid::regproc::text AS does FROM pg_trigger
        WHERE tgrelid = $1::text::regclass AND NOT tgisinternal AND tgtype & 32 <> 0
        """,
        table,
    )
    for row in rows:
        await tx.execute(f"CREATE TRIGGER {row['tgname']} BEFORE TRUNCATE ON {name} EXECUTE FUNCTION {row['does']}()")


def _following(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


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
