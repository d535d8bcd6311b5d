"""A loan from its application to its disbursement: one at a time, signed for, agreed to by two people."""

import asyncio
from datetime import date
from uuid import UUID

import asyncpg
import pytest

from services.sales.handlers.settlement import loans
from services.sales.views.loans import get_loan, list_loans
from shared.contracts.sales.loans import (
    ApproveLoan,
    CancelLoan,
    GetLoan,
    ListLoans,
    LoanApplied,
    LoanApproved,
    LoanCancelled,
    LoanDisbursed,
    SignedMandate,
)
from shared.errors import KaryaError, NotFound
from tests.integration.sales.builders import ANI, SRI, WATI, Database, balances, do, open_shop, received
from tests.integration.sales.lending import (
    LENT,
    agree_to,
    application,
    apply,
    cancel,
    disbursing,
    lend,
    listed,
    repay,
    seen,
    sign,
    signing,
)
from tests.integration.sales.moving import NEW, moved
from tests.integration.sales.settling import BUDI, DEWI, KOP, NOBODYS, RINI, order, refusal, tell


async def test_her_cooperative_of_that_day_lends_and_the_instalments_are_written_down(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    reply, [told] = await tell(pool, loans.apply_for_loan, application(principal=1_000_000, months=3, mandate=None))

    assert (reply.state, reply.lender, reply.mandate) == ("applied", KOP, None)
    assert (reply.principal, reply.service, reply.outstanding, reply.due, reply.arrears) == (
        1_000_000,
        30_000,
        1_030_000,
        0,
        0,
    )
    assert [(one.principal, one.service, one.month, one.paid) for one in reply.schedule] == [
        (333_333, 10_000, None, 0),
        (333_333, 10_000, None, 0),
        (333_334, 10_000, None, 0),
    ]
    assert isinstance(told, LoanApplied)
    assert (told.loan_id, told.maker_id, told.lender) == (reply.loan_id, ANI, KOP)
    assert [one.principal for one in told.instalments] == [333_333, 333_333, 333_334]
    assert "purpose" not in told.model_dump()
    assert (reply.deduction_bps, reply.floor_income) == (2_000, 300_000)
    assert [(step.state, step.by) for step in reply.steps] == [("applied", RINI)]
    assert await seen(pool, reply.loan_id) == reply


async def test_the_lender_stays_when_she_moves(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    before = await apply(pool)
    await moved(pool)

    assert (await seen(pool, before.loan_id)).lender == KOP
    await cancel(pool, before.loan_id)
    assert (await apply(pool)).lender == NEW


async def test_before_her_first_home_she_belongs_where_that_one_is(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await pool.execute("UPDATE maker_home SET since = '2030-01-01' WHERE maker_id = $1", ANI)

    assert (await apply(pool)).lender == KOP


async def test_she_has_one_loan_at_a_time(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    first = await lend(pool, principal=100_000, months=1, service_fee_bps=0)

    assert await refusal(pool, loans.apply_for_loan, application()) == "loan_open"
    await apply(pool, maker_id=WATI)
    await repay(pool, first.loan_id, 100_000)
    second = await apply(pool)
    await cancel(pool, second.loan_id)
    assert (await apply(pool)).state == "applied"


async def test_of_two_applications_at_once_one_stands(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    answers = await asyncio.gather(*[apply(pool) for _ in range(4)], return_exceptions=True)

    refused = [one.code for one in answers if isinstance(one, KaryaError)]
    assert refused == ["loan_open"] * 3
    assert await pool.fetchval("SELECT count(*) FROM loan") == 1


async def test_the_constraint_holds_it_when_nothing_else_does(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await apply(pool)
    no = await pool.fetchval("SELECT no FROM loan")

    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute("INSERT INTO loan_open (maker_id, loan) VALUES ($1, $2)", ANI, no)


async def test_nobody_can_agree_before_she_has_signed(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await apply(pool, mandate=None)).loan_id
    asked = ApproveLoan(loan_id=loan_id)
    assert await refusal(pool, loans.approve_loan, asked) == "mandate_missing"
    assert await refusal(pool, loans.sign_mandate, signing(loan_id, date(2026, 11, 22))) == "signed_in_the_future"

    signed = await sign(pool, loan_id)

    assert signed.mandate is not None
    assert (signed.mandate.signed_on, signed.mandate.reference, signed.mandate.by) == (LENT, "SK-8", RINI)
    assert await refusal(pool, loans.sign_mandate, signing(loan_id)) == "mandate_exists"
    assert (await agree_to(pool, loan_id)).state == "approved"
    assert await refusal(pool, loans.sign_mandate, signing(loan_id)) == "loan_approved"


async def test_a_mandate_of_the_future_is_no_part_of_an_application(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    ahead = application(mandate=SignedMandate(reference="SK-9", signed_on=date(2026, 11, 22)))

    assert await refusal(pool, loans.apply_for_loan, ahead) == "signed_in_the_future"


async def test_two_people_must_agree_and_one_is_not_two(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await apply(pool)).loan_id
    asked = ApproveLoan(loan_id=loan_id)
    first, none = await tell(pool, loans.approve_loan, asked, RINI)
    assert (first.state, none) == ("applied", [])
    for again in (RINI, "finance:rini"):
        assert await refusal(pool, loans.approve_loan, asked, again) == "same_person"

    second, told = await tell(pool, loans.approve_loan, asked, BUDI)

    assert second.state == "approved"
    assert [approval.by for approval in second.approvals] == [RINI, BUDI]
    assert told == [LoanApproved(loan_id=loan_id, maker_id=ANI, lender=KOP, mandate_signed_on=date(2026, 8, 1))]
    assert await refusal(pool, loans.approve_loan, asked, DEWI) == "loan_approved"


async def test_two_people_who_agree_at_once_approve_it_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    asked = ApproveLoan(loan_id=(await apply(pool)).loan_id)

    told = await asyncio.gather(*[tell(pool, loans.approve_loan, asked, actor) for actor in (RINI, BUDI)])

    assert sorted([seen.state for seen, _ in told]) == ["applied", "approved"]
    assert [type(event) for _, events in told for event in events] == [LoanApproved]


async def test_what_is_given_up_and_disbursed_at_once_is_one_of_both(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await apply(pool)).loan_id
    await agree_to(pool, loan_id)

    answers = await asyncio.gather(
        cancel(pool, loan_id), order(pool, loans.disburse_loan, disbursing(loan_id)), return_exceptions=True
    )

    refused = [one.code for one in answers if isinstance(one, KaryaError)]
    state = (await seen(pool, loan_id)).state
    assert refused == [f"loan_{state}"]
    assert await pool.fetchval("SELECT count(*) FROM transfer WHERE kind = 'loan'") == (state == "disbursed")


async def test_what_is_disbursed_is_owed_out_of_the_lenders_capital(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await apply(pool)).loan_id
    assert await refusal(pool, loans.disburse_loan, disbursing(loan_id)) == "loan_applied"
    await agree_to(pool, loan_id)
    for day, code in {
        date(2026, 11, 22): "disbursed_in_the_future",
        date(2026, 7, 31): "disbursed_before_mandate",
    }.items():
        assert await refusal(pool, loans.disburse_loan, disbursing(loan_id, day)) == code

    loan, told = await tell(pool, loans.disburse_loan, disbursing(loan_id))

    assert (loan.state, loan.disbursed_on, loan.outstanding) == ("disbursed", LENT, 1_344_000)
    assert told == [LoanDisbursed(loan_id=loan_id, maker_id=ANI, lender=KOP, principal=1_200_000, disbursed_on=LENT)]
    accounts = await balances(pool)
    assert (accounts[f"loan-receivable {ANI}"], accounts[f"loan-capital {KOP}"]) == (1_200_000, -1_200_000)
    assert accounts[f"maker-payable {ANI}"] == 0
    assert await pool.fetchval("SELECT day FROM transfer WHERE kind = 'loan'") == LENT
    assert await refusal(pool, loans.disburse_loan, disbursing(loan_id)) == "loan_disbursed"


async def test_money_is_disbursed_once_however_often_it_is_told_at_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    loan_id = (await apply(pool)).loan_id
    await agree_to(pool, loan_id)

    asked = [order(pool, loans.disburse_loan, disbursing(loan_id)) for _ in range(3)]
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [one.code for one in answers if isinstance(one, KaryaError)] == ["loan_disbursed"] * 2
    assert await pool.fetchval("SELECT sum(amount) FROM transfer WHERE kind = 'loan'") == 1_200_000


async def test_a_loan_can_be_given_up_until_it_is_disbursed(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    lent = await lend(pool)
    asked = CancelLoan(loan_id=lent.loan_id, reason="a mistake")
    assert await refusal(pool, loans.cancel_loan, asked) == "loan_disbursed"
    other = (await apply(pool, maker_id=WATI)).loan_id
    await agree_to(pool, other)

    loan, told = await tell(pool, loans.cancel_loan, CancelLoan(loan_id=other, reason="a mistake"))

    assert (loan.state, loan.steps[-1].note) == ("cancelled", "a mistake")
    assert told == [LoanCancelled(loan_id=other, maker_id=WATI)]


async def test_loans_are_listed_the_newest_first_and_by_what_is_asked(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    hers = (await lend(pool)).loan_id
    other, third = [(await apply(pool, maker_id=maker)).loan_id for maker in (WATI, SRI)]

    assert await listed(pool) == [third, other, hers]
    assert await listed(pool, maker_id=ANI) == [hers]
    assert await listed(pool, cooperative="kop-komarudin") == [other]
    assert await listed(pool, state="applied") == [third, other]
    first = await do(pool, list_loans, ListLoans(limit=2))
    assert [loan.loan_id for loan in first.items] == [third, other]
    assert await listed(pool, limit=2, cursor=first.next) == [hers]


@pytest.mark.parametrize("maker", [NOBODYS])
async def test_nobody_lends_to_a_maker_who_is_not_known(database: Database, maker: UUID) -> None:
    pool = await database("sales")

    assert await refusal(pool, loans.apply_for_loan, application(maker_id=maker)) == "maker_unknown"
    assert await refusal(pool, loans.approve_loan, ApproveLoan(loan_id=NOBODYS)) == "loan_unknown"
    async with pool.acquire() as tx:
        with pytest.raises(NotFound):
            await get_loan(received(GetLoan(loan_id=NOBODYS)), tx)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loan SET principal = 1",
        "DELETE FROM loan_instalment",
        "UPDATE loan_mandate SET reference = 'x'",
        "DELETE FROM loan_disbursement",
        "UPDATE loan_repayment SET principal = 1",
        "TRUNCATE loan_arrears",
        "DELETE FROM payout_loan",
    ],
)
async def test_nothing_that_is_recorded_of_a_loan_is_ever_changed(database: Database, statement: str) -> None:
    pool = await database("sales")

    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await pool.execute(statement)
