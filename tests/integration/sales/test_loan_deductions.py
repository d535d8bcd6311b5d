"""What a batch keeps back for a loan: of money that has come, above her floor, and nothing twice."""

from datetime import date, timedelta

import pytest

from services.sales.handlers.settlement import payouts
from shared.contracts.sales.loans import LoanClosed, LoanRepaid
from shared.contracts.sales.settlement import CancelPayout, FreezePayout, LoanPart, PayoutFrozen
from tests.integration.sales.builders import (
    ANI,
    NOON,
    Database,
    a_return,
    a_sale,
    balances,
    open_outlet,
    open_shop,
    report,
)
from tests.integration.sales.lending import (
    HALF_A_YEAR,
    a_sold_shawl,
    figures,
    lend,
    remit_all,
    repay,
    seen,
    send,
    sold_in,
)
from tests.integration.sales.moving import NEW, moved, sold
from tests.integration.sales.settling import KOP, freeze, order, tell


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
    await remit_all(pool, "citos-own")

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
    await open_outlet(pool, "pim")
    await report(pool, a_sale(receipt="b", outlet="pim"))
    await remit_all(pool, "pim")
    await report(pool, a_sale(receipt="c", outlet="pim"))

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


async def test_earlier_months_that_paused_are_not_made_up_for(database: Database) -> None:
    """In five months she sold in two: two instalments are due and not five."""
    pool = await database("sales")
    await open_shop(pool)
    await lend(pool, date(2026, 7, 1), mandate={"reference": "SK", "signed_on": "2026-06-30"})
    await report(pool, sold_in(8, "a", quantity=3), sold_in(11, "b", quantity=3))
    await remit_all(pool)

    (line,) = (await freeze(pool)).lines

    assert (line.gross, line.loan) == (6 * 455_000, 224_000)
