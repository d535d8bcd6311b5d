"""A return or a void waits for its sale as long as a till may be offline; then it is a coordinator's task."""

import asyncio
import json
from datetime import timedelta

import pytest

from services.sales.domain.returns import PATIENCE
from shared.contracts.outlets import ReturnReported, VoidReported
from shared.contracts.sales import ReportParked
from shared.db import Pool
from tests.integration.sales.builders import NOON, Database, a_return, a_sale, a_void, balances, open_shop, owed
from tests.integration.sales.till_road import Road
from tests.integration.sales.watching import look

EARLY = [
    pytest.param(a_return(), "sale_not_recorded", id="return"),
    pytest.param(a_void(), "receipt_not_recorded", id="void"),
]


@pytest.mark.parametrize(("early", "code"), EARLY)
async def test_it_waits_three_days_and_then_needs_a_person(
    database: Database, early: ReturnReported | VoidReported, code: str
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(early)

    while await road.parked() == [(early.subject, code, "waiting")] and road.now < NOON + timedelta(days=30):
        await road.wait(timedelta(hours=8))

    assert await road.parked() == [(early.subject, code, "person")]
    assert PATIENCE <= road.now - NOON <= PATIENCE + timedelta(hours=8)
    assert await announced(pool) == ["waiting", "person"]
    assert not any((await balances(pool)).values())


@pytest.mark.parametrize(("early", "code"), EARLY)
async def test_a_sale_that_comes_even_later_is_booked_and_a_person_lets_it_be_taken_back(
    database: Database, early: ReturnReported | VoidReported, code: str
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(early)
    await road.wait(PATIENCE + timedelta(days=1))

    await road.bring(a_sale())
    assert await road.choose(early.subject, code) == 1

    assert await road.parked() == []
    assert not any((await balances(pool)).values())


@pytest.mark.parametrize(("early", "code"), EARLY)
async def test_it_is_tried_as_soon_as_its_sale_is_recorded_not_when_its_turn_comes(
    database: Database, early: ReturnReported | VoidReported, code: str
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(early)
    await road.wait(timedelta(hours=9))
    await road.wait(timedelta(seconds=1))
    assert await road.parked() == [(early.subject, code, "waiting")]

    await road.bring(a_sale(receipt="7"))
    await look(pool, road.now)
    await road.wait(timedelta(seconds=1))
    assert await road.parked() == [(early.subject, code, "waiting")]

    await road.bring(a_sale())
    await look(pool, road.now)
    await road.wait(timedelta(seconds=1))
    assert await road.parked() == []
    assert await owed(pool) == 455_000


@pytest.mark.parametrize(("early", "code"), EARLY)
async def test_one_that_is_being_tried_when_its_sale_is_recorded_is_tried_again_at_once(
    database: Database, early: ReturnReported | VoidReported, code: str
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(early)
    await road.wait(timedelta(hours=9))
    assert await road.parked() == [(early.subject, code, "waiting")]

    async with pool.acquire() as tried, tried.transaction():
        await tried.execute("SELECT FROM parked FOR UPDATE")
        await road.bring(a_sale())
        looking = asyncio.create_task(look(pool, road.now))
        await asyncio.wait({looking}, timeout=0.5)
    await looking
    await road.wait(timedelta(seconds=1))

    assert await road.parked() == []


async def announced(pool: Pool) -> list[str]:
    """The states in which it was told that the report is parked."""
    rows = await pool.fetch("SELECT envelope FROM event_log WHERE type = $1 ORDER BY recorded_at", ReportParked.wire)
    return [ReportParked.model_validate(json.loads(row["envelope"])["data"]).state for row in rows]
