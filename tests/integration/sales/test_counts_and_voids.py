"""A sale that was none never took its pieces: that explains a count which found them, nothing is booked twice."""

from datetime import timedelta

import pytest

from services.sales.handlers.voids import void_sale
from shared.contracts.sales import VoidSale
from shared.contracts.sales.goods import AdjustedLine, StockCountReexplained
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import NOON, SHAWL, Database, a_sale, a_void, check_stock, deliver, do
from tests.integration.sales.goods import AFTERNOON, approve, count, line_of, on_hand, open_two, shown, tell
from tests.integration.sales.till_road import Road
from tests.integration.sales.watching import look

SALE = named_id("sale", "citos", "till-1", "536365", 1)


async def test_a_count_that_found_what_was_never_sold_is_explained_when_a_person_says_so(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    await tell(pool, a_sale(sold_at=NOON + timedelta(minutes=10)))
    counted = await count(pool, {SHAWL: 10}, at=NOON + timedelta(minutes=20))
    assert await approve(pool, counted) == {SHAWL: 1}
    assert await on_hand(pool) == 10

    _, events = await do(pool, void_sale, VoidSale(sale_id=SALE, reason="told twice"), AFTERNOON)

    (explained,) = [event for event in events if isinstance(event, StockCountReexplained)]
    assert (explained.count_id, explained.lines) == (counted, [AdjustedLine(sku=SHAWL, delta=-1)])
    assert await on_hand(pool) == 10
    line = await line_of(pool, counted)
    assert (line.counted, line.expected, line.variance, line.adjusted) == (10, 10, 0, 0)
    assert [(late.kind, late.quantity) for late in line.explained_by] == [("voided", 1)]
    assert (await shown(pool, counted)).state == "re-explained"
    await check_stock(pool)


async def test_a_count_from_before_the_sale_has_nothing_to_do_with_it(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    counted = await count(pool, {SHAWL: 9}, at=NOON)
    assert await approve(pool, counted) == {SHAWL: -1}
    await tell(pool, a_sale(sold_at=NOON + timedelta(minutes=10)))
    await do(pool, void_sale, VoidSale(sale_id=SALE, reason="told twice"), AFTERNOON)
    assert await on_hand(pool) == 9
    assert (await line_of(pool, counted)).adjusted == -1


async def test_what_a_till_voids_lay_there_again_only_then(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    road = Road(pool)
    road.now = AFTERNOON
    await road.bring(a_sale(sold_at=NOON + timedelta(minutes=10)))
    counted = await count(pool, {SHAWL: 9}, at=NOON + timedelta(minutes=20))
    assert await approve(pool, counted) == {}
    await road.bring(a_void(voided_at=NOON + timedelta(minutes=30)))
    await look(pool, AFTERNOON)
    assert (await on_hand(pool), (await line_of(pool, counted)).expected) == (10, 9)


@pytest.mark.parametrize("right", [2, 3])
async def test_a_line_that_a_person_overrules_is_counted_as_it_really_was(database: Database, right: int) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    road = Road(pool)
    road.now, at = AFTERNOON, NOON + timedelta(minutes=10)
    await road.bring(a_sale(sold_at=at))
    counted = await count(pool, {SHAWL: 10 - right}, at=NOON + timedelta(minutes=20))
    assert await approve(pool, counted) == {SHAWL: 1 - right}
    await road.bring(a_sale(sold_at=at, quantity=right))
    await road.choose("citos/till-1/536365/1", "receipt_line_changed")
    await look(pool, AFTERNOON)
    line = await line_of(pool, counted)
    assert (line.counted, line.expected, line.adjusted) == (10 - right, 10 - right, 0)
    assert await on_hand(pool) == 10 - right
    await check_stock(pool)
