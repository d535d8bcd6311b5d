"""The general ledger: accounts by number, entries with what they were posted for."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.sales.views import chart
from services.sales.views.ledger import get_trial_balance
from shared.contracts.sales import GetTrialBalance
from shared.contracts.sales.books import Account, ListAccounts, ShowChart
from shared.db import Pool
from shared.errors import Invalid
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    a_void,
    do,
    open_outlet,
    open_shop,
    report,
)
from tests.integration.sales.closing import OCTOBER, close, list_entries
from tests.integration.sales.settling import pay_out, write_off

SALE = named_id("sale", "citos", "till-1", "536365", 1)


async def list_accounts(pool: Pool, limit: int = 2, **asked: object) -> list[Account]:
    """All pages."""
    found: list[Account] = []
    cursor = None
    while True:
        page = await do(pool, chart.list_accounts, ListAccounts(limit=limit, cursor=cursor, **asked))
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


async def test_accounts_come_by_number_and_owner_with_their_balances(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2), a_return())
    found = await list_accounts(pool)
    assert [(one.number, one.owner, one.debit, one.credit, one.balance) for one in found] == [
        (1200, "citos", 1_400_000, 700_000, 700_000),
        (2100, str(ANI), 455_000, 910_000, -455_000),
        (2100, str(UUID(int=2)), 0, 0, 0),
        (2100, str(UUID(int=3)), 0, 0, 0),
        (2200, "citos", 175_000, 350_000, -175_000),
        (4100, "programme", 70_000, 140_000, -70_000),
    ]
    receivable = found[0]
    assert (receivable.name_id, receivable.name_en) == ("Piutang gerai", "Receivable from outlets")
    assert (receivable.account_class, receivable.normal) == ("asset", "debit")
    assert [one.owner for one in await list_accounts(pool, kind="outlet-commission")] == ["citos"]
    published = await do(pool, chart.show_chart, ShowChart())
    assert {one.kind: one.number for one in found}.items() <= {one.kind: one.number for one in published.items}.items()


async def test_balances_are_those_of_a_day_when_one_is_asked_for(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(receipt="yesterday", sold_at=NOON - timedelta(days=1)))
    until = NOON.date() - timedelta(days=1)
    (citos,) = await list_accounts(pool, kind="outlet-receivable", until=until)
    assert citos.balance == 700_000
    trial = await do(pool, get_trial_balance, GetTrialBalance(until=until))
    assert trial.ledger_sum == 0
    assert {one.owner: one.balance for one in trial.items if one.kind == "outlet-receivable"} == {"citos": 700_000}


async def test_an_entry_says_what_it_was_posted_for(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(receipt="void"), a_return(), a_void(receipt="void"))
    found = await list_entries(pool)
    assert [one.id for one in found] == list(range(1, 13))
    first = found[0]
    assert (first.debit_number, first.debit_kind, first.debit_owner) == (1200, "outlet-receivable", "citos")
    assert (first.credit_number, first.credit_kind, first.credit_owner) == (2200, "outlet-commission", "citos")
    assert (first.day, first.booked, first.amount, first.sku) == (NOON.date(), NOON.date(), 175_000, SHAWL)
    told = [(one.kind, one.sale_id, one.receipt) for one in found[::3]]
    voided = named_id("sale", "citos", "till-1", "void", 1)
    assert told == [
        ("sale", SALE, "536365"),
        ("sale", voided, "void"),
        ("return", SALE, "C536379"),
        ("void", voided, "void"),
    ]


async def test_settlement_is_named_by_its_batch_or_write_off(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    payout = await pay_out(pool)
    await report(pool, a_return())
    await write_off(pool, 1_000)
    found = await list_entries(pool)
    assert {one.payout_id for one in found if one.kind in ("payout", "bank")} == {payout.payout_id}
    (written,) = [one for one in found if one.kind == "write-off"]
    assert (written.write_off_id is not None, written.sale_id, written.debit_number) == (True, None, 5100)


async def test_entries_are_found_by_account_and_by_the_day_on_which_they_count(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await close(pool)
    await report(pool, a_sale(sku=POUCH), a_sale(outlet="pim"), a_sale(receipt="late", sold_at=OCTOBER))
    of_citos = await list_entries(pool, account_owner="citos")
    assert {one.debit_owner for one in of_citos} == {"citos"}
    assert len(of_citos) == 5 + 3
    assert len(await list_entries(pool, account_kind="outlet-commission", account_owner="pim")) == 1
    assert len(await list_entries(pool, account_kind="maker-payable")) == 3 + 1 + 1
    assert await list_entries(pool, account_owner="nobody") == []
    first = date(2026, 11, 1)
    assert {one.receipt for one in await list_entries(pool, since=first, until=first)} == {"late"}
    assert {one.receipt for one in await list_entries(pool, since=first + timedelta(days=1))} == {"536365"}
    assert await list_entries(pool, until=date(2026, 10, 31)) == []
    assert {one.receipt for one in await list_entries(pool, account_owner="citos", until=first)} == {"late"}


async def test_a_cursor_that_is_none_is_refused(database: Database) -> None:
    pool = await database("sales")
    with pytest.raises(Invalid):
        await do(pool, chart.list_accounts, ListAccounts(cursor="nonsense"))
