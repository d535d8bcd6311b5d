"""What a line pays is listed, and is in no other line; what may not be paid yet stays for a later batch."""

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from services.sales.handlers.settlement import payouts
from services.sales.storage.settlement.freezing import ITEMS
from services.sales.views.payout_items import list_payout_items
from shared.contracts.sales.paying import ListPayoutItems
from shared.contracts.sales.settlement import CancelPayout, FreezePayout, Payout
from shared.db import Pool
from shared.errors import NotFound
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SRI,
    WATI,
    Database,
    a_return,
    a_void,
    balances,
    do,
    open_shop,
    owed,
    report,
)
from tests.integration.sales.moving import HERS, NEW, moved, sold
from tests.integration.sales.settling import (
    KOP,
    NOBODYS,
    check_lines,
    freeze,
    items_of,
    only_line,
    order,
    pay,
    pay_out,
    refusal,
    void,
    write_off,
)

NOT_YET = FreezePayout(cooperative=KOP)


async def agreed(pool: Pool, **terms: Any) -> None:
    """What is agreed with Citos about paying out."""
    for column, value in terms.items():
        await pool.execute(f"UPDATE agreement SET {column} = $1", value)


async def remit(pool: Pool, *receipts: str) -> None:
    """The outlet has sent what it owes for all that was recorded of these receipts."""
    await pool.execute(
        """
        INSERT INTO remittance (no, remittance_id, amount, received_on, through, recorded_at, by, outlet, reference)
        VALUES (nextval('fact'), gen_random_uuid(), 1, '2026-11-21', '2026-11-21', now(), 'x', 'citos', 'BCA 1')
        """
    )
    await pool.execute(
        """
        INSERT INTO remitted (cause, due, outlet, remittance)
        SELECT no, 1, 'citos', (SELECT max(no) FROM remittance) FROM sale WHERE receipt = ANY ($1::text[])
        """,
        receipts,
    )


async def test_a_line_lists_each_sale_and_what_came_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14, quantity=2), sold(15, sku=POUCH, unit_price=100_000))
    await report(pool, a_return(original_receipt="14-12:00:00"))
    batch = await freeze(pool)

    seen = await items_of(pool, batch.payout_id)

    assert (batch.lines[0].items, batch.lines[0].gross) == (3, 487_500)
    assert (seen.payout_id, seen.line.amount, seen.next) == (batch.payout_id, 487_500, None)
    told = [
        (one.kind, one.amount, one.receipt, one.sku, one.quantity, one.sold_on.day, one.day.day, one.earned)
        for one in seen.items
    ]
    assert told == [
        ("sale", 910_000, "14-12:00:00", "BTK-0007", 2, 14, 14, True),
        ("sale", 32_500, "15-12:00:00", "SUL-0001", 1, 15, 15, True),
        ("return", -455_000, "14-12:00:00", "BTK-0007", 1, 14, 21, True),
    ]


async def test_items_are_listed_page_by_page_and_of_nobody_else(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, *[sold(day, sku=POUCH, unit_price=100_000) for day in (14, 15, 16)])
    batch = await freeze(pool)
    first = await items_of(pool, batch.payout_id, limit=2)
    second = await items_of(pool, batch.payout_id, limit=2, cursor=first.next)
    assert [item.sold_on.day for item in first.items + second.items] == [14, 15, 16]
    assert second.next is None
    for payout, maker in ((batch.payout_id, WATI), (NOBODYS, ANI)):
        with pytest.raises(NotFound):
            await do(pool, list_payout_items, ListPayoutItems(payout_id=payout, maker_id=maker))


async def test_a_sale_is_payable_when_its_hold_days_are_over(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await agreed(pool, hold_days=7)
    await report(pool, sold(14), sold(15))
    for days in (0, 1):
        batch = await freeze(pool, now=NOON + timedelta(days=days))
        assert [item.sold_on.day for item in (await items_of(pool, batch.payout_id)).items] == [14 + days]
        assert await refusal(pool, payouts.freeze_payout, NOT_YET) == "nothing_payable"


async def test_what_the_outlet_has_not_remitted_waits_unless_the_programme_advances(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await agreed(pool, advances=False)
    await report(pool, sold(14), sold(15), sold(16))
    assert await refusal(pool, payouts.freeze_payout, NOT_YET) == "nothing_payable"
    await remit(pool, "15-12:00:00")
    batch = await freeze(pool)
    assert [(item.sold_on.day, item.amount) for item in (await items_of(pool, batch.payout_id)).items] == [(15, HERS)]
    assert (batch.lines[0].gross, batch.lines[0].remitted, batch.lines[0].debt) == (HERS, HERS, 0)
    await agreed(pool, advances=True)
    later = await freeze(pool)
    assert (later.lines[0].gross, later.lines[0].remitted) == (2 * HERS, 0)


async def test_what_came_back_of_a_sale_that_waits_waits_with_it(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await agreed(pool, advances=False)
    await report(pool, sold(14), sold(15))
    await report(pool, a_return(original_receipt="14-12:00:00"))
    await remit(pool, "15-12:00:00")
    assert only_line(await freeze(pool)) == (HERS, 0, 0, HERS)
    await remit(pool, "14-12:00:00")
    assert await refusal(pool, payouts.freeze_payout, NOT_YET) == "nothing_payable"


async def test_a_debt_is_kept_back_of_what_is_remitted_only_once(database: Database) -> None:
    """What waits for the outlet is not taken for a debt, and does not cover one."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(13))
    await pay_out(pool)
    await agreed(pool, advances=False)
    await report(pool, sold(14), sold(15))
    await report(pool, a_return(original_receipt="13-12:00:00"))
    await remit(pool, "15-12:00:00")
    assert only_line(await pay_out(pool)) == (HERS, HERS, HERS // 2, HERS - HERS // 2)
    await remit(pool, "14-12:00:00")
    assert only_line(await pay_out(pool)) == (HERS, HERS - HERS // 2, HERS // 2, HERS - HERS // 2)


async def test_what_comes_back_while_its_batch_may_be_cancelled_waits_until_that_is_known(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14))
    first = await freeze(pool)
    await report(pool, a_return(original_receipt="14-12:00:00"), sold(16))

    assert only_line(await pay_out(pool)) == (HERS, 0, 0, HERS)

    await order(pool, payouts.cancel_payout, CancelPayout(payout_id=first.payout_id, reason="the wrong week"))
    assert await refusal(pool, payouts.freeze_payout, NOT_YET) == "nothing_payable"
    assert await owed(pool) == 0


async def test_two_lines_of_hers_that_are_open_never_pay_more_than_she_is_owed(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(13))
    await pay_out(pool)
    await report(pool, a_return(original_receipt="13-12:00:00"), sold(14))
    first = await freeze(pool)
    await report(pool, sold(15), sold(16))
    second = await freeze(pool)
    assert only_line(first) == (HERS, HERS, HERS // 2, HERS - HERS // 2)
    assert only_line(second) == (2 * HERS, HERS - HERS // 2, HERS - HERS // 2, HERS + HERS // 2)
    for batch in (second, first):
        await pay(pool, batch.payout_id)
    assert await owed(pool) == 0


async def test_a_debt_that_was_given_up_is_not_owed_to_her_when_the_return_was_none(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(13))
    await pay_out(pool)
    await report(pool, a_return(original_receipt="13-12:00:00"))
    await write_off(pool, HERS)
    await report(pool, a_void(receipt="C536379"), sold(14))
    assert only_line(await freeze(pool)) == (HERS, 0, 0, HERS)


async def test_freezes_of_overlapping_makers_at_once_take_each_sale_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    sales = [sold(day, f"{hour:02d}:00:00", sku=POUCH, unit_price=100_000) for day in (13, 16) for hour in range(9, 14)]
    await report(pool, *sales)
    answers = await asyncio.gather(
        *[freeze(pool, cooperative) for cooperative in (KOP, NEW, "kop-komarudin") * 3], return_exceptions=True
    )
    batches = [one for one in answers if isinstance(one, Payout)]
    assert sorted(batch.cooperative for batch in batches) == [NEW, "kop-komarudin", KOP]
    for batch in batches:
        await pay(pool, batch.payout_id)
    assert [await owed(pool, maker) for maker in (ANI, WATI, SRI)] == [0, 0, 0]
    assert await pool.fetchval("SELECT count(*) FROM payout_item") == 30
    assert await check_lines(pool) == 4


async def test_an_item_is_given_back_by_a_cancelled_batch_only(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14))
    frozen = await freeze(pool)
    for change in ("UPDATE payout_item SET earned = false", "DELETE FROM payout_item", "TRUNCATE payout_item"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await pool.execute(change)
    await order(pool, payouts.cancel_payout, CancelPayout(payout_id=frozen.payout_id, reason="the wrong week"))
    assert await pool.fetchval("SELECT count(*) FROM payout_item") == 0


@pytest.mark.parametrize(
    ("recovery", "remitted", "loan"),
    [(6, 10, 0), (5, 10, 6), (0, 4, 5), (0, 0, 1), (5, 10, 5)],
)
async def test_a_line_that_does_not_add_up_is_refused_by_the_database(
    database: Database, recovery: int, remitted: int, loan: int
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14))
    await freeze(pool)
    add = """
        INSERT INTO payout_line (payout, maker_id, gross, debt, recovery, remitted, loan)
        SELECT no, $1, 10, 6, $2, $3, $4 FROM payout
    """
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(add, WATI, recovery, remitted, loan)


async def test_an_entry_is_in_one_line_by_constraint(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14))
    await freeze(pool)
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute("INSERT INTO payout_item SELECT * FROM payout_item")


async def test_freezing_reads_accounts_and_not_the_ledger(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14))
    account = await pool.fetchval("SELECT account FROM maker WHERE maker_id = $1", ANI)
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL enable_seqscan = off")
        plan = await tx.fetch(f"EXPLAIN {ITEMS}", 1, date(2026, 11, 21), KOP, 1000, [ANI], [account])
    text = "\n".join([row[0] for row in plan])
    assert "credit_id_idx" in text
    assert "debit_id_idx" in text
    assert "Seq Scan on transfer" not in text


async def test_nothing_is_created_or_lost_by_freezing(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14))
    before = await balances(pool)
    await freeze(pool)
    await void(pool, "14-12:00:00")
    assert (await balances(pool))[f"maker-payable {ANI}"] == before[f"maker-payable {ANI}"] + HERS
