"""What an open batch keeps back for a loan is spoken for: nothing else takes it, and it closes a loan once."""

import asyncio
from datetime import UTC, date, datetime

from services.sales.handlers import known
from services.sales.handlers.settlement import paying, payouts, repayments
from services.sales.views.settlement import get_payout
from shared.contracts.sales.loans import LoanClosed
from shared.contracts.sales.paying import RecordResults, RetryRows, RowResult
from shared.contracts.sales.settlement import ApprovePayout, CancelPayout, FreezePayout, GetPayout, RecordPaid
from shared.contracts.training import MakerMoved
from tests.integration.sales.builders import (
    ANI,
    POUCH,
    SRI,
    WATI,
    Database,
    a_sale,
    balances,
    do,
    hear,
    open_shop,
    report,
)
from tests.integration.sales.lending import (
    LENT,
    a_sold_shawl,
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
from tests.integration.sales.settling import BUDI, KOP, RINI, by, freeze, order, refusal

CAKUNG = "kop-cakung"


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
            for actor in (RINI, BUDI):
                await payouts.approve_payout(by(actor, ApprovePayout(payout_id=frozen.payout_id)), tx)
            await send_within(tx, frozen.payout_id)
            await asyncio.sleep(0)  # the driver tells its loggers a moment later
            tx.remove_query_logger(asked.append)
        assert [line.loan for line in frozen.lines] == [10] * len(makers)
        assert await pool.fetchval("SELECT count(*) FROM loan_open") == 0
        counts.append(len(asked))
    assert counts[0] == counts[1]


async def test_a_line_that_bounces_is_paid_later_and_repays_its_loan_once(database: Database) -> None:
    pool = await database("sales")
    loan_id = await a_sold_shawl(pool)
    payout_id = (await freeze(pool)).payout_id
    await send(pool, payout_id)
    before = await balances(pool)
    [hers] = [row for row in (await do(pool, get_payout, GetPayout(payout_id=payout_id))).rows if row.maker_id]
    bounced = RowResult(attempt_key=hers.attempt_key, outcome="failed", reason="account closed")
    await order(pool, paying.record_results, RecordResults(payout_id=payout_id, results=[bounced]))
    assert await balances(pool) == before

    await order(pool, paying.retry_rows, RetryRows(payout_id=payout_id, maker_ids=[ANI]))
    paid = await order(pool, paying.record_paid, RecordPaid(payout_id=payout_id))

    assert paid.state == "paid"
    after = await balances(pool)
    assert (after[f"maker-payable {ANI}"], after[f"cooperative-payable {KOP}"]) == (0, 0)
    assert after[f"loan-receivable {ANI}"] == before[f"loan-receivable {ANI}"]
    assert (await seen(pool, loan_id)).repaid == 91_000
