"""A class in the programme: a cohort with its sessions, who is in it, and how each session went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, now


@dataclass(frozen=True)
class Classroom:
    """A cohort of a world."""

    world: World
    path: str
    sessions: Sequence[str]

    async def enrol(self, *makers: str) -> None:
        """A seat for each, from today on."""
        for maker in makers:
            await self.world.coordinator.post(f"{self.path}/enrolments", {"maker_id": maker})

    async def mark(self, number: int, *entries: Json, **others: str) -> Json:
        """A sheet, or a part of one."""
        return await self._post(number, "attendance", {"entries": list(entries), **others})

    async def hold(self, number: int, minutes: int, start: datetime | None = None) -> Json:
        """The end of a session that began now, or then."""
        held = {"actual_start": (start or now()).isoformat(), "actual_minutes": minutes}
        return await self._post(number, "completion", held)

    async def sheet(self, number: int) -> Json:
        sheet: Json = await self.world.coordinator.get(f"/v1/sessions/{self.sessions[number - 1]}")
        return sheet

    async def marks(self, number: int) -> dict[str, tuple[str | None, int | None]]:
        """Status and minutes by maker."""
        lines = (await self.sheet(number))["makers"]
        return {line["maker_id"]: (line["status"], line["minutes"]) for line in lines}

    async def see(self, what: str = "") -> Any:
        """The cohort, or something of it: `completion`, `overruns`."""
        return await self.world.coordinator.get(f"{self.path}/{what}".rstrip("/"))

    async def _post(self, number: int, what: str, body: Json) -> Json:
        done: Json = await self.world.coordinator.post(f"/v1/sessions/{self.sessions[number - 1]}/{what}", body)
        return done


async def a_classroom(world: World, sessions: int | list[Json] = 1, **fields: Any) -> Classroom:
    """Sessions of three hours, a week apart, the first one within the hour; or just these."""
    first, plan = now() + timedelta(minutes=30), sessions
    if isinstance(plan, int):
        plan = [{"planned_start": (first + timedelta(weeks=week)).isoformat()} for week in range(plan)]
    what = {"craft": "batik", "title": "Batik tulis", "rusun": await world.rusun(), "trainer": "Bu Sri"}
    cohort = await world.coordinator.post("/v1/cohorts", {**what, "sessions": plan, **fields})
    return Classroom(world, f"/v1/cohorts/{cohort['cohort_id']}", [one["session_id"] for one in cohort["sessions"]])
