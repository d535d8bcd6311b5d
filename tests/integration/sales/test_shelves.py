"""What runs out and what does not sell; and that looking costs no walk through all sales."""

from datetime import datetime, timedelta
from typing import Any

from services.sales.handlers import counts, deliveries
from services.sales.storage.counts import list_gaps
from services.sales.views.counts import get_stock_count
from services.sales.views.stock import list_low_stock, list_slow_sellers
from shared.contracts.sales.goods import (
    CountedLine,
    CountStock,
    GetStockCount,
    ListLowStock,
    ListSlowSellers,
    LowLine,
    ReceiveDelivery,
    SlowLine,
)
from shared.db import Pool
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    a_void,
    deliver,
    do,
    report,
    send,
)
from tests.integration.sales.goods import approve, open_two, refusal

LONG_AGO = NOON - timedelta(days=150)


async def deliver_long_ago(pool: Pool, lines: dict[str, int], at: datetime = LONG_AGO) -> None:
    sent = await send(pool, lines)
    await do(pool, deliveries.receive_delivery, ReceiveDelivery(delivery_id=sent.delivery_id), at)


async def low(pool: Pool, **asked: Any) -> list[LowLine]:
    return (await do(pool, list_low_stock, ListLowStock(code="citos", **asked))).items


async def slow(pool: Pool, **asked: Any) -> list[SlowLine]:
    return (await do(pool, list_slow_sellers, ListSlowSellers(code="citos", **asked))).items


async def test_few_pieces_are_low_stock(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 2, POUCH: 3})
    await send(pool, {SHAWL: 5})
    assert await low(pool) == [LowLine(sku=SHAWL, on_hand=2, in_transit=5, sold=0, cover=None)]
    assert [line.sku for line in await low(pool, threshold=3)] == [SHAWL, POUCH]


async def test_what_lasts_less_than_a_week_is_low_stock(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 24, POUCH: 26})
    await report(pool, a_sale(quantity=20), a_sale(line=2, sku=POUCH, quantity=20), a_return(sku=SHAWL))
    await report(pool, a_sale(line=3, sku=SHAWL, quantity=1, sold_at=NOON - timedelta(days=29)))
    assert await low(pool) == [LowLine(sku=SHAWL, on_hand=4, in_transit=0, sold=19, cover=5.9)]
    assert [line.sku for line in await low(pool, days=24)] == [SHAWL]
    assert [(line.sku, line.cover) for line in await low(pool, days=32)] == [(SHAWL, 6.4)]
    assert [line.sku for line in await low(pool, days=20)] == [SHAWL, POUCH]


async def test_what_is_gone_is_low_stock_and_nothing_below(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await report(pool, a_sale(quantity=2))
    assert await low(pool, threshold=0) == [LowLine(sku=SHAWL, on_hand=0, in_transit=0, sold=2, cover=0.0)]


async def test_what_has_lain_there_for_long_and_was_not_sold_is_slow(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver_long_ago(pool, {SHAWL: 5, POUCH: 5})
    old = a_sale(sold_at=NOON - timedelta(days=121))
    await report(pool, old, a_sale(line=2, sku=POUCH))
    shawl = SlowLine(sku=SHAWL, on_hand=4, received_at=LONG_AGO, last_sold_at=old.sold_at)
    assert await slow(pool) == [shawl]
    assert await slow(pool, days=130) == []
    await report(pool, a_void())
    assert [(line.sku, line.last_sold_at) for line in await slow(pool)] == [(SHAWL, None), (POUCH, None)]


async def test_what_came_lately_or_is_gone_is_not_slow(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver_long_ago(pool, {SHAWL: 1})
    await report(pool, a_sale(sold_at=NOON - timedelta(days=140)))
    await deliver(pool, {POUCH: 5})
    assert await slow(pool) == []


async def test_what_was_sold_out_and_came_again_is_not_slow(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver_long_ago(pool, {SHAWL: 1, POUCH: 1})
    await report(pool, a_sale(sold_at=NOON - timedelta(days=140)))
    await deliver(pool, {SHAWL: 5, POUCH: 5})
    assert [line.sku for line in await slow(pool)] == [POUCH]


async def test_both_lists_come_in_pages_and_know_their_outlets(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver_long_ago(pool, {SHAWL: 1, POUCH: 1})
    page = await do(pool, list_low_stock, ListLowStock(code="citos", limit=1))
    rest = await do(pool, list_low_stock, ListLowStock(code="citos", limit=1, cursor=page.next))
    assert [line.sku for line in page.items + rest.items] == [SHAWL, POUCH]
    still = await do(pool, list_slow_sellers, ListSlowSellers(code="citos", limit=1))
    more = await do(pool, list_slow_sellers, ListSlowSellers(code="citos", limit=1, cursor=still.next))
    assert [line.sku for line in still.items + more.items] == [SHAWL, POUCH]
    assert (rest.next, more.next) == (None, None)
    assert (await refusal(pool, list_low_stock, ListLowStock(code="blok-m"))).code == "outlet_unknown"
    assert (await refusal(pool, list_slow_sellers, ListSlowSellers(code="blok-m"))).code == "outlet_unknown"


async def test_counting_500_products_never_walks_through_all_sales(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await fill(pool)
    skus = [f"SKU-{n:04d}" for n in range(500)]
    walked = await walks(pool)
    lines = [CountedLine(sku=sku, counted=1) for sku in skus]
    told = CountStock(code="citos", counted_at=NOON - timedelta(days=1), lines=lines)
    recorded, _ = await do(pool, counts.count_stock, told)
    await approve(pool, recorded.count_id)
    assert (await do(pool, get_stock_count, GetStockCount(count_id=recorded.count_id))).lines[0].variance != 0
    async with pool.acquire() as tx, tx.transaction():
        assert len(await list_gaps(tx, [("citos", sku) for sku in skus])) == 500
    await do(pool, list_low_stock, ListLowStock(code="citos", limit=500))
    await do(pool, list_slow_sellers, ListSlowSellers(code="citos", limit=500))
    assert await walks(pool) == walked
    await pool.fetchval("SELECT count(discount) FROM sale")
    assert await walks(pool) == walked + 1, "a walk would have been noticed"


async def fill(pool: Pool) -> None:
    """30,000 sales of 500 products, and the statistics that a database in use would have."""
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute(
            "INSERT INTO product SELECT 'SKU-' || lpad(n::text, 4, '0'), 't' FROM generate_series(0, 499) n"
        )
        await tx.execute(
            """
            INSERT INTO sale (sale_id, report_id, sold_at, unit_price, discount, quantity, line, day, agreed_from,
                              outlet, till, receipt, sku)
            SELECT gen_random_uuid(), gen_random_uuid(), $1::timestamptz - n * interval '5 minutes', 1, 0, 1, 1,
                   '2026-11-01', '2026-01-01', 'citos', 'till-1', n::text, 'SKU-' || lpad((n % 500)::text, 4, '0')
            FROM generate_series(1, 30000) n
            """,
            NOON,
        )
        await tx.execute(
            "INSERT INTO stock (outlet, sku, balance) SELECT outlet, sku, sum(delta) FROM stock_movement GROUP BY 1, 2"
        )
    await pool.execute("ANALYZE")


async def walks(pool: Pool) -> int:
    """How often the sales were read from the first to the last."""
    async with pool.acquire() as tx:
        await tx.execute("SELECT pg_stat_force_next_flush()")
        found: int = await tx.fetchval("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'sale'")
    return found
