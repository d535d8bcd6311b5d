"""What tills report as sold, on a real database: every rule of the way in."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.sales.handlers.sales import record_sales
from shared.contracts.sales import ItemSold, Share, StockDeficitRaised, StockLine
from shared.runtime.envelope import named_id
from shared.runtime.handler import Caused
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_sale,
    agree,
    balances,
    check_stock,
    deliver,
    ignored,
    in_full,
    open_shop,
    owed,
    received,
    refused,
    report,
    shelf,
    told,
)


async def test_a_sale_of_700_000_is_shared_as_agreed(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, listed=700_000)
    await deliver(pool, {SHAWL: 10})
    sale = a_sale()
    outcomes = await report(pool, sale)
    event = ItemSold(
        sale_id=named_id("sale", "citos", "till-1", "536365", 1),
        outlet="citos",
        sku=SHAWL,
        quantity=1,
        net=700_000,
        outlet_share=175_000,
        programme_share=70_000,
        shares=[Share(maker_id=ANI, amount=455_000)],
        sold_at=sale.sold_at,
        till="till-1",
        receipt="536365",
        line=1,
        unit_price=700_000,
        list_price=700_000,
        agreed_from=date(2026, 1, 1),
    )
    assert told(outcomes, ItemSold) == [event]
    assert len(outcomes) == 1
    assert await balances(pool) == {
        "outlet-receivable citos": 700_000,
        "outlet-commission citos": -175_000,
        "programme-share programme": -70_000,
        f"maker-payable {ANI}": -455_000,
        f"maker-payable {WATI}": 0,
        f"maker-payable {SRI}": 0,
    }
    assert await shelf(pool) == StockLine(sku=SHAWL, on_hand=9, deficit=0, in_transit=0, available=9)


async def test_co_makers_share_a_promoted_pouch(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, outlet_bps=1750, programme_bps=750)
    outcomes = await report(pool, a_sale(sku=POUCH, unit_price=349_900, discount=52_485))
    (event,) = told(outcomes, ItemSold)
    assert (event.net, event.outlet_share, event.programme_share) == (297_415, 52_047, 22_306)
    assert [share.amount for share in event.shares] == [111_531, 66_919, 44_612]
    assert [await owed(pool, maker) for maker in (ANI, WATI, SRI)] == [111_531, 66_919, 44_612]


async def test_three_pieces_are_split_one_by_one(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    (event,) = told(await report(pool, a_sale(quantity=3, unit_price=233_334, discount=2)), ItemSold)
    assert (event.net, event.shares[0].amount) == (700_000, 455_002)
    assert await owed(pool) == 455_002


async def test_a_gift_is_a_sale_without_money_that_the_outlet_pays_for(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, listed=700_000)
    (event,) = told(await report(pool, a_sale(unit_price=0)), ItemSold)
    assert (event.net, event.outlet_bears) == (0, 700_000)
    assert await owed(pool) == 455_000
    assert (await balances(pool))["outlet-receivable citos"] == 0
    assert await shelf(pool) == StockLine(sku=SHAWL, on_hand=0, deficit=1, in_transit=0)


async def test_the_same_line_under_a_new_id_is_a_duplicate(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    again = await report(pool, a_sale(till_seq=9), a_sale())
    assert ignored(again) == len(again) == 2
    assert await owed(pool) == 455_000


async def test_of_the_same_line_twice_in_a_batch_the_first_counts(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    outcomes = await report(pool, a_sale(), a_sale(), a_sale(unit_price=70_000))
    assert len(told(outcomes, ItemSold)) == 1
    assert ignored(outcomes) == 1
    assert refused(outcomes) == [("conflict", "receipt_line_changed")]
    assert await owed(pool) == 455_000


async def test_other_facts_for_a_recorded_line_go_to_a_person(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    contradictions: list[dict[str, Any]] = [
        {"unit_price": 70_000},
        {"quantity": 2},
        {"discount": 1},
        {"sku": POUCH},
        {"sku": "XXX-0001"},
        {"serial": "A1"},
        {"sold_at": NOON - timedelta(hours=2)},
        {"sold_at": NOON + timedelta(hours=2)},
        {"discount": 700_001},
    ]
    for other in contradictions:
        outcomes = await report(pool, a_sale(**other))
        assert refused(outcomes) == [("conflict", "receipt_line_changed")], other
        assert len(outcomes) == 1
    assert await owed(pool) == 455_000


async def test_the_same_receipt_of_another_till_is_another_sale(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    outcomes = await report(pool, a_sale(), a_sale(till="till-2"), a_sale(line=2), a_sale(receipt="536366"))
    assert len(told(outcomes, ItemSold)) == 4
    assert await owed(pool) == 4 * 455_000


async def test_the_good_ones_of_a_batch_are_booked_whatever_the_others_are(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    outcomes = await report(
        pool,
        a_sale(line=1),
        a_sale(line=2, outlet="pim"),
        a_sale(line=3, sku="XXX-0001"),
        a_sale(line=4, sold_at=datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC)),
        a_sale(line=5, sold_at=NOON + timedelta(minutes=6)),
        a_sale(line=6, discount=700_001),
        a_sale(line=7),
    )
    assert len(told(outcomes, ItemSold)) == 2
    assert refused(outcomes) == [
        ("not_yet", "outlet_unknown"),
        ("not_yet", "sku_unknown"),
        ("not_yet", "agreement_missing"),
        ("rejected", "sold_in_the_future"),
        ("rejected", "discount_exceeds_price"),
    ]
    assert await owed(pool) == 2 * 455_000
    assert await pool.fetchval("SELECT count(*) FROM sale") == 2
    assert await check_stock(pool) == 1


async def test_a_report_of_an_unknown_product_is_booked_once_the_product_is_known(database: Database) -> None:
    pool = await database("sales")
    assert refused(await report(pool, a_sale())) == [("not_yet", "outlet_unknown")]
    await open_shop(pool)
    assert len(told(await report(pool, a_sale()), ItemSold)) == 1


async def test_a_late_report_is_shared_by_what_was_agreed_when_it_was_sold(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await agree(pool, date(2026, 11, 15), outlet_bps=3000)
    before = datetime(2026, 11, 14, 16, 59, 59, tzinfo=UTC)
    outcomes = await report(pool, a_sale(line=1, sold_at=before), a_sale(line=2, sold_at=before + timedelta(seconds=1)))
    assert [event.outlet_share for event in told(outcomes, ItemSold)] == [175_000, 210_000]
    days = await pool.fetch("SELECT day, agreed_from FROM sale ORDER BY line")
    assert [tuple(row) for row in days] == [
        (date(2026, 11, 14), date(2026, 1, 1)),
        (date(2026, 11, 15), date(2026, 11, 15)),
    ]


async def test_a_new_agreement_changes_nothing_that_is_booked(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await agree(pool, date(2026, 11, 1), outlet_bps=3000)
    assert await owed(pool) == 455_000
    assert ignored(await report(pool, a_sale())) == 1


async def test_what_is_sold_beyond_the_stock_is_booked_and_told_once_a_batch(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 2})
    enough = await report(pool, a_sale(line=1, quantity=2))
    assert told(enough, StockDeficitRaised) == []
    beyond = await report(pool, a_sale(line=2), a_sale(line=3, quantity=2), a_sale(line=4, sku=POUCH))
    assert told(beyond, StockDeficitRaised) == [
        StockDeficitRaised(outlet="citos", sku=SHAWL, missing=3),
        StockDeficitRaised(outlet="citos", sku=POUCH, missing=1),
    ]
    assert len(told(beyond, ItemSold)) == 3
    assert await check_stock(pool) == 2


async def test_an_ignored_report_raises_no_deficit(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    assert told(await report(pool, a_sale()), StockDeficitRaised) == []


async def test_every_report_has_one_outcome_and_every_event_its_cause(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 10})
    batch = [received(a_sale(line=line)) for line in (1, 2, 2, 3)]
    batch += [received(a_sale(line=4, sku="XXX-0001")), received(a_sale(line=3, quantity=2))]
    async with pool.acquire() as tx, tx.transaction():
        outcomes = await in_full(record_sales, batch, tx)
    about = [one.cause if isinstance(one, Caused) else one.message for one in outcomes]
    assert sorted([one.id for one in about]) == sorted([one.id for one in batch])


async def test_500_reports_take_as_many_statements_as_two(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    asked: list[object] = []
    counts = []
    async with pool.acquire() as tx, tx.transaction():
        await in_full(record_sales, [received(a_sale(receipt="first"))], tx)
        tx.add_query_logger(asked.append)
        for size in (2, 500):
            batch = [received(a_sale(receipt=str(size), line=line, discount=line % 2)) for line in range(1, size + 1)]
            assert len(told(await in_full(record_sales, batch, tx), ItemSold)) == size
            await asyncio.sleep(0)  # the driver tells its loggers a moment later
            counts.append(len(asked))
            asked.clear()
    assert counts == [6, 6]
    assert await check_stock(pool) == 1


async def test_what_was_reported_is_kept_as_it_was(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1", promo_id="P1", till_seq=7, discount=1, exchange="E1"))
    row = await pool.fetchrow("SELECT serial, promo_id, till_seq, discount, sold_at, exchange, version FROM sale")
    assert row is not None
    assert tuple(row) == ("citos/A1", "P1", 7, 1, NOON - timedelta(hours=1), "E1", 0)
