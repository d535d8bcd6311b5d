"""Faults of the services themselves: killed, frozen, scaled, restarted one by one."""

import asyncio
import signal
from functools import partial

from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.inside.points import trigger
from deploy.local.chaos.timeline import Planned

LOADED = ("sales", "notify")
"""Services that a feed keeps busy."""

MOMENT_COMES = 15.0
NEVER_CAME = "the moment did not come"


async def kill(house: Installation, planned: Planned) -> str:
    """As the kernel does when memory is short."""
    name = planned.choose(house.crew.names())
    house.crew.send(name, signal.SIGKILL)
    return name


async def _kill_when(moment: str, services: tuple[str, ...], house: Installation, planned: Planned) -> str:
    """Exactly then, whichever replica comes there first. Nobody does when nothing is under way."""
    service = planned.choose(services)
    file = trigger(house.folder, service, moment)
    file.touch()
    for _ in range(int(MOMENT_COMES / 0.1)):
        if not file.exists():
            return service
        await asyncio.sleep(0.1)
    file.unlink(missing_ok=True)
    return f"{service}: {NEVER_CAME}"


kill_when_committed = partial(_kill_when, "committed", LOADED)
kill_when_published = partial(_kill_when, "published", (*LOADED, "gateway"))
kill_when_confirmed = partial(_kill_when, "confirmed", (*LOADED, "gateway"))
kill_when_acknowledged = partial(_kill_when, "acknowledged", LOADED)


async def freeze(house: Installation, planned: Planned) -> str:
    """It stands still, its connections open, and then goes on as if nothing had happened."""
    name = planned.choose(house.crew.names())
    house.crew.send(name, signal.SIGSTOP)
    try:
        await asyncio.sleep(planned.seconds)
    finally:
        house.crew.send(name, signal.SIGCONT)
    return name


async def scale(house: Installation, planned: Planned) -> str:
    service = planned.choose(LOADED)
    before = house.crew.wanted[service]
    await house.crew.scale(service, 1)
    await house.crew.scale(service, 4)
    await asyncio.sleep(planned.seconds)
    await house.crew.scale(service, 1)
    await house.crew.scale(service, before)
    return service


async def roll(house: Installation, planned: Planned) -> str:
    """Each replica ends gracefully and is started again, under load."""
    service = planned.choose(list(house.crew.wanted))
    for name in [name for name in house.crew.names() if name.partition("-")[0] == service]:
        await house.crew.end(name)
        await asyncio.sleep(1.5)
    return service
