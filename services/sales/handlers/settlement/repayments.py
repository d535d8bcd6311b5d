"""What comes back of loans, in cash or out of what is paid to makers. The last rupiah closes a loan."""

from collections.abc import Sequence
from uuid import UUID

from services.sales.domain import loans as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.domain.loans import LoanAccounts, Paid
from services.sales.handlers.settlement.loans import lock, open_accounts, seen
from services.sales.storage import ledger
from services.sales.storage.settlement import acts, kept, repayments
from services.sales.storage.settlement import loans as storage
from services.sales.storage.settlement.acts import Act
from services.sales.storage.settlement.repayments import Repaid
from shared.contracts.message import Event
from shared.contracts.sales.loans import Loan, LoanClosed, LoanRepaid, RepayLoan
from shared.db import Row, Tx
from shared.errors import Conflict
from shared.runtime.envelope import Received


async def repay_loan(command: Received[RepayLoan], tx: Tx) -> tuple[Loan, list[Event]]:
    """She paid her lender herself. Raises Rejected for more than is left beside what open batches keep back."""
    told, today = command.data, business_day(command.now)
    loan = await lock(tx, told.loan_id, "disbursed")
    domain.check_repaid(told.paid_on, await storage.get_disbursed_on(tx, loan["no"]), today)
    schedule = (await repayments.list_schedules(tx, [loan["no"]]))[loan["no"]]
    posted, kept = (await repayments.list_paid(tx, [loan["no"]]))[loan["no"]]
    part = domain.allocate(schedule, posted.plus(kept), told.amount)
    no = await repayments.add_repayment(tx, Repaid(command.id, loan["no"], part, told.paid_on, told.reference))
    if no is None:
        raise Conflict("repayment_recorded", "a repayment with this receipt is recorded already")
    accounts = await open_accounts(tx, loan["maker_id"], loan["lender"])
    await ledger.add_transfers(tx, domain.post_cash(Fact(no, told.paid_on), accounts, part))
    outstanding = domain.left(schedule, posted.plus(part))
    repaid = LoanRepaid(
        loan_id=told.loan_id,
        maker_id=loan["maker_id"],
        lender=loan["lender"],
        how="cash",
        principal=part.principal,
        service=part.service,
        outstanding=outstanding,
        paid_on=told.paid_on,
        repayment_id=command.id,
    )
    closed = await close(tx, [loan] if not outstanding else [], Act(loan["no"], command.actor, command.now))
    return await seen(tx, told.loan_id, today), [repaid, *closed]


async def close(tx: Tx, loans: Sequence[Row], act: Act) -> list[Event]:
    """All of these is paid back. `loans`: no, loan_id, maker_id, lender; locked. `act`: of whatever closed them."""
    numbers = [loan["no"] for loan in loans]
    await acts.add_steps(tx, numbers, act, "closed")
    await storage.mark_settled(tx, numbers)
    day = business_day(act.at)
    return [
        LoanClosed(loan_id=loan["loan_id"], maker_id=loan["maker_id"], lender=loan["lender"], closed_on=day)
        for loan in loans
    ]


async def post_kept(tx: Tx, fact: Fact) -> list[Row]:
    """What a batch has kept back leaves its makers' accounts for their lenders. `fact`: the batch's number.

    Gives back `no, loan_id, maker_id, lender, principal, service` by loan, which are locked.
    """
    await storage.lock_loans(tx, await kept.list_loans(tx, fact.no))
    await kept.open_clearing(tx, fact.no)
    rows = await kept.list_kept(tx, fact.no)
    transfers = []
    for row in rows:
        accounts = LoanAccounts(row["receivable"], row["capital"], row["payable"], row["clearing"])
        transfers += domain.post_kept(fact, accounts, Paid(row["principal"], row["service"]))
    await ledger.add_transfers(tx, transfers)
    return rows


async def settle_kept(tx: Tx, payout_id: UUID, act: Act) -> list[Event]:
    """Posts what a batch has kept back and closes what is paid by it. `act`: that it was sent.

    Its step `sent` must be written: then what it keeps back counts as having come.
    """
    day = business_day(act.at)
    rows = await post_kept(tx, Fact(act.fact, day))
    loans = [row["no"] for row in rows]
    schedules, paid = await repayments.list_schedules(tx, loans), await repayments.list_paid(tx, loans)
    left = {loan: domain.left(schedules[loan], paid[loan][0]) for loan in loans}
    told: list[Event] = [
        LoanRepaid(
            **{name: row[name] for name in ("loan_id", "maker_id", "lender", "principal", "service")},
            how="payout",
            outstanding=left[row["no"]],
            paid_on=day,
            payout_id=payout_id,
        )
        for row in rows
    ]
    return told + await close(tx, [row for row in rows if not left[row["no"]]], act)
