"""A suspicion that a till told one sale twice is settled by itself when only one of the two stands."""

from datetime import timedelta
from typing import Any

import pytest

from services.sales.handlers.voids import record_voids, void_sale
from shared.contracts.sales import VoidSale
from shared.contracts.sales.tills import FindingSettled
from shared.db import Pool
from tests.integration.sales.builders import NOON, Database, a_sale, a_void, do, open_shop, received, report, told
from tests.integration.sales.till_road import Road
from tests.integration.sales.watching import findings, look, of_kind


async def suspect(pool: Pool, **more: Any) -> Any:
    """Two receipts alike."""
    await open_shop(pool)
    await report(pool, a_sale(receipt="1", **more), a_sale(receipt="2", **more))
    await look(pool)
    (found,) = await findings(pool, kind="suspected-duplicate")
    return found


async def states(pool: Pool) -> list[str]:
    return [found.state for found in await findings(pool, state="all", kind="suspected-duplicate")]


async def test_a_person_who_takes_one_of_the_two_back_has_settled_it(database: Database) -> None:
    pool = await database("sales")
    found = await suspect(pool)
    command = VoidSale(sale_id=found.detail["sale_ids"][1], reason="the buyer has one receipt")
    _, events = await do(pool, void_sale, command)
    (settled,) = of_kind(events, FindingSettled)
    assert (settled.finding_id, settled.cured) == (found.finding_id, True)
    assert await states(pool) == ["settled"]


async def test_so_has_the_till_that_voids_one_of_the_receipts(database: Database) -> None:
    pool = await database("sales")
    await suspect(pool)
    assert len(told(await report(pool, a_void(receipt="1")), FindingSettled)) == 1
    assert await states(pool) == ["settled"]
    assert told(await report(pool, a_void(receipt="2")), FindingSettled) == []


async def test_a_void_that_is_booked_while_the_suspicion_arises_settles_it_when_it_is_heard_of(
    database: Database,
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"), a_sale(receipt="2"))
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await void_in(slow, "1")
        await look(pool)
        await transaction.commit()
    assert await states(pool) == ["open"]
    assert len(of_kind(await look(pool), FindingSettled)) == 1
    assert await states(pool) == ["settled"]


async def void_in(tx: Any, receipt: str) -> None:
    await record_voids([received(a_void(receipt=receipt))], tx)


@pytest.mark.parametrize("other", [a_void(receipt="3"), a_void(receipt="1", till="till-2")])
async def test_what_else_is_voided_leaves_it_open(database: Database, other: Any) -> None:
    pool = await database("sales")
    await suspect(pool)
    hours = timedelta(hours=2)
    await report(pool, a_sale(receipt="3", sold_at=NOON - hours), a_sale(till="till-2", receipt="1"), other)
    await look(pool)
    assert "open" in await states(pool)


async def test_a_line_that_is_overruled_is_no_twin_any_more(database: Database) -> None:
    pool = await database("sales")
    await suspect(pool)
    road = Road(pool)
    await road.bring(a_sale(receipt="2", unit_price=350_000))
    assert await road.choose("citos/till-1/2/1", "receipt_line_changed") == 1
    assert await states(pool) == ["settled"]
