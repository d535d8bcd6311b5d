"""The pool, and the one question every retry needs answered: is the database away, or is the data bad?"""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Row: TypeAlias = asyncpg.Record
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Tx: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
"""A connection inside a transaction that somebody else began and will end: rooms never commit."""

AWAY_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
"""SQLSTATE classes that another try can cure: connection, deadlock, resources, locks, shutdown, system."""

MOST_QUERIES = 100_000_000
"""After which a session gives way to a new one. The driver's 50,000 are half a minute's work at 200 reports a second,
and the first report of a new session waits until it is there and knows its types: 0.3 s on a busy machine."""


async def open_pool(dsn: str, name: str, size: int = 10) -> Pool:
    """A pool whose sessions are called `name`, speak UTC and JSON, and give up when they idle in a transaction."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        max_queries=MOST_QUERIES,
        init=_speak_json,
        reset=_keep,
        server_settings={
            "application_name": name,
            "timezone": "UTC",
            "statement_timeout": "60s",
            "lock_timeout": "20s",
            "idle_in_transaction_session_timeout": "15s",
            "jit": "off",  # compiling takes longer than any statement of ours
        },
    )
    return await pool


async def connect(dsn: str, name: str) -> "asyncpg.Connection[asyncpg.Record]":
    """One connection, for tools that do one thing and end."""
    connection = await asyncpg.connect(dsn, server_settings={"application_name": name, "timezone": "UTC"})
    await _speak_json(connection)
    return connection


def away(error: BaseException) -> bool:
    """True when the same thing may pass later: the server is gone, busy or took us as a deadlock's victim."""
    state = getattr(error, "sqlstate", None)
    if state:
        return state[:2] in AWAY_CLASSES
    # InternalClientError is what asyncpg raises when the connection is cut in mid-protocol.
    gone = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    return isinstance(error, gone) and not isinstance(error, ValueError)


async def copy_rows(tx: Tx, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add many rows at once. The quickest way there is, but one that knows no ON CONFLICT."""
    if rows:
        await tx.copy_records_to_table(table, columns=columns, records=rows)


async def _speak_json(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)


async def _keep(_: Any) -> None:
    """No reset on release (a round trip saved): sessions only use transaction-level settings and locks."""
