"""After the course: who accompanies whom, what is agreed on visits, and who is asked first when an order comes."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from deploy.local.demo.api import Api, Json
from deploy.local.demo.desk import Desk
from deploy.local.demo.people import RUSUN
from deploy.local.demo.programme import Programme
from deploy.local.demo.settle import settle_income
from deploy.local.demo.show import Show
from deploy.local.demo.till_data import JAKARTA

COMPANION = "Ibu Sari"
"""Of some makers in the rusun for which nobody has been found yet."""

ACCOMPANIED_SINCE, VISITED_ON, DUE_ON = date(2026, 9, 1), date(2026, 9, 7), date(2026, 9, 21)
FIRST = 4
ORDER = {"about": "HOTEL-2026-12", "craft": "batik", "kind": "order"}
TIME_TO_ANSWER = timedelta(days=14)
AGREED = (
    ("visit", "Foto produk bersama"), ("visit", "Buka buku kas harian"), ("call", "Antar contoh ke gerai"),
    ("message", "Daftar izin usaha (NIB)"),
)  # fmt: skip


async def accompany(desk: Desk, plan: Programme, show: Show, now: datetime) -> None:
    """Companions, visits with next steps, and a proposal to whoever stands first."""
    earners = len(plan.earners())
    with show.step("makers seen to earn", earners) as done:
        await settle_income(desk, earners, done)
    ids = await desk.maker_ids()
    trained = {number for course in plan.courses for number in course.graduates()}
    unaided = [person for person in plan.people if person.rusun == RUSUN[-1].code and person.number in trained]
    with show.step("companions, visits, a proposal", FIRST + 1) as done:
        chosen = [ids[person.name] for person in unaided[:FIRST]]
        await asyncio.gather(*[_look_after(desk.coordinator, maker_id, n) for n, maker_id in enumerate(chosen)])
        done(FIRST)
        await _propose(desk.coordinator, now)
        done()


async def _look_after(api: Api, maker_id: str, n: int) -> None:
    """What was agreed with the first of them is done, the others' is not."""
    companion = {"companion": COMPANION, "since": ACCOMPANIED_SINCE.isoformat()}
    await api.post(f"/v1/makers/{maker_id}/companion", companion, f"companion/{maker_id}")
    kind, what = AGREED[n]
    agreed = {"what": what, "due_on": (DUE_ON + timedelta(days=n)).isoformat()}
    visit = {"visited_on": VISITED_ON.isoformat(), "companion": COMPANION, "kind": kind, "next_steps": [agreed]}
    seen = await api.post(f"/v1/makers/{maker_id}/visits", visit, f"visit/{maker_id}")
    if n == 0:
        [step] = seen["next_steps"]
        await api.post(f"/v1/next-steps/{step['step_id']}/done", {}, f"done/{maker_id}")


async def _propose(api: Api, now: datetime) -> None:
    """Once: whoever stands first after it stands there because she was asked."""
    if await api.every("/v1/proposals", about=ORDER["about"]):
        return
    first: Sequence[Json] = (await candidates(api, 1))["items"]
    due_on = (now.astimezone(JAKARTA) + TIME_TO_ANSWER).date().isoformat()
    proposal = ORDER | {"maker_id": first[0]["maker_id"], "due_on": due_on}
    await api.post("/v1/proposals", proposal, f"proposal/{ORDER['about']}/{due_on}")


async def candidates(api: Api, limit: int) -> Json:
    """Whom to ask first for the order."""
    query = {"for": ORDER["kind"], "craft": ORDER["craft"], "about": ORDER["about"]}
    return await api.get("/v1/accompaniment/candidates", limit=limit, **query)
