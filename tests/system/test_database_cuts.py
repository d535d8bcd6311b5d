"""Who may blame a message: the database is cut 25 times in mid-work, and every event is followed to its end."""

import asyncio
from uuid import UUID

import pytest

from shared import db
from tests.conftest import Urls
from tests.system.conftest import Probe, until
from tests.system.probe.service import counted

CUTS = 25


@pytest.mark.parametrize("names", [["good"], ["good"] * 20 + ["rejected"]], ids=["singles", "batches"])
async def test_no_event_is_lost_or_blamed_when_the_database_is_cut(
    probe: Probe, servers: Urls, names: list[str]
) -> None:
    sent: set[UUID] = set()
    guilty: set[UUID] = set()
    stop = asyncio.Event()

    async def feed() -> None:
        while not stop.is_set():
            ids, body = counted(*names)
            await probe.publish(body)
            guilty.update(key for key, name in zip(ids, names, strict=True) if name == "rejected")
            sent.update(ids)
            await asyncio.sleep(0.005)

    feeding = asyncio.create_task(feed())
    retried = await _cut(servers, probe.settings.database_url, CUTS)
    stop.set()
    await feeding

    async def all_there() -> bool:
        return await probe.count("entry") + await probe.count("parked") >= len(sent)

    await until(all_there, f"{len(sent)} events handled", 60)
    handled = {row["id"] for row in await probe.fetch("SELECT id FROM entry")}
    parked = {row["event_id"] for row in await probe.fetch("SELECT event_id FROM parked")}
    assert handled == sent - guilty
    assert parked == guilty
    assert await probe.dead() == 0
    assert retried >= CUTS, "the cuts did not hit any session: the run proves nothing"

    async def outbox_empty() -> bool:
        return await probe.count("outbox") == 0

    await until(outbox_empty, "an empty outbox")
    assert await probe.count("event_log") == len(handled)


async def _cut(servers: Urls, dsn: str, times: int) -> int:
    """Ends all sessions of the database and keeps new ones out for a moment, again and again; how many were ended."""
    name = dsn.rsplit("/", 1)[1]
    admin = await db.connect(servers.database, "cutter")
    ended = 0

    async def is_used() -> bool:
        return bool(await admin.fetchval("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", name))

    for round_ in range(times):
        await asyncio.sleep((round_ * 37 % 100) / 400)
        await until(is_used, "the last cut overcome")
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        ended += await admin.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1", name
        )
        await asyncio.sleep(0.1)
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await admin.close()
    return ended
