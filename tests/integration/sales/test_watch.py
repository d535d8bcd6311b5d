"""What the watch finds in facts that were booked one by one: twins, numbers given twice, late lines, late counts."""

from datetime import timedelta
from typing import Any

import pytest

from services.sales.handlers.counts import approve_stock_count, count_stock
from services.sales.handlers.findings import settle_finding
from services.sales.handlers.sales import record_sales
from shared.contracts.sales import SaleVoided
from shared.contracts.sales.goods import ApproveStockCount, CountedLine, CountStock
from shared.contracts.sales.tills import FindingOpened, SettleFinding
from shared.db import Pool
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    a_void,
    balances,
    check_stock,
    deliver,
    do,
    in_full,
    open_shop,
    owed,
    received,
    report,
    shelf,
)
from tests.integration.sales.watching import (
    LATER,
    a_closing,
    close,
    closing,
    findings,
    look,
    of_kind,
)

ONE = NOON - timedelta(hours=1)


async def twins(pool: Pool) -> list[list[str]]:
    return [found.detail["receipts"] for found in await findings(pool, kind="suspected-duplicate")]


async def test_two_equal_sales_within_ten_seconds_are_suspected_and_both_stand(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"))
    assert await look(pool) == []
    await report(pool, a_sale(receipt="2", sold_at=ONE + timedelta(seconds=10)))
    (found,) = of_kind(await look(pool), FindingOpened)
    sold = await pool.fetch("SELECT sale_id FROM sale ORDER BY receipt")
    assert (found.kind, found.detail["receipts"]) == ("suspected-duplicate", ["1", "2"])
    assert sorted(found.detail["sale_ids"]) == sorted(str(row["sale_id"]) for row in sold)
    assert await owed(pool) == 2 * 455_000
    await report(pool, a_sale(receipt="2", line=2))
    assert await look(pool) == [], "these two receipts were found before"


@pytest.mark.parametrize(
    "other",
    [
        {"sold_at": ONE + timedelta(seconds=10, microseconds=1)},
        {"sku": POUCH},
        {"quantity": 2},
        {"unit_price": 699_999},
        {"discount": 1},
        {"till": "till-2"},
        {"receipt": "1", "line": 2},
        {"serial": "2900000000018"},
    ],
)
async def test_what_is_not_the_same_is_not_suspected(database: Database, other: dict[str, Any]) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"), a_sale(**({"receipt": "2"} | other)))
    await look(pool)
    assert await twins(pool) == []


async def test_a_sale_that_was_taken_back_and_rung_up_anew_is_not_suspected(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"), a_void(receipt="1", voided_at=ONE), a_sale(receipt="2"))
    await look(pool)
    assert await twins(pool) == []


async def test_equal_sales_that_two_replicas_book_side_by_side_are_found_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await in_full(record_sales, [received(a_sale(receipt="1", sku=POUCH))], slow)
        await report(pool, a_sale(receipt="3"))
        await look(pool)
        await in_full(record_sales, [received(a_sale(receipt="2"))], slow)
        assert await look(pool) == [], "nothing can be seen of it yet"
        await transaction.commit()
    assert len(of_kind(await look(pool), FindingOpened)) == 1
    assert await twins(pool) == [["2", "3"]]


async def test_a_till_that_sells_the_same_all_the_time_is_found_once_a_minute(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    for first in (0, 100, 200):
        await report(pool, *[a_sale(receipt=str(n)) for n in range(first, first + 100)])
        await look(pool)
    (found,) = await findings(pool)
    assert found.detail["many"]
    assert len(found.detail["sale_ids"]) == 6


async def test_that_both_suspected_sales_are_right_people_say(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(receipt="1"), a_sale(receipt="2"))
    await look(pool)
    (found,) = await findings(pool)
    reason = "two buyers have a receipt each"
    settled, events = await do(pool, settle_finding, SettleFinding(finding_id=found.finding_id, note=reason))
    assert (settled.state, settled.note) == ("settled", reason)
    assert reason not in events[0].model_dump_json()
    assert await owed(pool) == 2 * 455_000


async def test_a_till_that_begins_its_numbers_anew_is_found_once_and_makes_no_gaps(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, *[a_sale(line=n, till_seq=n) for n in range(1, 61)])
    assert of_kind(await look(pool), FindingOpened) == []
    await report(pool, a_sale(receipt="new", till_seq=1, sold_at=NOON))
    told = of_kind(await look(pool), FindingOpened)
    assert [(one.kind, one.detail) for one in told] == [("numbering-restarted", {"count": 1, "numbers": [[1, 1]]})]
    for n in (2, 4, 3, 5):
        await report(pool, a_sale(receipt="new", line=n, till_seq=n, sold_at=NOON))
        assert await look(pool) == []
    await report(pool, a_sale(receipt="third", till_seq=1, sold_at=NOON - timedelta(minutes=1)))
    assert len(of_kind(await look(pool), FindingOpened)) == 1, "a second restart"
    assert await look(pool, LATER) == []


async def test_one_transaction_that_gives_a_number_twice_is_found(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(line=1, till_seq=1), a_sale(line=2, till_seq=2), a_sale(line=3, till_seq=2))
    assert [one.detail["numbers"] for one in of_kind(await look(pool), FindingOpened)] == [[[2, 2]]]


async def test_replicas_that_book_one_tills_numbers_in_turns_give_none_twice(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await in_full(record_sales, [received(a_sale(line=1, till_seq=1, sku=POUCH))], slow)
        await report(pool, a_sale(line=2, till_seq=2))
        assert await look(pool) == []
        await in_full(record_sales, [received(a_sale(line=3, till_seq=3, sku=POUCH))], slow)
        await transaction.commit()
    assert await look(pool) == []
    assert await look(pool, LATER) == []
    assert await findings(pool, "all") == []


async def test_a_line_that_comes_after_its_receipt_was_voided_is_taken_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till_seq=1), a_void(till_seq=3))
    await report(pool, a_sale(line=2, till_seq=2))
    await close(pool, a_closing(events=3, total=0, first_seq=1, last_seq=3))
    assert len(of_kind(await look(pool), SaleVoided)) == 1
    assert await owed(pool) == 0
    assert await check_stock(pool) == 1
    assert (await closing(pool)).state == "tied"
    assert await look(pool, LATER) == []


async def test_a_line_and_the_void_of_its_receipt_that_do_not_see_each_other_meet(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await in_full(record_sales, [received(a_sale(line=2, sku=POUCH))], slow)
        await report(pool, a_void())
        await look(pool)
        assert await owed(pool) == 0
        await transaction.commit()
    assert len(of_kind(await look(pool), SaleVoided)) == 1
    assert set((await balances(pool)).values()) == {0}


async def test_a_sale_that_is_told_after_the_count_explains_it(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 10})
    at = NOON + timedelta(hours=2)
    lines = [CountedLine(sku=SHAWL, counted=9)]
    count, _ = await do(pool, count_stock, CountStock(code="citos", counted_at=at, lines=lines), at)
    await do(pool, approve_stock_count, ApproveStockCount(count_id=count.count_id), at)
    late = a_sale(sold_at=at - timedelta(minutes=30))
    async with pool.acquire() as tx, tx.transaction():
        await in_full(record_sales, [received(late, at + timedelta(hours=4))], tx)
    before = await shelf(pool)
    events = await look(pool, at + timedelta(hours=4))
    after = await shelf(pool)
    assert before and after
    assert (before.on_hand, after.on_hand) == (8, 9)
    assert [type(one).__name__ for one in events] == ["StockCountReexplained"]
    assert await look(pool, at + timedelta(hours=5)) == []


async def test_a_return_counts_against_the_day_it_came_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sold_at=NOON - timedelta(days=1)), a_return())
    await close(pool, a_closing(business_date="2026-11-20"), a_closing(total=-700_000))
    await look(pool)
    assert [row["state"] for row in await pool.fetch("SELECT state FROM till_check")] == ["tied", "tied"]
