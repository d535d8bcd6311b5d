"""Faults of the network between the services and their servers."""

import asyncio

from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.timeline import Planned


async def cut_broker(house: Installation, _: Planned) -> str:
    """Every connection is reset, in mid-frame."""
    return f"{house.broker.cut()} connections"


async def cut_database(house: Installation, _: Planned) -> str:
    return f"{house.database.cut()} connections"


async def half_open_broker(house: Installation, planned: Planned) -> str:
    """Nobody hears anything, and nobody is told that."""
    return f"{await house.broker.half_open(planned.seconds)} connections for {planned.seconds:.1f} s"


async def half_open_database(house: Installation, planned: Planned) -> str:
    return f"{await house.database.half_open(planned.seconds)} connections for {planned.seconds:.1f} s"


async def stall(house: Installation, planned: Planned) -> str:
    """Both servers answer late, and then all at once."""
    await asyncio.gather(house.broker.stall(planned.seconds), house.database.stall(planned.seconds))
    return f"{planned.seconds:.1f} s"
