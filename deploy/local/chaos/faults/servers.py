"""Faults of the two servers: killed, restarted, short of memory or disk, and sessions that end or never end."""

import asyncio
import signal
from functools import partial

import asyncpg

from deploy.broker.definitions import SERVICES
from deploy.local import pids, postgres
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.house.nodes import DISK, MEMORY, Node
from deploy.local.chaos.timeline import Planned


async def _end_broker(how: signal.Signals, house: Installation, planned: Planned) -> str:
    node = _node(house, planned)
    await house.nodes.fail(node, how, planned.seconds)
    return f"{node.name}, away for {planned.seconds:.1f} s"


kill_broker = partial(_end_broker, signal.SIGKILL)
restart_broker = partial(_end_broker, signal.SIGTERM)
lose_node = partial(_end_broker, signal.SIGKILL)


async def crash_database(house: Installation, _: Planned) -> str:
    """Ends at once, as with its machine, and recovers from its log."""
    await asyncio.to_thread(pids.stop, house.state, postgres.NAME, signal.SIGQUIT)
    await asyncio.to_thread(postgres.start, house.state)
    return "postgres"


async def kill_sessions(house: Installation, planned: Planned) -> str:
    """About half of those that the services have."""
    admin = await asyncpg.connect(house.admin_url)
    try:
        killed = await admin.fetchval(
            """
            SELECT count(*) FROM (
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = ANY($1::text[]) AND (hashtext(pid::text) + $2) % 2 = 0
            ) killed
            """,
            list(SERVICES),
            int(planned.pick * 1000),
        )
    finally:
        await admin.close()
    return f"{killed} sessions"


async def long_transaction(house: Installation, planned: Planned) -> str:
    """Somebody's report that runs for long: nothing can be vacuumed meanwhile."""
    service = planned.choose(("sales", "notify"))
    session = await asyncpg.connect(house.database_url(service, service))
    try:
        async with session.transaction(isolation="repeatable_read", readonly=True):
            await session.fetchval("SELECT count(*) FROM event_log")
            await asyncio.sleep(planned.seconds)
    finally:
        await session.close()
    return service


async def memory_alarm(house: Installation, planned: Planned) -> str:
    """The broker takes nothing more from whoever publishes."""
    return await _alarm(house, planned, ("set_vm_memory_high_watermark", "absolute"), ("1MB", MEMORY))


async def disk_alarm(house: Installation, planned: Planned) -> str:
    return await _alarm(house, planned, ("set_disk_free_limit",), ("900000GB", DISK))


async def _alarm(house: Installation, planned: Planned, words: tuple[str, ...], limits: tuple[str, str]) -> str:
    node, (alarming, usual) = _node(house, planned), limits
    await asyncio.to_thread(house.nodes.control, node, *words, alarming)
    try:
        await asyncio.sleep(planned.seconds)
    finally:
        await asyncio.to_thread(house.nodes.control, node, *words, usual)
    return node.name


def _node(house: Installation, planned: Planned) -> Node:
    name = planned.choose([node.name for node in house.nodes.all])
    return next(node for node in house.nodes.all if node.name == name)
