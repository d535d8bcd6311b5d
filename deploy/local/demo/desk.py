"""The keys that the demo works with, and what it asks the system about itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from deploy.local.demo.api import Api, Json, Lines
from deploy.local.demo.closings import TillDay
from deploy.local.demo.places import OUTLETS
from deploy.local.demo.target import Target

JURORS = 3
"""The third one trains, too."""

MARKETED = "marketing"
SOON = 4
"""Tries after which a parked message still comes up again within minutes: after the fifth it rests for ten."""


@dataclass(frozen=True)
class Desk:
    """A coordinator, whoever does the money with her, the jurors, and the till of each outlet that reports by HTTP."""

    coordinator: Api
    finance: Api
    jurors: tuple[Api, ...]
    tills: dict[str, Api]

    @property
    def both(self) -> dict[str, Api]:
        """The two people without whom no money goes anywhere."""
        return {"coordinator": self.coordinator, "finance": self.finance}

    async def feed(self) -> Json:
        """What became of all that the tills reported."""
        return await self.coordinator.get("/v1/reports")

    async def trial_balance(self) -> Json:
        """Every account."""
        return await self.coordinator.get("/v1/ledger/trial-balance")

    async def notices(self) -> Json:
        """How many notices there are, by state."""
        return await self.coordinator.get("/v1/notices/summary")

    async def funnel(self, **query: str) -> Json:
        """How many makers have come how far."""
        return await self.coordinator.get("/v1/funnel", **query)

    async def earners(self) -> int:
        """How many makers have reached the step that the first income leads to."""
        reached = {step["code"]: int(step["reached"]) for step in (await self.funnel())["steps"]}
        return reached[MARKETED]

    async def waiting(self) -> int:
        """How many parked messages are tried again within minutes (all of them when few).

        Of those that were tried more often somebody else has to bring what they need: the demo cannot wait for that.
        """
        page = await self.coordinator.get("/v1/parked", state="waiting", limit=500)
        return len([one for one in page["items"] if one["attempts"] <= SOON])

    async def closings(self) -> dict[TillDay, str]:
        """What became of the tills' closings: open, tied or differs."""
        found = await asyncio.gather(
            *[self.coordinator.every(f"/v1/outlets/{place.code}/closings") for place in OUTLETS]
        )
        return {
            (closing["outlet"], closing["till"], date.fromisoformat(closing["business_date"])): closing["state"]
            for outlet in found
            for closing in outlet
        }

    async def maker_ids(self) -> dict[str, str]:
        """Makers' ids by name."""
        makers = await self.coordinator.every("/v1/makers")
        return {maker["name"]: maker["maker_id"] for maker in makers}


@asynccontextmanager
async def open_desk(target: Target) -> AsyncIterator[Desk]:
    """Keys of fixed names: what a command makes is named after who asked, so every system gets the same ids."""
    by_http = [place.code for place in OUTLETS if place.way == "http"]
    coordinator, finance, jurors, tills = await asyncio.gather(
        target.key("coordinator", "demo-coordinator"),
        target.key("finance", "demo-finance"),
        asyncio.gather(*[target.key("juror", f"demo-juror-{number + 1}") for number in range(JURORS)]),
        asyncio.gather(*[target.key("outlet", f"demo-{code}", code) for code in by_http]),
    )
    lines = Lines(target.gateway_url)
    try:
        of_tills = {code: Api(lines, key, tries=1) for code, key in zip(by_http, tills, strict=True)}
        yield Desk(Api(lines, coordinator), Api(lines, finance), tuple(Api(lines, key) for key in jurors), of_tills)
    finally:
        await lines.close()
