"""The ledger as a maker and an accountant see it; nothing in it can be changed."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from services.sales.views.ledger import get_statement, get_trial_balance
from shared.contracts.sales import AccountBalance, GetStatement, GetTrialBalance
from shared.errors import Invalid, NotFound
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    a_void,
    deliver,
    do,
    open_shop,
    report,
)


async def test_a_maker_sees_each_piece_sold_and_taken_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2), a_sale(line=2, sku=POUCH, unit_price=100_000), a_return())
    statement = await do(pool, get_statement, GetStatement(maker_id=ANI))
    seen = [(line.kind, line.sku, line.quantity, line.amount, line.at) for line in statement.items]
    sold_at = NOON - timedelta(hours=1)
    assert seen == [
        ("return", SHAWL, 1, -455_000, NOON),
        ("sale", POUCH, 1, 32_500, sold_at),
        ("sale", SHAWL, 2, 910_000, sold_at),
    ]
    assert {statement.items[0].sale_id, statement.items[2].sale_id} == {
        named_id("sale", "citos", "till-1", "536365", 1)
    }
    assert statement.balance == 487_500
    assert statement.next is None


async def test_a_statement_is_read_page_by_page_with_the_whole_balance_on_each(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, *[a_sale(line=line, unit_price=line * 1_000) for line in range(1, 6)])
    await report(pool, a_return(original_line=1), a_return(line=2, original_line=5))
    amounts: list[int] = []
    cursor = None
    for _ in range(4):
        page = await do(pool, get_statement, GetStatement(maker_id=ANI, limit=2, cursor=cursor))
        assert page.balance == 9_000 * 65 // 100
        amounts += [line.amount for line in page.items]
        cursor = page.next
    assert amounts == [-3_250, -650, 3_250, 2_600, 1_950, 1_300, 650]
    assert cursor is None


async def test_a_maker_who_sold_nothing_has_an_empty_statement(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    statement = await do(pool, get_statement, GetStatement(maker_id=WATI))
    assert (statement.balance, statement.items) == (0, [])


async def test_nobody_has_the_statement_of_somebody_unknown(database: Database) -> None:
    with pytest.raises(NotFound):
        await do(await database("sales"), get_statement, GetStatement(maker_id=uuid4()))


async def test_a_cursor_that_is_none_is_refused(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    with pytest.raises(Invalid):
        await do(pool, get_statement, GetStatement(maker_id=ANI, cursor="nonsense"))


async def test_the_trial_balance_shows_both_sides_of_every_account(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2), a_return())
    trial = await do(pool, get_trial_balance, GetTrialBalance())
    assert trial.ledger_sum == 0
    assert trial.items == [
        AccountBalance(kind="maker-payable", owner=str(ANI), debit=455_000, credit=910_000, balance=-455_000),
        AccountBalance(kind="maker-payable", owner=str(WATI), debit=0, credit=0, balance=0),
        AccountBalance(kind="maker-payable", owner=str(SRI), debit=0, credit=0, balance=0),
        AccountBalance(kind="outlet-commission", owner="citos", debit=175_000, credit=350_000, balance=-175_000),
        AccountBalance(kind="outlet-receivable", owner="citos", debit=1_400_000, credit=700_000, balance=700_000),
        AccountBalance(kind="programme-share", owner="programme", debit=70_000, credit=140_000, balance=-70_000),
    ]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("transfer", "UPDATE transfer SET amount = amount + 1"),
        ("transfer", "DELETE FROM transfer"),
        ("transfer", "TRUNCATE transfer"),
        ("goods_movement", "UPDATE goods_movement SET delta = 1"),
        ("goods_movement", "DELETE FROM goods_movement"),
        ("sale", "UPDATE sale SET unit_price = 1"),
        ("sale", "DELETE FROM sale"),
        ("returned", "DELETE FROM returned"),
        ("receipt_void", "UPDATE receipt_void SET voided_at = now()"),
        ("sale_void", "DELETE FROM sale_void"),
    ],
)
async def test_what_is_recorded_cannot_be_changed(database: Database, table: str, change: str) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 1})
    await report(pool, a_sale(), a_return(), a_sale(receipt="536366"), a_void(receipt="536366"))
    before = await pool.fetch(f"SELECT * FROM {table}")
    assert before
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await pool.execute(change)
    assert await pool.fetch(f"SELECT * FROM {table}") == before
