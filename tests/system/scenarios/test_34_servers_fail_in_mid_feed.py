"""Scenario 34. RabbitMQ away, PostgreSQL crashed during an approval, sales scaled 1 -> 5 -> 1, all in mid-feed.

The same feed is played at two outlets, once undisturbed: no loss, no double, and the same books to the rupiah.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.system import System
from tests.system.conftest import until
from tests.system.scenarios.conftest import an_installation
from tests.system.scenarios.feeding import PRICES, Pace, Play, a_play, told_of
from tests.system.scenarios.replicas import scaled
from tests.system.scenarios.troubles import all_ready, broker_away, crash_database
from tests.system.scenarios.world import World, begin, wib

AWAY = 4.0


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Servers that may be stopped: nobody else uses them."""
    with an_installation(tmp_path_factory.mktemp("troubled")) as system:
        yield system


@pytest.fixture
async def troubled(own: System) -> AsyncIterator[World]:
    async with begin(own, await asyncio.to_thread(own.endpoints)) as world:
        yield world


async def test_nothing_is_lost_and_nothing_counts_twice(troubled: World) -> None:
    quiet, loud = await a_play(troubled, "pim"), await a_play(troubled, "alun-alun")
    payout = await a_frozen_batch(troubled, quiet)
    await quiet.feed(Pace(quiet.length))
    await agree_and_pay(troubled, payout)
    await settled(troubled, quiet)

    payout, pace = await a_frozen_batch(troubled, loud), Pace(0)
    async with asyncio.TaskGroup() as group:
        group.create_task(loud.feed(pace))
        group.create_task(disturb(troubled, pace, loud.length, payout))
    await all_ready(troubled.system)
    await settled(troubled, loud)

    assert await told_of(troubled, loud) == await told_of(troubled, quiet)
    assert len(await troubled.books.sales(outlet="alun-alun")) > 500


async def disturb(world: World, pace: Pace, length: int, payout: str) -> None:
    """Each trouble comes when a fifth of the feed is on its way, and the next fifth is handed in meanwhile."""
    await pace.allow(length // 5)
    await pace.used_up()
    await pace.allow(length * 2 // 5)
    async with scaled(world.system, "sales", 5):
        await pace.used_up()
        async with broker_away(world.system):
            await pace.allow(length * 3 // 5)
            await asyncio.sleep(AWAY)
        await pace.used_up()
        await pace.allow(length * 4 // 5)
        await asyncio.gather(crash_database(world.system), agree_and_pay(world, payout))
        await pace.used_up()
        await pace.allow(length)


async def a_frozen_batch(world: World, play: Play) -> str:
    """Of one sale of each product, before anything else; its id."""
    till, at = play.tills[0], wib(2, "10:00")
    first = [till.sale(f"P{number}", sku, PRICES[number], at) for number, sku in enumerate(play.skus)]
    await world.report(till, *first)
    frozen = await world.finance.post("/v1/payouts", {"cooperative": play.cooperative})
    assert len(frozen["lines"]) == len(play.makers)
    return str(frozen["payout_id"])


async def agree_and_pay(world: World, payout: str) -> None:
    """Two people agree and one pays, whatever is away in between: each does it once."""
    path = f"/v1/payouts/{payout}"
    await world.finance.insist(f"{path}/approvals")
    agreed = await world.coordinator.insist(f"{path}/approvals")
    assert (agreed["state"], len(agreed["approvals"])) == ("approved", 2)
    paid = await world.finance.insist(f"{path}/payment")
    assert [step["state"] for step in paid["steps"]] == ["frozen", "approved", "sent", "paid"]


async def settled(world: World, play: Play) -> None:
    """All that the tills counted is recorded, nothing waits, and each maker was told of everything once."""
    names = {till.name for till in play.tills}

    async def tied() -> bool:
        closings = await world.coordinator.every(f"/v1/outlets/{play.outlet}/closings")
        return {one["till"] for one in closings if one["state"] == "tied"} == names

    async def all_told() -> bool:
        return all([await untold(world, maker) <= 0 for maker in play.makers])

    await until(tied, "every till ties out", 90)
    await until(all_told, "every maker is told of everything")
    assert [await untold(world, maker) for maker in play.makers] == [0] * len(play.makers)
    for till in play.tills:
        assert await world.books.nothing_parked(play.outlet, till.name)


NO_MOVE = ("product-approved", "payout-paid")
"""Notices of what moves none of her pieces."""


async def untold(world: World, maker: str) -> int:
    """What happened to her pieces, less the notices of it."""
    happened = [line for line in await world.books.statement(maker) if line["kind"] != "payout"]
    told = await world.coordinator.every(f"/v1/makers/{maker}/notices")
    return len(happened) - len([notice for notice in told if notice["template"] not in NO_MOVE])
