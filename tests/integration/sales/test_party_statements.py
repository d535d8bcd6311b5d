"""Statements of outlets and cooperatives: opening and lines are closing, and the books say the same."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.sales.views.periods import get_movements
from services.sales.views.statements.cooperative import get_cooperative_statement
from services.sales.views.statements.outlet import get_outlet_statement
from shared.contracts.sales.books import GetMovements
from shared.contracts.sales.parties import (
    CooperativeLine,
    CooperativeStatement,
    GetCooperativeStatement,
    GetOutletStatement,
    OutletStatement,
)
from shared.db import Pool
from shared.errors import Invalid, NotFound
from tests.integration.sales.builders import Database, a_return, balances, do, open_outlet, open_shop, report
from tests.integration.sales.remitting import SHAWLS, open_strict_shop, remit, reverse, shawl
from tests.integration.sales.settling import KOP, pay_out

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


async def outlet(pool: Pool, since: date = FIRST, until: date = LAST, code: str = "citos") -> OutletStatement:
    found = await do(pool, get_outlet_statement, GetOutletStatement(code=code, since=since, until=until))
    receivable, commission = found.receivable.opening, found.commission.opening
    for line in found.items:
        receivable, commission = receivable + line.receivable, commission + line.commission
        assert (line.receivable_balance, line.commission_balance) == (receivable, commission)
        assert since <= line.booked <= until
    assert (found.receivable.closing, found.commission.closing) == (receivable, commission)
    assert found.open == receivable - commission
    return found


async def cooperative(pool: Pool, since: date = FIRST, until: date = LAST, limit: int = 3) -> CooperativeStatement:
    items: list[CooperativeLine] = []
    cursor = None
    while True:
        asked = GetCooperativeStatement(code=KOP, since=since, until=until, limit=limit, cursor=cursor)
        page = await do(pool, get_cooperative_statement, asked)
        items, cursor = [*items, *page.items], page.next
        if cursor is None:
            break
    for account, period in (("cooperative-payable", page.payable), ("loan-capital", page.capital)):
        running = period.opening
        for line in items:
            if line.account == account:
                running += line.amount
                assert line.balance == running
        assert period.closing == running
    return page.model_copy(update={"items": items})


async def movements(pool: Pool, month: str = "2026-11") -> dict[str, tuple[int, int]]:
    """What the books say each account came to in the month: debit less credit, before and after."""
    found = await do(pool, get_movements, GetMovements(month=month), NOON)
    return {f"{one.kind} {one.owner}": (one.opening, one.closing) for one in found.items}


async def test_an_outlet_reads_what_it_sold_kept_and_handed_over(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2), shawl(2, receipt="R-2"), shawl(3), shawl(4))
    await remit(pool, 2 * SHAWLS, received_on=date(2026, 11, 20), through=date(2026, 11, 10))
    seen = await outlet(pool)
    assert [(line.booked.day, line.kind, line.facts, line.receivable, line.commission) for line in seen.items] == [
        (2, "sale", 2, 1_400_000, 350_000),
        (3, "sale", 1, 700_000, 175_000),
        (4, "sale", 1, 700_000, 175_000),
        (20, "remittance", 1, -1_050_000, 0),
        (20, "commission", 1, -350_000, -350_000),
    ]
    assert (seen.sold, seen.returned, seen.earned, seen.remitted, seen.kept) == (
        2_800_000,
        0,
        700_000,
        1_050_000,
        350_000,
    )
    assert seen.open == 2 * SHAWLS
    assert seen.items[-1].remittance_id == seen.items[-2].remittance_id is not None


async def test_the_end_of_one_period_is_the_beginning_of_the_next(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, *[shawl(day) for day in (2, 9, 16, 20)])
    await report(pool, a_return(original_receipt=shawl(9).receipt, returned_at=NOON))
    first, second = await outlet(pool, until=date(2026, 11, 15)), await outlet(pool, since=date(2026, 11, 16))
    assert (first.receivable.closing, first.commission.closing) == (
        second.receivable.opening,
        second.commission.opening,
    )
    whole = await outlet(pool)
    assert first.sold + second.sold == whole.sold == 2_800_000
    assert (first.returned, second.returned, whole.returned) == (0, 700_000, 700_000)


async def test_the_books_say_the_same(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2), shawl(3))
    await remit(pool, SHAWLS, received_on=date(2026, 11, 20), through=date(2026, 11, 10))
    seen, booked = await outlet(pool), await movements(pool)
    assert booked["outlet-receivable citos"] == (seen.receivable.opening, seen.receivable.closing)
    assert booked["outlet-commission citos"] == (-seen.commission.opening, -seen.commission.closing)
    now = await balances(pool)
    assert now["outlet-receivable citos"] == seen.receivable.closing


async def test_a_remittance_that_was_taken_back_is_two_lines(database: Database) -> None:
    pool = await database("sales")
    await open_strict_shop(pool)
    await report(pool, shawl(2))
    sent = await remit(pool, SHAWLS, received_on=date(2026, 11, 20), through=date(2026, 11, 10))
    await reverse(pool, sent.remittance_id)
    seen = await outlet(pool, until=date(2026, 12, 31))
    money = [line for line in seen.items if line.kind == "remittance"]
    assert [line.receivable for line in money] == [-SHAWLS, SHAWLS]
    assert {line.remittance_id for line in money} == {sent.remittance_id}
    assert (seen.remitted, seen.kept, seen.open) == (0, 0, SHAWLS)


async def test_what_comes_back_elsewhere_concerns_two_outlets(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, shawl(2))
    elsewhere = a_return(outlet="pim", original_outlet="citos", original_receipt=shawl(2).receipt, returned_at=NOON)
    await report(pool, elsewhere)
    sold, paid_out = await outlet(pool), await outlet(pool, code="pim")
    assert (sold.sold, sold.returned, sold.earned, sold.open) == (700_000, 0, 0, 700_000)
    assert (paid_out.sold, paid_out.returned, paid_out.earned, paid_out.open) == (0, 700_000, 0, -700_000)


async def test_a_cooperative_reads_what_it_paid_on(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, shawl(2), shawl(3))
    batch = await pay_out(pool)
    seen = await cooperative(pool)
    assert [batch.payout_id] == [one.payout_id for one in seen.batches]
    assert (seen.paid_on, seen.batches[0].paid_on) == (910_000, 910_000)
    assert seen.payable.opening == 0
    booked = (await movements(pool))[f"cooperative-payable {KOP}"]
    assert (seen.payable.opening, seen.payable.closing) == (-booked[0], -booked[1])
    line = seen.items[0]
    assert (line.kind, line.amount, line.payout_id) == ("payout", 910_000, batch.payout_id)
    assert line.maker_id is not None


async def test_periods_that_are_none_and_parties_that_are_none_are_refused(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    for since, until in ((LAST, FIRST), (FIRST, FIRST + timedelta(days=366))):
        with pytest.raises(Invalid):
            await outlet(pool, since, until)
    with pytest.raises(Invalid):
        await cooperative(pool, LAST, FIRST)
    with pytest.raises(NotFound):
        await outlet(pool, code="nowhere")
    with pytest.raises(NotFound):
        asked = GetCooperativeStatement(code="kop-nowhere", since=FIRST, until=LAST)
        await do(pool, get_cooperative_statement, asked)
