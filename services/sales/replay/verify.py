"""Replays an installation's logs into an empty database and holds the books of both against each other."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.sales.replay.replayer import CHUNK, Replayer, describe, wires
from services.sales.storage import replay as storage
from services.sales.views.books import Books, get_books
from services.sales.views.pages import get_untold
from shared import db
from shared.db import Row, Tx
from shared.errors import Rejected
from shared.runtime.migrate import migrate
from shared.runtime.replay import log
from shared.runtime.replay.heard import sieve

NAME = "sales-replay"
MIGRATIONS = Path(__file__).parents[1] / "migrations"
OWN = "sales"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Databases:
    """URLs: of the logs, and of an empty database on any server."""

    training: str
    catalog: str
    sales: str
    target: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """`unexplained`: events whose cause is in no log; `untold`: up to which day events told less of single lines."""

    books: Books
    events: int
    seconds: float
    unexplained: tuple[str, ...]
    untold: date = date.min


@dataclass(frozen=True, slots=True)
class Verdict:
    """The books in use, and those that were made anew."""

    production: Books
    replayed: Replayed

    @property
    def equal(self) -> bool:
        return not self.replayed.unexplained and self.production == self.replayed.books


async def replay(databases: Databases, progress: Progress) -> Replayed:
    """Into the target. Raises Rejected when that is not empty."""
    await _prepare(databases.target)
    async with _looking_at(databases) as (logs, target):
        return await _replay(logs, target, progress)


async def verify(databases: Databases, progress: Progress) -> Verdict:
    """Both of one moment: what is recorded later is not seen. Raises Rejected when the target is not empty."""
    await _prepare(databases.target)
    async with _looking_at(databases) as (logs, target):
        replayed = await _replay(logs, target, progress)
        return Verdict(await get_books(logs[OWN], replayed.untold), replayed)


async def _prepare(url: str) -> None:
    target = await db.connect(url, NAME)
    try:
        if await storage.has_tables(target):
            raise Rejected("database_not_empty", "a replay needs an empty database, without any table")
    finally:
        await target.close()
    await migrate(url, OWN, MIGRATIONS)


@asynccontextmanager
async def _looking_at(databases: Databases) -> AsyncIterator[tuple[dict[str, Tx], Tx]]:
    """The logs by service, each as it is at one moment, and the target."""
    async with AsyncExitStack() as stack:
        logs: dict[str, Tx] = {}
        # Sales first: what it has heard of the others until then is in their logs when these are looked at.
        for service, url in ((OWN, databases.sales), ("training", databases.training), ("catalog", databases.catalog)):
            logs[service] = connection = await db.connect(url, NAME)
            stack.push_async_callback(connection.close)
            await stack.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
            await connection.execute("SELECT FROM event_log LIMIT 1")  # the moment is that of the first look
        target = await db.connect(databases.target, NAME)
        stack.push_async_callback(target.close)
        await target.execute("SET synchronous_commit = off")
        yield logs, target


async def _replay(logs: dict[str, Tx], target: Tx, progress: Progress) -> Replayed:
    began, replayer = time.monotonic(), Replayer(target)
    await storage.add_lookup(target)
    heard = await sieve(OWN, logs[OWN], replayer.clock())
    async for entries in _chunks(log.merge([log.read(tx, wires()[service]) for service, tx in logs.items()])):
        texts = await heard.texts(entries)
        if texts:
            await replayer.feed(texts)
        progress(replayer.count)
    left = await replayer.finish()
    await storage.drop_lookup(target)
    seconds, untold = time.monotonic() - began, await get_untold(target)
    unexplained = tuple([describe(message) for message in left])
    return Replayed(await get_books(target, untold), replayer.count, seconds, unexplained, untold)


async def _chunks(entries: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
    chunk: list[Row] = []
    async for entry in entries:
        chunk.append(entry)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
