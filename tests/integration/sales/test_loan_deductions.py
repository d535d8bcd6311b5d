"""What a batch keeps back for a loan: of money that has come, above her floor, and nothing twice."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.sales.handlers import known
from services.sales.handlers.settlement import payouts, repayments
from shared.contracts.sales.loans import LoanClosed, LoanRepaid
from shared.contracts.sales.settlement import CancelPayout, FreezePayout, LoanPart, Payout, PayoutFrozen
from shared.contracts.training import MakerMoved
from shared.db import Pool
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    balances,
    hear,
    open_outlet,
    open_shop,
    report,
)
from tests.integration.sales.lending import (
    LENT,
    at_month_end,
    lend,
    remit_all,
    repay,
    repaying,
    seen,
    send,
    send_within,
    sold_in,
)
from tests.integration.sales.moving import NEW, moved, sold
from tests.integration.sales.settling import KOP, RINI, by, freeze, order, refusal, tell

CAKUNG = "kop-cakung"
HALF_A_YEAR = {"principal": 1_200_000, "months": 6}
"""Instalments of 200.000 and 12.000."""


def figures(payout: Payout) -> tuple[int, int, int, int]:
    """gross, recovery, loan and amount of the batch's one line."""
    (line,) = payout.lines
    return (line.gross, line.recovery, line.loan, line.amount)


async def a_sold_shawl(pool: Pool, **terms: Any) -> UUID:
    """Ani has a loan, has sold a shawl for Rp700.000 at the mall, and the mall has paid: 455.000 are hers."""
    await open_shop(pool)
    loan_id = (await lend(pool, **terms)).loan_id
    await report(pool, a_sale())
    await remit_all(pool)
    return loan_id


async def test_the_worked_example_comes_out_to_the_rupiah(database: Database) -> None:
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool, **HALF_A_YEAR)
    await open_outlet(pool, "citos-own", 1500)
    first = await freeze(pool)
    assert figures(first) == (455_000, 0, 91_000, 364_000)
    await send(pool, first.payout_id)

    await report(pool, a_return())
    assert (await seen(pool, loan_id)).repaid == 91_000, "a repayment is not undone"
    await report(pool, a_sale(receipt="next", outlet="citos-own", unit_price=450_000))
    await remit_all(pool)

    assert figures(await freeze(pool)) == (337_500, 168_750, 33_750, 135_000)


async def test_what_is_kept_is_posted_when_the_batch_is_sent(database: Database) -> None:
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool)
    before = await balances(pool)
    frozen = await freeze(pool)
    assert await balances(pool) == before
    pending = await seen(pool, loan_id)
    assert (pending.repaid, pending.pending, pending.outstanding, pending.due) == (0, 91_000, 1_253_000, 21_000)
    assert pending.repayments == []

    told = await send(pool, frozen.payout_id)

    paid_on = NOON.date()
    assert told == [
        LoanRepaid(loan_id=loan_id, maker_id=ANI, lender=KOP, how="payout", principal=79_000, service=12_000,
                   outstanding=1_253_000, paid_on=paid_on, payout_id=frozen.payout_id)
    ]  # fmt: skip
    after = await balances(pool)
    assert {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)} == {
        f"maker-payable {ANI}": 91_000,
        f"loan-receivable {ANI}": -79_000,
        f"loan-capital {KOP}": 79_000,
        f"cooperative-payable {KOP}": -91_000,
    }
    loan = await seen(pool, loan_id)
    assert (loan.repaid, loan.pending, loan.outstanding, loan.due) == (91_000, 0, 1_253_000, 21_000)
    [one] = loan.repayments
    assert (one.payout_id, one.principal, one.service, one.paid_on) == (frozen.payout_id, 79_000, 12_000, paid_on)


async def test_a_batch_tells_of_which_loan_its_lines_keep_what(database: Database) -> None:
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool)

    _, [told, *_] = await tell(pool, payouts.freeze_payout, FreezePayout(cooperative=KOP))

    assert isinstance(told, PayoutFrozen)
    assert told.loans == [LoanPart(loan_id=loan_id, maker_id=ANI, lender=KOP, principal=79_000, service=12_000)]


async def test_a_loan_ends_with_its_last_rupiah_and_the_next_batch_keeps_nothing(database: Database) -> None:
    """Scenario 21."""
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool, principal=100_000, months=1, service_fee_bps=0)
    await repay(pool, loan_id, 40_000)

    frozen = await freeze(pool)
    told = await send(pool, frozen.payout_id)

    assert figures(frozen) == (455_000, 0, 60_000, 395_000)
    assert told[1:] == [LoanClosed(loan_id=loan_id, maker_id=ANI, lender=KOP, closed_on=NOON.date())]
    assert (await seen(pool, loan_id)).state == "closed"
    await report(pool, a_sale(receipt="next"))
    await remit_all(pool)
    assert figures(await freeze(pool)) == (455_000, 0, 0, 455_000)
    assert (await balances(pool))[f"loan-receivable {ANI}"] == 0


async def test_nothing_is_kept_of_what_the_programme_advances(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await lend(pool)
    await report(pool, a_sale())

    assert figures(await freeze(pool)) == (455_000, 0, 0, 455_000)


async def test_a_debt_is_recovered_of_what_has_come_before_anything_is_kept_of_it(database: Database) -> None:
    """Of 910.000 half has come, and a debt of 455.000 is recovered: nothing that has come is left."""
    pool = await database("sales")
    await a_sold_shawl(pool, **HALF_A_YEAR)
    await send(pool, (await freeze(pool)).payout_id)
    await report(pool, a_return())
    await report(pool, a_sale(receipt="b"))
    await remit_all(pool)
    await report(pool, a_sale(receipt="c"))

    assert figures(await freeze(pool)) == (910_000, 455_000, 0, 455_000)


@pytest.mark.parametrize(("floor", "loan"), [(364_000, 91_000), (400_000, 55_000), (455_000, 0), (10**9, 0)])
async def test_she_is_paid_her_floor_before_anything_is_kept(database: Database, floor: int, loan: int) -> None:
    pool = await database("sales")
    await a_sold_shawl(pool, floor_income=floor)

    assert figures(await freeze(pool)) == (455_000, 0, loan, 455_000 - loan)


async def test_her_floor_is_one_of_the_month_and_counts_what_its_batches_pay(database: Database) -> None:
    pool = await database("sales")
    await a_sold_shawl(pool, floor_income=700_000, **HALF_A_YEAR)
    first = await freeze(pool)
    await report(pool, a_sale(receipt="b"))
    await remit_all(pool)

    second = await freeze(pool)

    assert (figures(first), figures(second)) == ((455_000, 0, 0, 455_000), (455_000, 0, 91_000, 364_000))
    for batch in (second, first):
        asked = CancelPayout(payout_id=batch.payout_id, reason="another day")
        await order(pool, payouts.cancel_payout, asked)
    in_december = NOON + timedelta(days=11)
    both = await freeze(pool, now=in_december)
    assert figures(both) == (910_000, 0, 182_000, 728_000)


async def test_what_one_open_batch_keeps_no_other_takes(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    await moved(pool)
    await report(pool, sold(14), sold(16))
    await remit_all(pool)

    old, new = await freeze(pool), await freeze(pool, NEW)

    assert (old.lines[0].loan, new.lines[0].loan) == (91_000, 21_000), "an instalment of 112.000 is due"
    assert (await seen(pool, loan_id)).pending == 112_000
    await order(pool, payouts.cancel_payout, CancelPayout(payout_id=old.payout_id, reason="the wrong day"))
    assert (await seen(pool, loan_id)).pending == 21_000
    assert (await freeze(pool)).lines[0].loan == 91_000


async def test_two_cooperatives_that_freeze_at_once_keep_no_more_than_is_due(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    await moved(pool)
    await report(pool, sold(14), sold(16))
    await remit_all(pool)

    batches = await asyncio.gather(freeze(pool), freeze(pool, NEW))

    assert sum([batch.lines[0].loan for batch in batches]) == (await seen(pool, loan_id)).pending == 112_000


async def test_the_lender_gets_it_whoever_pays_her(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await lend(pool)
    await moved(pool)
    await report(pool, sold(16))
    await remit_all(pool)

    await send(pool, (await freeze(pool, NEW)).payout_id)

    accounts = await balances(pool)
    assert accounts[f"cooperative-payable {KOP}"] == -91_000
    assert accounts[f"loan-capital {KOP}"] == -1_200_000 + 79_000
    assert accounts.get(f"cooperative-payable {NEW}", 0) == 0


async def test_cash_cannot_pay_what_an_open_batch_keeps(database: Database) -> None:
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool, principal=112_000, months=1, service_fee_bps=0)
    frozen = await freeze(pool)
    assert frozen.lines[0].loan == 91_000
    assert await refusal(pool, repayments.repay_loan, repaying(loan_id, 21_001)) == "more_than_outstanding"

    paid = await repay(pool, loan_id, 21_000)

    assert (paid.state, paid.outstanding, paid.pending) == ("disbursed", 0, 91_000)
    assert isinstance((await send(pool, frozen.payout_id))[-1], LoanClosed)


async def test_cash_and_two_batches_at_once_close_it_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool, principal=150_000, months=1, service_fee_bps=0)).loan_id
    await moved(pool)
    await report(pool, sold(14), sold(16))
    await remit_all(pool)
    old, new = await freeze(pool), await freeze(pool, NEW)
    assert (old.lines[0].loan, new.lines[0].loan) == (91_000, 59_000)

    told = await asyncio.gather(send(pool, old.payout_id), send(pool, new.payout_id))

    events = [event for events in told for event in events]
    assert len([event for event in events if isinstance(event, LoanClosed)]) == 1
    assert (await seen(pool, loan_id)).state == "closed"


async def test_earlier_months_that_paused_are_not_made_up_for(database: Database) -> None:
    """In five months she sold in two: two instalments are due and not five."""
    pool = await database("sales")
    await open_shop(pool)
    await lend(pool, date(2026, 7, 1), mandate={"reference": "SK", "signed_on": "2026-06-30"})
    await report(pool, sold_in(8, "a", quantity=3), sold_in(11, "b", quantity=3))
    await remit_all(pool)

    (line,) = (await freeze(pool)).lines

    assert (line.gross, line.loan) == (6 * 455_000, 224_000)


async def test_what_is_kept_back_is_no_arrears(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await lend(pool)
    await report(pool, sold_in(10, "a", quantity=2))
    await remit_all(pool)
    await freeze(pool, now=datetime(2026, 10, 31, 5, tzinfo=UTC))

    assert await at_month_end(pool, date(2026, 11, 1)) == []


async def test_many_loans_take_as_many_statements_as_one(database: Database) -> None:
    counts = []
    for makers in ([ANI], [ANI, WATI, SRI]):
        pool = await database("sales")
        await open_shop(pool)
        homes = [MakerMoved(maker_id=maker, rusun="cakung", cooperative=CAKUNG, since=LENT) for maker in makers]
        await hear(pool, known.move_maker, *homes)
        for maker in makers:
            await lend(pool, maker_id=maker, principal=10, months=1, service_fee_bps=0, floor_income=0)
        await report(pool, a_sale(sku=POUCH))
        await remit_all(pool)
        asked: list[object] = []
        async with pool.acquire() as tx, tx.transaction():
            tx.add_query_logger(asked.append)
            frozen, _ = await payouts.freeze_payout(by(RINI, FreezePayout(cooperative=CAKUNG)), tx)
            await send_within(tx, frozen.payout_id)
            await asyncio.sleep(0)  # the driver tells its loggers a moment later
            tx.remove_query_logger(asked.append)
        assert [line.loan for line in frozen.lines] == [10] * len(makers)
        assert await pool.fetchval("SELECT count(*) FROM loan_open") == 0
        counts.append(len(asked))
    assert counts[0] == counts[1]
