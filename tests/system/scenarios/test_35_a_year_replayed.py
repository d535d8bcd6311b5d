"""Scenario 35. A year of a whole programme, replayed out of its event logs: balances, stock and funnel are the same.

The programme is a small one: two rusun, four makers, two outlets. All that can happen in a year happens in it, and
tills tell of the year in another order than it went.
"""

import asyncio
import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.local.state import REPOSITORY
from deploy.local.system import System
from tests.system.conftest import until
from tests.system.scenarios.conftest import an_installation
from tests.system.scenarios.lending import lend, remit
from tests.system.scenarios.paying import has_account, hear, rows_of, send
from tests.system.scenarios.people import Json
from tests.system.scenarios.tills import Till
from tests.system.scenarios.world import JAKARTA, World, begin, today

PRICE = 700_000
MALL = "mall-35"
TOLD = {
    "sale_id": {"sale", "return", "void"},
    "remittance_id": {"remittance", "commission"},
    "payout_id": {"payout", "bank", "repayment"},
    "loan_id": {"loan"},
    "write_off_id": {"write-off"},
}
"""Which kinds of entries say by which id what they were posted for."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Logs in which nothing is told but this year."""
    with an_installation(tmp_path_factory.mktemp("year")) as system:
        yield system


def months() -> list[date]:
    """The first days of the twelve months that are over, and of this one."""
    first = today().replace(day=1)
    found = [first]
    while len(found) < 13:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def at(day: date, clock: str = "10:00") -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), JAKARTA)


async def karya(system: System, *arguments: str) -> tuple[int, str]:
    """Exit code, and what was printed."""
    call = [sys.executable, "-P", "-m", "deploy.local", *arguments]
    environment = os.environ | {"KARYA_HOME": str(system.state.root), "PYTHONPATH": str(REPOSITORY)}
    run = lambda: subprocess.run(call, env=environment, capture_output=True, text=True, check=False)  # noqa: E731
    done = await asyncio.to_thread(run)
    return done.returncode, done.stdout + done.stderr


async def train(world: World, rusun: str, done: str, missed: str) -> None:
    """A course of the first month: one has completed it, the other was not there."""
    held = at(months()[0] + timedelta(days=6), "09:00")
    plan = {"craft": "batik", "title": "Batik tulis", "rusun": rusun, "trainer": "Bu Sri"}
    since = {"since": months()[0].isoformat()}
    cohort = await world.coordinator.post("/v1/cohorts", plan | {"sessions": [{"planned_start": held.isoformat()}]})
    path, session = f"/v1/cohorts/{cohort['cohort_id']}", f"/v1/sessions/{cohort['sessions'][0]['session_id']}"
    for maker in (done, missed):
        await world.coordinator.post(f"{path}/enrolments", {"maker_id": maker} | since)
    sheet = [{"maker_id": done, "status": "present"}, {"maker_id": missed, "status": "absent"}]
    await world.coordinator.post(f"{session}/attendance", {"entries": sheet})
    await world.coordinator.post(f"{session}/completion", {"actual_start": held.isoformat(), "actual_minutes": 300})
    await world.coordinator.post(f"{path}/completion", {"ended_on": (held.date() + timedelta(days=1)).isoformat()})


async def accompany(world: World, visited: str, licensed: str) -> None:
    """A visit, and one that was none; a licence, and a loan that the bank did not give."""
    for maker, day in ((visited, months()[2]), (licensed, months()[3])):
        said = {"visited_on": day.isoformat(), "companion": "Bu Dini", "kind": "visit"}
        visit = await world.coordinator.post(f"/v1/makers/{maker}/visits", said)
    await world.coordinator.post(f"/v1/visits/{visit['visit_id']}/withdrawal", {"reason": "nobody was at home"})
    for step in ("licensing", "capital"):
        said = {"step": step, "reached_on": months()[4].isoformat()}
        record = await world.coordinator.post(f"/v1/makers/{licensed}/steps", said)
    gone = {"reason": "the bank said no"}
    await world.coordinator.post(f"/v1/makers/{licensed}/steps/{record['record_id']}/withdrawal", gone)


def sell(till: Till, skus: list[str]) -> list[Json]:
    """A sale of each product each month; in some months one comes back, in others a receipt is voided."""
    told: list[Json] = []
    for number, month in enumerate(months()[:-1]):
        day = month + timedelta(days=number)
        for product, sku in enumerate(skus):
            receipt = f"Y{number:02}-{product}"
            told.append(till.sale(receipt, sku, PRICE + product * 1_001, at(day), quantity=1 + number % 3))
            if (number + product) % 5 == 1:
                back = {"original_receipt": receipt, "original_line": 1}
                told.append(till.returned(f"R{receipt}", sku, at(day + timedelta(days=2)), **back))
            if (number + product) % 5 == 3:
                told.append(till.void(receipt, at(day, "10:05")))
    return told


async def close_the_books(world: World, last: date) -> None:
    """Months up to the one that begins then, each by two people."""
    for month in [one for one in months() if one <= last]:
        for somebody in (world.finance, world.coordinator):
            await somebody.post(f"/v1/periods/{month:%Y-%m}/close")


async def live(world: World) -> dict[str, str]:
    """The year; the makers by what becomes of them."""
    rusun, other = await world.rusun(), await world.rusun()
    ani, wati, sri, dewi = [await world.maker(home) for home in (rusun, rusun, rusun, other)]
    skus = [await world.product(maker, PRICE) for maker in (ani, wati, sri, dewi)]
    await train(world, rusun, ani, wati)
    await accompany(world, ani, sri)
    tills = [await world.till(outlet) for outlet in ("citos", MALL)]
    for till in tills:
        await world.deliver(till.outlet, dict.fromkeys(skus, 40))
    await world.agree(MALL, months()[6], 3000)
    for till in tills:
        told = sell(till, skus)
        await world.report(till, *reversed(told[:40]))
        await world.report(till, *told[40:])
    move = {"rusun": other, "block": "B", "unit": "2", "since": months()[8].isoformat()}
    await world.coordinator.post(f"/v1/makers/{sri}/moves", move)
    await settle(world, rusun, ani, tills[0], skus[0])
    await close_the_books(world, months()[9])
    late = months()[5] + timedelta(days=20)
    await world.report(tills[1], tills[1].sale("LATE", skus[3], PRICE, at(late)))
    return {"ani": ani, "wati": wati, "sri": sri, "dewi": dewi, "rusun": rusun, "other": other}


async def settle(world: World, rusun: str, maker: str, till: Till, sku: str) -> None:
    """Money that comes in, a loan, a batch, a piece that comes back after it, a debt that is given up, statements."""
    for outlet in ("citos", MALL):
        await remit(world, outlet, 5_000_000, f"TRF-{outlet}")
    [wrong, *_] = await world.finance.every("/v1/remittances", outlet=MALL)
    await world.finance.post(f"/v1/remittances/{wrong['remittance_id']}/reversal", {"reason": "another outlet's"})
    await lend(world, maker, 300_000, 3, months()[1])
    await pay(world, f"kop-{rusun}", maker)
    back = {"original_receipt": "Y02-0", "original_line": 1}
    await world.report(till, till.returned("AFTER", sku, at(today(), "00:00"), **back))
    written = await world.finance.post("/v1/write-offs", {"maker_id": maker, "amount": 1_000, "reason": "a gift"})
    for somebody in (world.finance, world.coordinator):
        await somebody.post(f"/v1/write-offs/{written['write_off_id']}/approvals")
    while (await world.finance.post("/v1/statements", {"month": f"{months()[11]:%Y-%m}"}))["more"]:
        pass


async def pay(world: World, cooperative: str, first: str) -> None:
    """A batch of which only one maker's line is paid at once; another bounces and is paid when it is tried again."""
    await has_account(world, cooperative)
    path = await send(world, cooperative)
    rows = await rows_of(world, path)
    other = next(row for payee, row in rows.items() if row["maker_id"] and payee != first)
    await hear(world, path, paid=rows[first], failed=other)
    await world.finance.post(f"{path}/retries", {"maker_ids": [other["maker_id"]]})
    assert (await world.finance.post(f"{path}/payment"))["state"] == "paid"


async def reached(world: World, rusun: str | None = None) -> dict[str, int]:
    asked = {"rusun": rusun} if rusun else {}
    funnel = await world.coordinator.get("/v1/funnel", **asked)
    return {step["code"]: step["reached"] for step in funnel["steps"]}


async def test_a_year_comes_out_of_its_events_as_it_was(own: System, tmp_path: Path) -> None:
    async with begin(own, await asyncio.to_thread(own.endpoints)) as world:
        people = await live(world)
        await until(lambda: all_earned(world), "training knows who earned")
        figures, told = await replay(own, tmp_path)

        assert figures["equal"], told
        assert figures["unexplained"] == []
        assert all(figures["pages"].values())
        compared = {"accounts", "shelves", "units", "months", "periods", "papers", "funnel"}
        assert compared <= figures["pages"].keys()
        whole = await reached(world)
        assert (whole["registration"], whole["training"], whole["accompaniment"]) == (4, 1, 1)
        assert (whole["licensing"], whole["marketing"], whole["capital"]) == (1, 4, 0)
        assert (await reached(world, people["other"]))["registration"] == 2, "Sri has moved there"
        await the_books_hold(world, own, tmp_path)


async def all_earned(world: World) -> bool:
    return (await reached(world))["marketing"] == 4


async def replay(system: System, folder: Path) -> tuple[Any, str]:
    """What `./karya replay --verify` found, and what it printed."""
    found = folder / "replay.json"
    _, told = await karya(system, "replay", "--verify", "--json", str(found))
    return json.loads(found.read_text()), told


async def the_books_hold(world: World, system: System, folder: Path) -> None:
    """The late sale counts in an open month, all is sealed, and the file of a month ties out."""
    month = months()[5]
    late = await world.finance.every(f"/v1/periods/{month:%Y-%m}/adjustments")
    assert {(one["receipt"], one["booked"]) for one in late} == {("LATE", months()[10].isoformat())}
    entries = await world.finance.every("/v1/ledger/entries")
    assert {name: {one["kind"] for one in entries if one[name]} for name in TOLD} == TOLD
    assert all(any(one[name] for name in TOLD) for one in entries)
    for command in ("seal", "verify"):
        code, told = await karya(system, "ledger", command)
        assert code == 0, told
    out = folder / "month.csv"
    code, told = await karya(system, "ledger", "export", "--month", f"{month:%Y-%m}", "--out", str(out))
    assert code == 0, told
    with out.open(newline="") as file:
        *lines, total = csv.DictReader(file)
    moved = await world.finance.get("/v1/ledger/movements", month=f"{month:%Y-%m}")
    assert moved["state"] == "closed"
    assert int(total["amount"]) == moved["debit"] == sum([int(line["amount"]) for line in lines])
