"""A month that two people have closed stays as it is; what comes too late for it is booked into what is open."""

import asyncio
from datetime import date, timedelta
from itertools import pairwise

import asyncpg
import pytest

from services.sales.handlers.sales import record_sales
from services.sales.handlers.settlement.periods import close_period
from services.sales.views import periods as views
from services.sales.views.ledger import get_trial_balance
from shared.contracts.sales import GetTrialBalance
from shared.contracts.sales.books import ClosePeriod, ListPeriods, PeriodClosed
from shared.db import Pool
from shared.errors import Rejected
from tests.integration.sales.builders import (
    ANI,
    NOON,
    WATI,
    Database,
    a_return,
    a_sale,
    a_void,
    do,
    in_full,
    open_shop,
    received,
    report,
)
from tests.integration.sales.closing import (
    OCTOBER,
    adjustments,
    ask_to_close,
    close,
    figures,
    list_entries,
    movements,
)
from tests.integration.sales.settling import BUDI, RINI, by, statement, tell


async def shop(database: Database) -> Pool:
    pool = await database("sales")
    await open_shop(pool)
    return pool


async def code_of(pool: Pool, month: str, actor: str = RINI) -> str:
    with pytest.raises(Rejected) as refused:
        await ask_to_close(pool, actor, month)
    return refused.value.code


async def test_two_people_close_a_month_and_it_is_told(database: Database) -> None:
    pool = await shop(database)
    await report(pool, a_sale(sold_at=OCTOBER))
    proposed, events = await tell(pool, close_period, ClosePeriod(month="2026-10"), RINI)
    assert (proposed.state, [one.by for one in proposed.approvals], events) == ("proposed", [RINI], [])
    assert (await movements(pool)).state == "proposed"

    closed, (event,) = await tell(pool, close_period, ClosePeriod(month="2026-10"), BUDI)

    assert (closed.state, [step.state for step in closed.steps]) == ("closed", ["proposed", "closed"])
    assert isinstance(event, PeriodClosed)
    assert (event.month, event.open_since, event.accounts, event.debit) == ("2026-10", date(2026, 11, 1), 4, 700_000)
    listed = await do(pool, views.list_periods, ListPeriods())
    assert (listed.open_since, [one.month for one in listed.items]) == (date(2026, 11, 1), ["2026-10"])


async def test_the_same_person_does_not_close_it_alone(database: Database) -> None:
    pool = await shop(database)
    await ask_to_close(pool, "coordinator:rini")
    assert await code_of(pool, "2026-10", "finance:rini") == "same_person"
    assert (await movements(pool)).state == "proposed"


async def test_months_are_closed_in_their_order_when_they_are_over(database: Database) -> None:
    pool = await shop(database)
    assert await code_of(pool, "2026-11") == "month_not_over"
    await close(pool, "2026-08")
    assert await code_of(pool, "2026-10") == "month_before_open"
    assert await code_of(pool, "2026-08", "finance:dewi") == "month_closed"
    assert await code_of(pool, "2026-05") == "month_closed", "the first one took with it all before"
    await close(pool, "2026-09")
    await close(pool, "2026-10")
    listed = await do(pool, views.list_periods, ListPeriods(limit=2))
    assert [one.month for one in listed.items] == ["2026-10", "2026-09"]
    rest = await do(pool, views.list_periods, ListPeriods(limit=2, cursor=listed.next))
    assert ([one.month for one in rest.items], rest.next) == (["2026-08"], None)


async def test_late_facts_change_nothing_in_the_closed_month(database: Database) -> None:
    """A late sale, a late void and a late return."""
    pool = await shop(database)
    sold = [a_sale(receipt=receipt, sold_at=OCTOBER) for receipt in ("kept", "void", "return")]
    await report(pool, *sold)
    before = await figures(pool)
    await close(pool)
    trial = await do(pool, get_trial_balance, GetTrialBalance(until=date(2026, 10, 31)))

    await report(
        pool,
        a_sale(receipt="late", sold_at=OCTOBER),
        a_return(original_receipt="return", returned_at=OCTOBER + timedelta(hours=1)),
        a_void(receipt="void", voided_at=OCTOBER + timedelta(hours=1)),
    )

    assert await figures(pool) == before
    assert await do(pool, get_trial_balance, GetTrialBalance(until=date(2026, 10, 31))) == trial
    stored = await pool.fetch("SELECT account, closing FROM closing_figure ORDER BY account")
    summed = await pool.fetch(
        """
        SELECT account, sum(amount)::bigint AS closing FROM (
            SELECT debit AS account, amount, booked FROM transfer
            UNION ALL SELECT credit, -amount, booked FROM transfer) side
        WHERE booked < '2026-11-01' GROUP BY account ORDER BY account
        """
    )
    assert [tuple(row) for row in stored] == [tuple(row) for row in summed]
    assert await do_look(pool) == []
    assert [(one.kind, one.day, one.booked, one.receipt) for one in await adjustments(pool)] == [
        (kind, OCTOBER.date(), date(2026, 11, 1), receipt)
        for kind, receipt in (("sale", "late"), ("return", "C536379"), ("void", "void"))
        for _ in range(3)
    ]
    november = await figures(pool, "2026-11")
    assert november["outlet-receivable citos"] == (2_100_000, 700_000, 1_400_000, 1_400_000)


async def test_the_next_month_opens_with_what_the_one_before_closed_with(database: Database) -> None:
    pool = await shop(database)
    await report(pool, a_sale(receipt="a", sold_at=OCTOBER - timedelta(days=31)), a_sale(receipt="b", sold_at=OCTOBER))
    await report(pool, a_sale(receipt="c"))
    open_figures = [await figures(pool, month) for month in ("2026-09", "2026-10", "2026-11")]
    await close(pool, "2026-09")
    await close(pool, "2026-10")
    assert [await figures(pool, month) for month in ("2026-09", "2026-10", "2026-11")] == open_figures
    for earlier, later in pairwise(open_figures):
        assert {name: one[3] for name, one in earlier.items()} == {name: one[0] for name, one in later.items()}


async def test_a_month_may_be_empty(database: Database) -> None:
    pool = await shop(database)
    assert (await close(pool)).state == "closed"
    assert await figures(pool) == {}
    assert await do_look(pool) == []


async def test_what_is_late_for_two_closed_months_is_booked_after_both(database: Database) -> None:
    pool = await shop(database)
    await close(pool, "2026-10")
    await report(pool, a_sale(receipt="first", sold_at=OCTOBER))
    december = NOON + timedelta(days=14)
    await close(pool, "2026-11", december)
    await report(pool, a_sale(receipt="second", sold_at=OCTOBER))
    booked = {(one.receipt, one.booked) for one in await adjustments(pool)}
    assert booked == {("first", date(2026, 11, 1)), ("second", date(2026, 12, 1))}
    assert (await figures(pool, "2026-11"))["outlet-receivable citos"] == (0, 700_000, 0, 700_000)


async def test_the_makers_statement_keeps_to_the_business_day(database: Database) -> None:
    pool = await shop(database)
    await close(pool)
    await report(pool, a_sale(sold_at=OCTOBER))
    (line,) = (await statement(pool, ANI)).items
    assert line.at == OCTOBER


async def test_what_is_being_posted_while_a_month_is_closed_is_in_it(database: Database) -> None:
    """The closing waits for a sale that is under way, and sums it."""
    pool = await shop(database)
    await ask_to_close(pool, RINI)
    async with pool.acquire() as tx, tx.transaction():
        await in_full(record_sales, [received(a_sale(sold_at=OCTOBER))], tx)
        closing = asyncio.create_task(ask_to_close(pool, BUDI))
        await until_waiting(pool)
    await closing
    assert (await figures(pool))["outlet-receivable citos"] == (0, 700_000, 0, 700_000)
    assert await adjustments(pool) == []


async def test_what_waits_while_a_month_is_closed_is_booked_after_it(database: Database) -> None:
    """The statement has begun before the month was closed, and looks for the first open day when it may go on."""
    pool = await shop(database)
    await ask_to_close(pool, RINI)
    async with pool.acquire() as tx, tx.transaction():
        await close_period(by(BUDI, ClosePeriod(month="2026-10"), NOON), tx)
        selling = asyncio.create_task(report(pool, a_sale(sold_at=OCTOBER)))
        await until_waiting(pool)
    await selling
    assert await figures(pool) == {}
    assert {one.booked for one in await adjustments(pool)} == {date(2026, 11, 1)}


async def test_sales_and_closings_at_once_leave_no_entry_in_a_closed_month_unsummed(database: Database) -> None:
    pool = await shop(database)
    await ask_to_close(pool, RINI)

    async def sell(till: int) -> None:
        for number in range(20):
            await report(pool, a_sale(till=f"till-{till}", receipt=f"{number}", sold_at=OCTOBER))

    async with asyncio.TaskGroup() as group:
        for till in range(4):
            group.create_task(sell(till))
        await asyncio.sleep(0.2)
        group.create_task(ask_to_close(pool, BUDI))

    october = await list_entries(pool, until=date(2026, 10, 31))
    assert sum([one.amount for one in october]) == (await movements(pool)).debit
    assert len(october) + len(await adjustments(pool, limit=500)) == 4 * 20 * 3


async def test_two_who_close_two_first_months_at_once_do_not_close_both(database: Database) -> None:
    """The first that is ever closed takes with it all before, so the other one is closed, or has to wait for months."""
    pool = await shop(database)
    for month in ("2026-08", "2026-10"):
        await ask_to_close(pool, RINI, month)
    both = [ask_to_close(pool, BUDI, month) for month in ("2026-08", "2026-10")]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(one, Rejected) for one in done) == 1
    assert await pool.fetchval("SELECT count(*) FROM settlement_step WHERE state = 'posted'") == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE closing_figure SET opening = 1",
        "DELETE FROM closing_figure",
        "TRUNCATE closing_figure",
        "UPDATE period SET month = '2026-01-01'",
        "DELETE FROM period",
    ],
)
async def test_figures_of_a_closed_month_cannot_be_changed(database: Database, change: str) -> None:
    pool = await shop(database)
    await report(pool, a_sale(sold_at=OCTOBER))
    await close(pool)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await pool.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE closing_figure SET opening = opening + 1 WHERE account = (SELECT min(account) FROM closing_figure)",
        "UPDATE closing_figure SET debit = debit + 1 WHERE account = (SELECT min(account) FROM closing_figure)",
        "DELETE FROM closing_figure WHERE account = (SELECT min(account) FROM closing_figure)",
        "INSERT INTO closing_figure SELECT DISTINCT period, m.account, 5, 0, 0 FROM closing_figure, maker m "
        f"WHERE m.maker_id = '{WATI}'",
    ],
)
async def test_figures_that_were_changed_all_the_same_are_found(database: Database, change: str) -> None:
    pool = await shop(database)
    await report(pool, a_sale(sold_at=OCTOBER))
    await close(pool)
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("SET LOCAL session_replication_role = replica")
        await tx.execute(change)
    assert await do_look(pool) == ["2026-10: the figures of 1 accounts are not the sum of what is booked"]


async def do_look(pool: Pool) -> list[str]:
    async with pool.acquire() as tx:
        return await views.list_wrong_figures(tx)


async def until_waiting(pool: Pool) -> None:
    waiting = """
        SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
        WHERE datname = current_database() AND NOT granted
    """
    while not await pool.fetchval(waiting):  # noqa: ASYNC110 - only the database knows
        await asyncio.sleep(0.01)
