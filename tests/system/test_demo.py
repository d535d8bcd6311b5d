"""The demo on a system of its own: the books agree, a second run changes nothing, no crash costs a rupiah."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from deploy.broker.definitions import SERVICES
from deploy.local.demo.api import Advance
from deploy.local.demo.play import play
from deploy.local.demo.show import Show
from deploy.local.demo.target import Local
from deploy.local.state import REPOSITORY, State
from deploy.local.system import System
from services.gateway import keys
from shared import db
from tests.system.conftest import until

EVENTS, MORE_EVENTS = 100, 700


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    installed = System(State(tmp_path_factory.mktemp("demo")))
    try:
        yield installed
    finally:
        installed.down()
        installed.state.erase()


def demo(system: System, file: Path) -> tuple[int, str, dict[str, Any]]:
    """Exit code, what was printed, the figures."""
    return karya(system, file, "demo", "--events", str(EVENTS))


def karya(system: System, file: Path, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    call = [sys.executable, "-P", "-m", "deploy.local", *arguments, "--json", str(file)]
    environment = os.environ | {"KARYA_HOME": str(system.state.root), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr, json.loads(file.read_text()) if file.exists() else {}


async def test_the_books_agree_and_a_second_run_changes_nothing(system: System, tmp_path: Path) -> None:
    code, told, first = await asyncio.to_thread(demo, system, tmp_path / "first.json")
    assert code == 0, told
    assert first["reports_sent"] >= EVENTS
    places = ("sales_accepted", "returns_accepted", "parked", "duplicates_ignored")
    assert sum(first[place] for place in places) == first["reports_sent"]
    assert (first["ledger_sum"], first["books_agree"], first["already_played"]) == (0, True, False)
    assert first["maker_payable"] > 0
    assert first["notices"] == first["notices_expected"] > EVENTS
    check_programme(first["programme"])

    code, told, second = await asyncio.to_thread(demo, system, tmp_path / "second.json")
    assert (code, second["already_played"]) == (0, True), told
    assert "nothing changed" in told
    timing = {"seconds", "seconds_by_step", "already_played"}
    assert {k: v for k, v in second.items() if k not in timing} == {k: v for k, v in first.items() if k not in timing}


def check_programme(said: dict[str, Any]) -> None:
    """What the demo exists to show has happened, by what the system itself says."""
    people, courses, paper = said["participants"], said["courses"], said["certificate"]
    assert [people[name] for name in ("registered", "duplicates", "refused")] == [60, 1, 1]
    assert people["moved_from_to"] == ["komarudin", "pulogebang"]
    assert (courses["cohorts"], courses["sessions"], courses["amendments"]) == (7, 28, 1)
    assert courses["overrun_minutes"] == courses["actual_minutes"] - courses["planned_minutes"] > 0
    assert courses["enrolments"] == {"cancelled": 3, "completed": 73, "not_completed": 7, "waitlisted": 1}
    assert paper["is_pdf"] and paper["is_verified"] and paper["earlier_leads_to_it"]
    chosen, stories, care = said["selection"], said["stories"], said["accompaniment"]
    assert (chosen["approved_in_second_round"], chosen["after_a_remedial_session"], chosen["refused"]) == (4, 1, 2)
    assert (chosen["jurors_who_trained_the_maker"], chosen["without_halal_certificate"]) == (1, 1)
    assert stories["with_a_photo"] == stories["told"] >= 4
    assert stories["names_its_maker"] and stories["shows_parts_of_the_price"] and stories["withdrawn_names_nobody"]
    funnel = care["funnel"]
    assert {step: funnel["all"][step] for step in ("registration", "training", "accompaniment")} == {
        "registration": 60, "training": 56, "accompaniment": 4,
    }  # fmt: skip
    assert all(sum(funnel[code][step] for code in funnel if code != "all") == n for step, n in funnel["all"].items())
    assert care["proposals"] == ["open"]
    assert (care["without_companion"], care["candidates"]) == (14, 9)


class SlowFeed(Show):
    """Tills that take their time, so that a feed lasts as long as the crashes in it."""

    def __init__(self) -> None:
        super().__init__(Console(quiet=True))
        self.begun = asyncio.Event()

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Advance]:
        with super().step(name, total) as done:
            if name != "reports sent by the tills":
                yield done
                return
            self.begun.set()
            yield lambda parts=1: time.sleep(0.8)


async def test_no_service_that_is_killed_during_the_feed_costs_a_rupiah(system: System, tmp_path: Path) -> None:
    show, crashed = SlowFeed(), []

    async def crash_each() -> None:
        await show.begun.wait()
        for service in SERVICES:
            crashed.append(await asyncio.to_thread(system.kill, service))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(system.ensure_up)

    crashes = asyncio.create_task(crash_each())
    outcome = await play(Local(system.ensure_up()), MORE_EVENTS, show, datetime.now(UTC), tmp_path)
    await crashes
    assert crashed == [True] * len(SERVICES)
    assert outcome.verdict.differences == ()
    assert not outcome.already_played


async def test_a_sale_that_is_not_in_the_file_is_found(system: System, tmp_path: Path) -> None:
    endpoints = await asyncio.to_thread(system.ensure_up)
    key = await keys.create(endpoints.database_url("gateway"), "outlet", "stranger", "alun-alun")
    looker = await keys.create(endpoints.database_url("gateway"), "coordinator", "looker")
    sale = {
        "specversion": "1.0",
        "id": "stray",
        "source": "/outlets/alun-alun/till-1",
        "type": "outlet.SaleReported.v1",
        "time": "2026-11-14T10:00:00+07:00",
        "data": {
            "outlet": "alun-alun", "till": "till-1", "receipt": "stray", "line": 1, "sku": "85123A", "quantity": 1,
            "unit_price": 51_000, "sold_at": "2026-11-14T10:00:00+07:00",
        },
    }  # fmt: skip
    async with httpx.AsyncClient(base_url=endpoints.gateway_url) as http:
        before = (await http.get("/v1/reports", headers=_bearer(looker))).json()["sales_accepted"]
        assert (await http.post("/v1/reports", json=sale, headers=_bearer(key))).status_code == 202

        async def is_booked() -> bool:
            return bool((await http.get("/v1/reports", headers=_bearer(looker))).json()["sales_accepted"] > before)

        await until(is_booked, "the stray sale is booked")
    code, told, figures = await asyncio.to_thread(demo, system, tmp_path / "stray.json")
    assert code == 1, told
    assert figures["books_agree"] is False
    assert "do not agree" in told


async def test_the_event_logs_hold_all_of_the_books_and_what_is_tampered_with_is_named(
    system: System, tmp_path: Path
) -> None:
    endpoints = await asyncio.to_thread(system.ensure_up)
    replay = ("replay", "--verify")
    code, told, figures = await asyncio.to_thread(karya, system, tmp_path / "same.json", *replay)
    assert (code, figures["equal"], figures["production"]) == (0, True, figures["replayed"]), told
    assert "The books are the same." in told
    assert figures["events"] > EVENTS

    books = await db.connect(endpoints.database_admin_url.rpartition("/")[0] + "/sales", "tests")
    shelf = await books.fetchrow("UPDATE stock SET balance = balance + 1 WHERE ctid = "
                                 "(SELECT min(ctid) FROM stock) RETURNING outlet, sku")  # fmt: skip
    code, told, figures = await asyncio.to_thread(karya, system, tmp_path / "other.json", *replay)
    left = await books.fetch("SELECT datname FROM pg_database WHERE datname LIKE 'scratch%'")
    await books.close()
    assert (code, figures["equal"], figures["differences"]) == (1, False, 1), told
    assert shelf and f"shelves: {shelf['outlet']} {shelf['sku']}: balance" in told
    assert not left, "the scratch database is gone"


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
