"""Stock counts: what lay there beside what the books say, and the books set right."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from services.sales.handlers import counts
from services.sales.views.counts import get_stock_count, list_stock_counts
from shared.contracts.sales import StockDeficitCleared
from shared.contracts.sales.goods import (
    AdjustedLine,
    ApproveStockCount,
    CountedLine,
    CountStock,
    ExpectedLine,
    GetStockCount,
    ListStockCounts,
    StockCountApproved,
    StockCounted,
)
from shared.errors import KaryaError
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    check_stock,
    deliver,
    do,
)
from tests.integration.sales.goods import (
    AFTERNOON,
    approve,
    count,
    explain,
    line_of,
    on_hand,
    open_two,
    refusal,
    shown,
    tell,
)

MORNING = NOON - timedelta(minutes=30)
"""Before the count, and told of later."""


async def test_a_count_is_compared_with_the_books_of_its_moment(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10, POUCH: 5})
    await tell(pool, a_sale(sold_at=AFTERNOON))
    lines = [CountedLine(sku=POUCH, counted=6), CountedLine(sku=SHAWL, counted=9)]
    told = CountStock(code="citos", counted_at=NOON, lines=lines, note="with Rini")
    recorded, events = await do(pool, counts.count_stock, told, AFTERNOON)
    expected = [ExpectedLine(sku=POUCH, counted=6, expected=5), ExpectedLine(sku=SHAWL, counted=9, expected=10)]
    assert events == [StockCounted(count_id=recorded.count_id, outlet="citos", counted_at=NOON, lines=expected)]
    assert [(line.sku, line.expected, line.variance) for line in recorded.lines] == [(POUCH, 5, 1), (SHAWL, 10, -1)]
    assert (recorded.state, recorded.note) == ("counted", "with Rini")
    assert await shown(pool, recorded.count_id) == recorded
    assert await on_hand(pool) == 9


async def test_an_approved_count_sets_the_books_right(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10, POUCH: 5})
    counted = await count(pool, {SHAWL: 8, POUCH: 5})
    approved, events = await do(pool, counts.approve_stock_count, ApproveStockCount(count_id=counted), AFTERNOON)
    assert approved.lines == [AdjustedLine(sku=SHAWL, delta=-2)]
    assert events == [
        StockCountApproved(
            count_id=counted, outlet="citos", counted_at=NOON, lines=approved.lines, approved_at=AFTERNOON
        )
    ]
    assert (await on_hand(pool), await on_hand(pool, sku=POUCH)) == (8, 5)
    line = await line_of(pool, counted)
    assert (line.counted, line.expected, line.variance, line.adjusted) == (8, 10, -2, -2)
    assert (await shown(pool, counted)).state == "approved"
    assert await check_stock(pool) == 2


async def test_of_two_counts_of_one_moment_the_later_told_stands(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    first, second = await count(pool, {SHAWL: 9}), await count(pool, {SHAWL: 8})
    await approve(pool, first)
    await approve(pool, second)
    assert await on_hand(pool) == 8
    assert await explain(pool) == []
    assert [(await line_of(pool, one)).variance for one in (first, second)] == [-1, -1]


async def test_a_shelf_that_nobody_knew_of_can_be_counted(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    counted = await count(pool, {SHAWL: 3, POUCH: 0})
    assert await approve(pool, counted) == {SHAWL: 3}
    assert (await on_hand(pool), await on_hand(pool, sku=POUCH)) == (3, 0)


async def test_pieces_that_are_found_by_a_count_clear_a_deficit(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await tell(pool, a_sale(quantity=2))
    counted = await count(pool, {SHAWL: 1})
    _, events = await do(pool, counts.approve_stock_count, ApproveStockCount(count_id=counted))
    assert events[1:] == [StockDeficitCleared(outlet="citos", sku=SHAWL)]


async def test_a_count_is_approved_once_even_by_two_at_the_same_time(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    counted = await count(pool, {SHAWL: 9})
    results = await asyncio.gather(*[approve(pool, counted) for _ in range(3)], return_exceptions=True)
    assert [one.code for one in results if isinstance(one, KaryaError)] == ["already_approved"] * 2
    assert await on_hand(pool) == 9


async def test_counts_are_listed_with_their_state(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    await tell(pool, a_sale(sold_at=MORNING))
    made = [await count(pool, {SHAWL: 9}), await count(pool, {SHAWL: 9, POUCH: 1}, AFTERNOON)]
    made.append(await count(pool, {SHAWL: 8}, AFTERNOON + timedelta(hours=1)))
    await approve(pool, made[0])
    await approve(pool, made[1])
    await tell(pool, a_sale(line=2, sold_at=MORNING))
    await explain(pool)
    listed = await do(pool, list_stock_counts, ListStockCounts(code="citos"))
    assert [(one.count_id, one.state, one.lines) for one in listed.items] == [
        (made[2], "counted", 1),
        (made[1], "approved", 2),
        (made[0], "re-explained", 1),
    ]
    page = await do(pool, list_stock_counts, ListStockCounts(code="citos", limit=2))
    rest = await do(pool, list_stock_counts, ListStockCounts(code="citos", limit=2, cursor=page.next))
    assert (page.items + rest.items, rest.next) == (listed.items, None)


@pytest.mark.parametrize(
    ("skus", "later", "code"),
    [
        ([SHAWL, SHAWL], timedelta(0), "sku_repeated"),
        (["XXX-0001"], timedelta(0), "sku_unknown"),
        ([SHAWL], timedelta(minutes=6), "counted_in_the_future"),
    ],
)
async def test_what_cannot_have_been_counted_is_refused(
    database: Database, skus: list[str], later: timedelta, code: str
) -> None:
    pool = await database("sales")
    await open_two(pool)
    lines = [CountedLine(sku=sku, counted=1) for sku in skus]
    told = CountStock(code="citos", counted_at=NOON + later, lines=lines)
    assert (await refusal(pool, counts.count_stock, told)).code == code


async def test_another_outlets_count_is_not_there(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    counted = await count(pool, {SHAWL: 1})
    assert (await do(pool, get_stock_count, GetStockCount(count_id=counted, outlet="citos"))).count_id == counted
    for told in (GetStockCount(count_id=counted, outlet="pim"), GetStockCount(count_id=uuid4())):
        assert (await refusal(pool, get_stock_count, told)).code == "count_unknown"
    unknown = ApproveStockCount(count_id=uuid4())
    assert (await refusal(pool, counts.approve_stock_count, unknown)).code == "count_unknown"


@pytest.mark.parametrize("table", ["stock_count", "stock_count_line", "stock_count_approval", "goods_movement"])
async def test_what_was_counted_cannot_be_changed(database: Database, table: str) -> None:
    pool = await database("sales")
    await open_two(pool)
    await approve(pool, await count(pool, {SHAWL: 1}))
    assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 1
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await pool.execute(f"DELETE FROM {table}")
