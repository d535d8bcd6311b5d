"""Registers rusun and the makers on their lists, and moves one of them."""

import asyncio
from collections.abc import Sequence

from deploy.local.demo.api import Advance, Api, Json, each
from deploy.local.demo.lists import FIRST_LINE, ParticipantList, lists
from deploy.local.demo.people import MOVED_ON, MOVER, RUSUN, Person, Rusun

Ids = Sequence[str]
"""The makers' ids in the order of their numbers."""


async def register(api: Api, people: Sequence[Person], done: Advance) -> Ids:
    """All makers, list by list; the lists come back with what became of each of their lines."""
    await each(RUSUN, lambda rusun: _open_rusun(api, rusun), done)
    reports = await hand_in(api, people)
    ids = [""] * len(people)
    for of_rusun, report in zip(lists(people), reports, strict=True):
        by_line = {line["line"]: line["maker_id"] for line in report["lines"]}
        for line, person in enumerate(of_rusun.people, start=FIRST_LINE):
            ids[person.number] = by_line[line]
        done(len(of_rusun.people))
    await _move(api, people[MOVER], ids[MOVER])
    return ids


async def hand_in(api: Api, people: Sequence[Person]) -> list[Json]:
    """The lists' reports. Who hands in a list again hears the same again."""
    return list(await asyncio.gather(*[_hand_in(api, of_rusun) for of_rusun in lists(people)]))


async def _hand_in(api: Api, of_rusun: ParticipantList) -> Json:
    once = f"participants/{of_rusun.rusun}"
    return await api.upload("/v1/makers/import", of_rusun.csv(), "text/csv", once, rusun=of_rusun.rusun)


async def _open_rusun(api: Api, rusun: Rusun) -> None:
    """With somebody, where there is somebody, who will accompany those who complete a course."""
    body = {
        "code": rusun.code,
        "name": rusun.name,
        "cooperative": rusun.cooperative,
        "cooperative_name": rusun.cooperative_name,
    }
    await api.post("/v1/rusun", body, f"rusun/{rusun.code}")
    if rusun.companion:
        companion = {"companion": rusun.companion}
        await api.post(f"/v1/rusun/{rusun.code}/companion", companion, f"companion/{rusun.code}")


async def _move(api: Api, person: Person, maker_id: str) -> None:
    """What she sold before stays with the rusun that she leaves."""
    home = {"rusun": RUSUN[0].code, "block": person.block, "unit": person.unit, "since": MOVED_ON.isoformat()}
    await api.post(f"/v1/makers/{maker_id}/moves", home, f"move/{person.number}")
