"""What comes back of a loan: due with months of sales, paused without, and the last rupiah closes it."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from services.sales.handlers.settlement import repayments
from services.sales.views.entries import list_entries
from shared.contracts.sales.books import ListEntries
from shared.contracts.sales.loans import LoanClosed, LoanInArrears, LoanRepaid
from shared.errors import KaryaError
from tests.integration.sales.builders import ANI, NOON, WATI, Database, balances, do, open_shop, report
from tests.integration.sales.lending import (
    LENT,
    RECEIPT,
    application,
    apply,
    at_month_end,
    lend,
    listed,
    repay,
    repaying,
    seen,
    sold_in,
)
from tests.integration.sales.settling import KOP, refusal, tell, void

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


async def test_a_month_of_sales_makes_an_instalment_due_and_one_without_pauses(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    await report(pool, sold_in(7), sold_in(8), sold_in(8, "M-8b"), sold_in(10), sold_in(11))

    loan = await seen(pool, loan_id)

    assert [one.month for one in loan.schedule[:4]] == [date(2026, 8, 1), OCTOBER, NOVEMBER, None]
    assert (loan.arrears, loan.due) == (2 * 112_000, 112_000)
    assert loan.paused_months == [date(2026, 9, 1)]
    assert await listed(pool, in_arrears=True) == [loan_id]
    assert await listed(pool, in_arrears=False) == []


async def test_sales_of_the_month_of_disbursement_count_from_that_day_on(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool, date(2026, 10, 11))).loan_id
    await report(pool, sold_in(10))
    assert (await seen(pool, loan_id)).due == (await seen(pool, loan_id)).arrears == 0

    await report(pool, sold_in(10, "later", sold_at=datetime(2026, 10, 10, 17, tzinfo=UTC)))

    assert (await seen(pool, loan_id)).arrears == 112_000


async def test_no_more_than_all_instalments_become_due(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool, principal=100_000, months=2, service_fee_bps=0)).loan_id
    await report(pool, *[sold_in(month) for month in (8, 9, 10, 11)])

    loan = await seen(pool, loan_id)

    assert (loan.arrears, loan.due, loan.outstanding) == (100_000, 0, 100_000)
    assert [one.month for one in loan.schedule] == [date(2026, 8, 1), date(2026, 9, 1)]
    assert loan.paused_months == []


async def test_a_sale_that_was_taken_back_leaves_the_month_one_of_sales(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    await report(pool, sold_in(10, "536365"))
    await void(pool)

    assert (await seen(pool, loan_id)).arrears == 112_000


async def test_cash_goes_into_the_fee_first_and_only_the_principal_is_in_the_books(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id

    loan, [told] = await tell(pool, repayments.repay_loan, repaying(loan_id, 50_000))

    assert isinstance(told, LoanRepaid)
    assert (told.how, told.principal, told.service, told.outstanding) == ("cash", 38_000, 12_000, 1_294_000)
    assert (told.payout_id, told.paid_on) == (None, LENT)
    assert (loan.repaid, loan.pending, loan.outstanding) == (50_000, 0, 1_294_000)
    assert [one.paid for one in loan.schedule[:2]] == [50_000, 0]
    [one] = loan.repayments
    assert (one.principal, one.service, one.reference, one.payout_id) == (38_000, 12_000, RECEIPT, None)
    accounts = await balances(pool)
    assert (accounts[f"loan-receivable {ANI}"], accounts[f"loan-capital {KOP}"]) == (1_162_000, -1_162_000)


async def test_cash_for_a_fee_alone_moves_nothing_in_the_books(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id

    assert (await repay(pool, loan_id, 12_000)).repaid == 12_000
    assert await pool.fetchval("SELECT count(*) FROM transfer WHERE kind = 'repayment'") == 0


async def test_the_last_rupiah_closes_it(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    asked = repaying(loan_id, 1_344_001)
    assert await refusal(pool, repayments.repay_loan, asked) == "more_than_outstanding"
    await repay(pool, loan_id, 1_343_999)

    loan, told = await tell(pool, repayments.repay_loan, repaying(loan_id, 1, reference="KW-2"))

    assert (loan.state, loan.outstanding, loan.repaid) == ("closed", 0, 1_344_000)
    assert told[1:] == [LoanClosed(loan_id=loan_id, maker_id=ANI, lender=KOP, closed_on=date(2026, 11, 21))]
    accounts = await balances(pool)
    assert accounts[f"loan-receivable {ANI}"] == accounts[f"loan-capital {KOP}"] == 0
    again = repaying(loan_id, 1, reference="KW-3")
    assert await refusal(pool, repayments.repay_loan, again) == "loan_closed"


async def test_a_receipt_counts_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    await repay(pool, loan_id, 1_000)

    assert await refusal(pool, repayments.repay_loan, repaying(loan_id, 1_000)) == "repayment_recorded"


async def test_of_two_who_record_the_whole_rest_at_once_one_is_refused(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id

    paying = [repay(pool, loan_id, 1_344_000, reference=f"KW-{n}") for n in range(3)]
    answers = await asyncio.gather(*paying, return_exceptions=True)

    assert [one.code for one in answers if isinstance(one, KaryaError)] == ["loan_closed"] * 2
    assert (await balances(pool))[f"loan-receivable {ANI}"] == 0


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 11, 22), "paid_in_the_future"), (date(2026, 8, 2), "paid_before_disbursed")]
)
async def test_a_day_that_cannot_be_is_refused(database: Database, day: date, code: str) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id

    assert await refusal(pool, repayments.repay_loan, repaying(loan_id, 1_000, paid_on=day)) == code


async def test_nothing_is_repaid_of_what_was_not_disbursed(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await apply(pool)).loan_id

    assert await refusal(pool, repayments.repay_loan, repaying(loan_id, 1)) == "loan_applied"


async def test_a_month_that_ends_with_something_unpaid_is_told_of_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    other = (await lend(pool, maker_id=WATI)).loan_id
    await report(pool, sold_in(10), sold_in(11))

    told = await at_month_end(pool, NOVEMBER)

    assert told == [LoanInArrears(loan_id=loan_id, maker_id=ANI, lender=KOP, month=OCTOBER, amount=112_000)]
    assert await at_month_end(pool, date(2026, 11, 30)) == []
    assert (await seen(pool, other)).arrears == 0
    [december] = await at_month_end(pool, date(2026, 12, 1))
    assert isinstance(december, LoanInArrears)
    assert (december.month, december.amount) == (NOVEMBER, 224_000)
    assert (await seen(pool, loan_id, NOON)).outstanding == 1_344_000


async def test_two_looks_at_once_find_it_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await lend(pool)
    await report(pool, sold_in(10))

    found = await asyncio.gather(*[at_month_end(pool, NOVEMBER) for _ in range(4)])

    assert sorted([len(events) for events in found]) == [0, 0, 0, 1]


async def test_a_month_without_sales_is_no_arrears_and_what_is_paid_neither(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    assert await at_month_end(pool, NOVEMBER) == []
    await report(pool, sold_in(10))
    await repay(pool, loan_id, 112_000)

    assert await at_month_end(pool, NOVEMBER) == []


async def test_a_sale_that_a_till_tells_of_late_is_found_at_a_later_look(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await lend(pool)
    assert await at_month_end(pool, NOVEMBER) == []
    await report(pool, sold_in(10))

    [late] = await at_month_end(pool, date(2026, 11, 3))

    assert isinstance(late, LoanInArrears) and late.amount == 112_000


async def test_the_application_says_how_much_may_be_kept(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    asked = application(deduction_bps=1_000, floor_income=500_000)
    loan = await apply(pool, deduction_bps=asked.deduction_bps, floor_income=asked.floor_income)

    assert (loan.deduction_bps, loan.floor_income) == (1_000, 500_000)


async def test_each_posting_names_its_loan_in_the_general_ledger(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await lend(pool)).loan_id
    await repay(pool, loan_id, 50_000)

    entries = (await do(pool, list_entries, ListEntries(account_kind="loan-receivable"))).items

    assert [(one.kind, one.amount, one.loan_id) for one in entries] == [
        ("loan", 1_200_000, loan_id),
        ("repayment", 38_000, loan_id),
    ]
