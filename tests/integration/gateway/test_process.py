"""The gateway as a process: it migrates, starts, finishes what it holds, and ends well."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from deploy.local.state import REPOSITORY
from services.gateway import keys
from shared import db
from shared.runtime.process import Process
from tests.conftest import MakeDatabase, Urls
from tests.integration.gateway.conftest import House


@asynccontextmanager
async def process(servers: Urls, database_url: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KARYA_")},
        "KARYA_DATABASE_URL": database_url,
        "KARYA_AMQP_URL": servers.amqp,
        "KARYA_HTTP_PORT": str(_free_port()),
        "PYTHONPATH": str(REPOSITORY),
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.gateway", *arguments, env=environment, stdout=asyncio.subprocess.PIPE
    )
    started.url = f"http://127.0.0.1:{environment['KARYA_HTTP_PORT']}"  # type: ignore[attr-defined]
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def test_an_empty_database_is_migrated_once(servers: Urls, make_database: MakeDatabase) -> None:
    url = await make_database("gateway")
    connection = await db.connect(url, "tests")
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for _ in range(2):
        async with process(servers, url, "migrate") as migrating:
            assert await asyncio.wait_for(migrating.wait(), 20) == 0
    assert await connection.fetchval("SELECT count(*) FROM api_key") == 0
    await connection.close()


async def test_what_is_under_way_is_finished_before_the_end(
    house: House, training: Process, servers: Urls, make_database: MakeDatabase
) -> None:
    url = await make_database("gateway")
    key = await keys.create(url, "coordinator", "ani")
    async with process(servers, url) as gateway:
        base: str = gateway.url  # type: ignore[attr-defined]
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=20) as client:
            await _until_ready(client)
            slow = asyncio.create_task(client.get("/v1/makers?rusun=slow"))
            await asyncio.sleep(0.3)
            gateway.send_signal(signal.SIGTERM)
            answer = await slow
            assert answer.status_code == 200
        assert await asyncio.wait_for(gateway.wait(), 20) == 0


async def _until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return
            except httpx.ConnectError:
                pass
            await asyncio.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
