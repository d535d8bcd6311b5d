"""Carries a timeline out, lane by lane, and keeps what really happened."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.local.chaos.faults import BY_NAME
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.timeline import Planned


@dataclass(frozen=True, slots=True)
class Happened:
    """`began`, `ended`: seconds after the feed began. `told`: to whom, or how much of it."""

    planned: Planned
    began: float
    ended: float
    told: str

    def __str__(self) -> str:
        return f"{self.began:7.2f} - {self.ended:7.2f}  {self.planned.name}: {self.told}"


async def carry_out(
    house: Installation, planned: Sequence[Planned], seconds: float, say: Callable[[str], None]
) -> list[Happened]:
    """Until the time is over: what a lane has not begun by then is left out. Everything is undone when it returns."""
    clock = asyncio.get_running_loop().time
    zero, happened = clock(), list[Happened]()

    async def lane(name: str) -> None:
        for one in [one for one in planned if one.lane == name]:
            await asyncio.sleep(zero + one.at - clock())
            began = clock() - zero
            if began > seconds:
                return
            say(f"{began:.0f} s: {one.name}")
            told = await BY_NAME[one.name](house, one)
            happened.append(Happened(one, began, clock() - zero, told))

    async with asyncio.TaskGroup() as group:
        for name in dict.fromkeys([one.lane for one in planned]):
            group.create_task(lane(name))
    return sorted(happened, key=lambda one: one.began)
