"""What is told of late explains what a stock count found; what was counted stands, in whatever order."""

import asyncio
import random
from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.sales.handlers import counts, deliveries
from shared.contracts.sales.goods import (
    AdjustedLine,
    ApproveStockCount,
    CountedLine,
    CountStock,
    ReceiveDelivery,
    StockCountApproved,
    StockCountReexplained,
)
from shared.errors import Rejected
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    check_stock,
    deliver,
    do,
    received,
    report,
    send,
)
from tests.integration.sales.goods import (
    AFTERNOON,
    approve,
    count,
    explain,
    line_of,
    on_hand,
    open_two,
    shown,
    tell,
)

HOUR = timedelta(hours=1)
MORNING = NOON - timedelta(minutes=30)
"""Before the count, and told of later."""


async def test_a_late_sale_explains_the_variance(database: Database) -> None:
    """Counted 9 at noon where the books said 10; in the evening a sale of the morning arrives."""
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    counted = await count(pool, {SHAWL: 9})
    assert await approve(pool, counted) == {SHAWL: -1}
    await tell(pool, a_sale(sold_at=MORNING))
    assert await on_hand(pool) == 8
    events = await explain(pool)
    assert events == [
        StockCountReexplained(
            count_id=counted,
            outlet="citos",
            counted_at=NOON,
            lines=[AdjustedLine(sku=SHAWL, delta=1)],
            reexplained_at=NOON,
        )
    ]
    assert await on_hand(pool) == 9
    line = await line_of(pool, counted)
    assert (line.counted, line.first_expected, line.expected, line.variance, line.adjusted) == (9, 10, 9, 0, 0)
    assert [(late.kind, late.quantity, late.occurred_at) for late in line.explained_by] == [("sold", -1, MORNING)]
    assert (await shown(pool, counted)).state == "re-explained"
    assert await check_stock(pool) == 1


async def test_explaining_again_changes_nothing(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    await approve(pool, await count(pool, {SHAWL: 9}))
    await tell(pool, a_sale(sold_at=MORNING))
    assert len(await explain(pool)) == 1
    before = await pool.fetch("SELECT * FROM goods_movement")
    assert await explain(pool) == []
    assert await pool.fetch("SELECT * FROM goods_movement") == before


async def test_before_it_is_approved_a_count_is_explained_when_it_is_read(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    counted = await count(pool, {SHAWL: 9})
    await tell(pool, a_sale(sold_at=MORNING))
    line = await line_of(pool, counted)
    assert (line.first_expected, line.expected, line.variance, len(line.explained_by)) == (10, 9, 0, 1)
    assert await explain(pool) == []
    assert await approve(pool, counted) == {}
    assert await on_hand(pool) == 9


async def test_a_sale_after_the_count_explains_nothing(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    counted = await count(pool, {SHAWL: 9})
    await approve(pool, counted)
    await tell(pool, a_sale(sold_at=AFTERNOON))
    assert await explain(pool) == []
    line = await line_of(pool, counted)
    assert (line.variance, line.explained_by, await on_hand(pool)) == (-1, [], 8)


async def test_a_shelf_that_was_not_counted_is_left_alone(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    await deliver(pool, {SHAWL: 10}, "pim")
    await approve(pool, await count(pool, {SHAWL: 9}))
    await tell(pool, a_sale(outlet="pim", sold_at=MORNING), a_sale(line=2, sku=POUCH, sold_at=MORNING))
    assert await explain(pool, ("pim", SHAWL), ("citos", POUCH), ("citos", SHAWL)) == []
    assert (await on_hand(pool), await on_hand(pool, "pim"), await on_hand(pool, sku=POUCH)) == (9, 9, -1)


async def test_a_late_fact_moves_only_the_first_count_after_it(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    first = await count(pool, {SHAWL: 9})
    second = await count(pool, {SHAWL: 7}, AFTERNOON)
    assert await approve(pool, first) == {SHAWL: -1}
    assert await approve(pool, second) == {SHAWL: -2}
    await tell(pool, a_sale(sold_at=NOON + timedelta(hours=1)))
    events = await explain(pool)
    assert [(event.count_id, event.lines[0].delta) for event in events] == [(second, 1)]
    await tell(pool, a_sale(line=2, sold_at=MORNING))
    events = await explain(pool)
    assert [(event.count_id, event.lines[0].delta) for event in events] == [(first, 1)]
    assert await on_hand(pool) == 7
    assert [(await line_of(pool, one)).variance for one in (first, second)] == [0, -1]


async def test_a_count_that_is_approved_late_leaves_later_ones_as_they_were_counted(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    first = await count(pool, {SHAWL: 9})
    second = await count(pool, {SHAWL: 7}, AFTERNOON)
    assert await approve(pool, second) == {SHAWL: -3}
    _, events = await do(pool, counts.approve_stock_count, ApproveStockCount(count_id=first))
    assert [event.wire for event in events] == [StockCountApproved.wire, StockCountReexplained.wire]
    assert await on_hand(pool) == 7
    assert [(await line_of(pool, one)).adjusted for one in (first, second)] == [-1, -2]


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_counted_approved_sold_and_explained_at_once_comes_to_the_same(
    database: Database, seed: int
) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 50})
    first, second = await count(pool, {SHAWL: 40}), await count(pool, {SHAWL: 30}, AFTERNOON)
    moments = [MORNING, NOON + timedelta(hours=1), AFTERNOON + timedelta(hours=1)]
    work: list[Coroutine[Any, Any, Any]] = [
        tell(pool, a_sale(receipt=f"{seed}-{line}", line=line, sold_at=moments[line % 3])) for line in range(1, 13)
    ]
    work += [approve(pool, first), approve(pool, second)]
    work += [explain(pool) for _ in range(4)]
    random.Random(seed).shuffle(work)
    await asyncio.gather(*work)
    await explain(pool)
    assert await on_hand(pool) == 30 - 4
    assert await explain(pool) == []
    assert await check_stock(pool) == 1


async def test_what_comes_back_late_is_a_fact_as_well(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    await tell(pool, a_sale(sold_at=MORNING - timedelta(hours=1)))
    counted = await count(pool, {SHAWL: 10})
    assert await approve(pool, counted) == {SHAWL: 1}
    await report(pool, a_return(returned_at=MORNING))
    assert [event.lines for event in await explain(pool)] == [[AdjustedLine(sku=SHAWL, delta=-1)]]
    line = await line_of(pool, counted)
    assert (line.variance, [late.kind for late in line.explained_by], await on_hand(pool)) == (0, ["returned"], 10)


async def test_goods_that_arrive_by_a_clock_that_is_behind_do_not_move_the_count(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    ahead = NOON + timedelta(minutes=3)
    told = CountStock(code="citos", counted_at=ahead, lines=[CountedLine(sku=SHAWL, counted=4)])
    recorded, _ = await do(pool, counts.count_stock, told)
    await approve(pool, recorded.count_id)
    await deliver(pool, {SHAWL: 10})
    assert await on_hand(pool) == 4


async def test_two_who_explain_at_once_book_it_once(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    await approve(pool, await count(pool, {SHAWL: 9}))
    await tell(pool, a_sale(sold_at=MORNING))
    async with pool.acquire() as tx, tx.transaction():
        assert len(await counts.reexplain(tx, [("citos", SHAWL)], NOON)) == 1
        other = asyncio.create_task(explain(pool))
        assert not (await asyncio.wait({other}, timeout=0.3))[0], "it has to wait for the first"
    assert await other == []
    assert await on_hand(pool) == 9


@pytest.mark.parametrize("first", ["receipt", "approval"])
async def test_a_count_and_what_arrives_at_its_very_moment_see_each_other(database: Database, first: str) -> None:
    """By the outlet's clock, which is ahead, the pieces came before the count."""
    pool = await database("sales")
    await open_two(pool)
    ahead = CountStock(code="citos", counted_at=NOON + timedelta(minutes=3), lines=[CountedLine(sku=SHAWL, counted=4)])
    counted, _ = await do(pool, counts.count_stock, ahead)
    receipt = received(ReceiveDelivery(delivery_id=(await send(pool, {SHAWL: 10})).delivery_id))
    approval = received(ApproveStockCount(count_id=counted.count_id))
    acts: list[Any] = [partial(deliveries.receive_delivery, receipt), partial(counts.approve_stock_count, approval)]
    if first == "approval":
        acts.reverse()

    async def second() -> None:
        async with pool.acquire() as tx, tx.transaction():
            await acts[1](tx)

    async with pool.acquire() as tx, tx.transaction():
        await acts[0](tx)
        waiting = asyncio.create_task(second())
        assert not (await asyncio.wait({waiting}, timeout=0.3))[0], "it has to wait for the first"
    await waiting
    assert await on_hand(pool) == 4
    assert await check_stock(pool) == 1


async def test_goods_that_lay_there_when_they_were_counted_and_are_received_later_explain_it(
    database: Database,
) -> None:
    pool = await database("sales")
    await open_two(pool)
    sent = await send(pool, {SHAWL: 10})
    counted = await count(pool, {SHAWL: 10}, at=NOON + HOUR)
    assert await approve(pool, counted) == {SHAWL: 10}
    receipt = ReceiveDelivery(delivery_id=sent.delivery_id, received_at=NOON + HOUR / 2)

    delivery, events = await do(pool, deliveries.receive_delivery, receipt, NOON + 4 * HOUR)

    assert delivery.received_at == NOON + HOUR / 2
    (explained,) = [event for event in events if isinstance(event, StockCountReexplained)]
    assert explained.lines == [AdjustedLine(sku=SHAWL, delta=-10)]
    line = await line_of(pool, counted)
    assert (await on_hand(pool), line.counted, line.variance, line.adjusted) == (10, 10, 0, 0)
    assert await check_stock(pool) == 1


@pytest.mark.parametrize(
    ("at", "code"), [(NOON - HOUR, "received_before_sent"), (NOON + 2 * HOUR, "received_in_the_future")]
)
async def test_goods_arrive_after_they_were_sent_and_before_now(database: Database, at: datetime, code: str) -> None:
    pool = await database("sales")
    await open_two(pool)
    sent = await send(pool, {SHAWL: 10})
    receipt = ReceiveDelivery(delivery_id=sent.delivery_id, received_at=at)
    with pytest.raises(Rejected) as refused:
        await do(pool, deliveries.receive_delivery, receipt, NOON + HOUR)
    assert refused.value.code == code
    assert await on_hand(pool) == 0
