"""What an outlet owes, period by period: the sums are the ledger's, and who is late is said."""

from datetime import date
from typing import Any

import pytest

from services.sales.views.dues import get_dues, list_late_outlets
from shared.contracts.sales.owed import Due, LateOutlet
from shared.contracts.sales.remittances import GetDues, ListLateOutlets
from shared.db import Pool
from shared.errors import NotFound
from tests.integration.sales.builders import Database, a_return, do, open_outlet, open_shop, report
from tests.integration.sales.remitting import (
    SHAWLS,
    check_money,
    dues,
    in_days,
    open_strict_shop,
    remit,
    shawl,
)


async def late(pool: Pool, days: int, **other: Any) -> list[LateOutlet]:
    return (await do(pool, list_late_outlets, ListLateOutlets(**other), in_days(days))).items


async def test_a_period_says_what_was_sold_what_came_back_and_by_when_the_rest_is_due(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3), a_return(original_receipt="2"))
    await remit(pool, 100_000)
    owed = await dues(pool)
    assert owed.items == [
        Due(
            since=date(2026, 11, 1),
            through=date(2026, 11, 30),
            remits="monthly",
            due_by=date(2026, 12, 7),
            sold=1_400_000,
            returned=700_000,
            commission=175_000,
            due=SHAWLS,
            remitted=0,
            open=SHAWLS,
            commission_open=175_000,
            late=False,
        )
    ]
    assert (owed.on_account, owed.owed, owed.receivable) == (100_000, 425_000, 600_000)
    await check_money(pool)


async def test_weeks_are_listed_the_newest_first_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool, remits="weekly", grace_days=2)
    await report(pool, *[shawl(day) for day in (2, 8, 9, 20)])
    await remit(pool, 2 * SHAWLS)
    first = await dues(pool, limit=2)
    assert [(due.since.day, due.through.day, due.due_by.day, due.due, due.open) for due in first.items] == [
        (16, 22, 24, SHAWLS, SHAWLS),
        (9, 15, 17, SHAWLS, SHAWLS),
    ]
    (last,) = (await dues(pool, limit=2, cursor=first.next)).items
    assert (last.since.day, last.due, last.remitted, last.open) == (2, 2 * SHAWLS, 2 * SHAWLS, 0)
    assert (first.open, first.late) == (2 * SHAWLS, True)
    await check_money(pool)


async def test_who_has_not_remitted_when_the_days_of_grace_are_over_is_late(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, shawl(2), shawl(3), shawl(3, outlet="pim"))
    assert await late(pool, 4) == []
    by_outlet = {one.outlet: one for one in await late(pool, 5)}
    assert by_outlet["citos"] == LateOutlet(
        outlet="citos", periods=1, since=date(2026, 11, 1), due_by=date(2026, 12, 7), days_late=1, open=2 * SHAWLS,
        on_account=0,
    )  # fmt: skip
    assert (await dues(pool, now=in_days(5))).items[0].late
    await remit(pool, SHAWLS, code="pim")
    await remit(pool, SHAWLS + 1)
    (citos,) = await late(pool, 5)
    assert (citos.outlet, citos.open, citos.on_account) == ("citos", SHAWLS, 1)


async def test_who_is_late_is_listed_page_by_page(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    for code in ("pim", "alun-alun"):
        await open_outlet(pool, code)
    await report(pool, *[shawl(2, outlet=code) for code in ("citos", "pim", "alun-alun")])
    page = await do(pool, list_late_outlets, ListLateOutlets(limit=2), in_days(5))
    rest = await late(pool, 5, limit=2, cursor=page.next)
    assert [one.outlet for one in (*page.items, *rest)] == ["alun-alun", "citos", "pim"]


async def test_money_that_is_there_for_other_days_covers_what_is_late(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2))
    await remit(pool, SHAWLS, through=date(2026, 11, 1))
    assert (await dues(pool)).on_account == SHAWLS
    assert await late(pool, 30) == []


async def test_nothing_is_owed_by_an_outlet_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound):
        await do(await database("sales"), get_dues, GetDues(code="nowhere"))
