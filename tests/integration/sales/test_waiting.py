"""Why a maker has not been paid yet: the days of hold, the outlet, or nothing but the next batch."""

from datetime import date
from typing import Any

import pytest

from services.sales.handlers.settlement.payouts import freeze_payout
from services.sales.views.waiting import get_waiting
from shared.contracts.sales.remittances import GetWaiting, MakersWaiting, Waiting
from shared.contracts.sales.settlement import FreezePayout
from shared.db import Pool
from shared.errors import NotFound
from tests.integration.sales.builders import ANI, NOON, POUCH, SRI, WATI, Database, a_return, do, open_shop, report
from tests.integration.sales.remitting import (
    DECEMBER,
    SHAWLS,
    in_days,
    open_strict_shop,
    remit,
    remit_and_tell,
    reverse,
    shawl,
)
from tests.integration.sales.settling import KOP, NOBODYS, order, void

HERS = 455_000


async def waiting(pool: Pool, days: int = 0, **other: Any) -> Waiting:
    return await do(pool, get_waiting, GetWaiting(**({"maker_id": ANI} | other)), in_days(days))


def sums(seen: Waiting) -> tuple[int, int, int]:
    return seen.hold, seen.outlet, seen.payable


async def test_first_the_days_of_hold_then_the_outlet_then_the_next_batch(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(18), shawl(20))
    early = await do(pool, get_waiting, GetWaiting(maker_id=ANI), NOON)
    assert [(sale.why, sale.held_until) for sale in early.items] == [
        ("hold", date(2026, 11, 25)),
        ("hold", date(2026, 11, 27)),
    ]
    assert sums(await waiting(pool)) == (0, 2 * HERS, 0)
    await remit(pool, 2 * SHAWLS - 175_000)
    first, second = (await waiting(pool)).items
    assert (first.why, first.remitted, first.due_by, first.late) == ("payable", True, None, False)
    assert (second.why, second.remitted, second.due_by, second.late) == ("outlet", False, date(2026, 12, 7), False)
    assert (second.receipt, second.outlet, second.sku, second.amount) == ("20", "citos", "BTK-0007", HERS)
    assert (await waiting(pool, 5)).items[1].late
    assert sums(await waiting(pool)) == (0, HERS, HERS)
    await remit(pool, 175_000)
    assert sums(await waiting(pool)) == (0, 0, 2 * HERS)


async def test_only_what_is_settled_is_frozen_and_then_it_waits_no_more(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2), shawl(3))
    await remit(pool, 2 * SHAWLS - 175_000)
    payable = (await waiting(pool)).payable
    batch = await order(pool, freeze_payout, FreezePayout(cooperative=KOP), now=DECEMBER)
    assert (batch.total, payable) == (HERS, HERS)
    assert [(sale.receipt, sale.why) for sale in (await waiting(pool)).items] == [("3", "outlet")]
    await remit(pool, 175_000)
    assert (await order(pool, freeze_payout, FreezePayout(cooperative=KOP), now=DECEMBER)).total == HERS
    assert (await waiting(pool)).items == []


async def test_where_the_programme_advances_nobody_waits_for_the_outlet(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2))
    (sale,) = (await waiting(pool)).items
    assert (sale.why, sale.remitted, sale.due_by) == ("payable", False, None)


async def test_what_came_back_makes_it_less_and_what_is_gone_is_not_shown(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2, quantity=2), shawl(3), shawl(4))
    await report(pool, a_return(original_receipt="2"), a_return(receipt="C3", original_receipt="3"))
    await void(pool, "4")
    assert [(sale.receipt, sale.amount) for sale in (await waiting(pool)).items] == [("2", HERS)]


async def test_what_is_taken_back_of_a_remittance_waits_again(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2))
    recorded = await remit(pool, SHAWLS)
    assert sums(await waiting(pool)) == (0, 0, HERS)
    await reverse(pool, recorded.remittance_id)
    assert sums(await waiting(pool)) == (0, HERS, 0)


async def test_co_makers_wait_each_for_her_own(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2, sku=POUCH, unit_price=100_000))
    assert [(await waiting(pool, maker_id=maker)).outlet for maker in (ANI, WATI, SRI)] == [32_500, 19_500, 13_000]


async def test_it_is_shown_page_by_page_with_the_sums_of_all(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, *[shawl(day) for day in (2, 3, 4)])
    page = await waiting(pool, limit=2)
    rest = await waiting(pool, limit=2, cursor=page.next)
    assert [sale.receipt for sale in (*page.items, *rest.items)] == ["2", "3", "4"]
    assert (rest.next, page.outlet, rest.outlet) == (None, 3 * HERS, 3 * HERS)


async def test_nobody_knows_what_a_stranger_waits_for(database: Database) -> None:
    with pytest.raises(NotFound):
        await waiting(await database("sales"), maker_id=NOBODYS)


async def test_makers_are_told_once_that_the_outlet_is_short_each_of_her_own(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2), shawl(3, quantity=2), shawl(4, sku=POUCH, unit_price=100_000))
    await report(pool, a_return(original_receipt="3"))
    _, events = await remit_and_tell(pool, SHAWLS)
    (told,) = [event for event in events if isinstance(event, MakersWaiting)]
    assert (told.outlet, told.through) == ("citos", date(2026, 11, 30))
    assert {share.maker_id: share.amount for share in told.shares} == {ANI: HERS + 32_500, WATI: 19_500, SRI: 13_000}
    _, events = await remit_and_tell(pool, 1)
    assert not [event for event in events if isinstance(event, MakersWaiting)]


async def test_nobody_is_told_to_wait_for_what_the_programme_advances(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2))
    _, events = await remit_and_tell(pool, 1)
    assert not [event for event in events if isinstance(event, MakersWaiting)]
