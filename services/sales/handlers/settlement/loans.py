"""A loan from its application to its disbursement: nothing happens without her signature and two people."""

from datetime import date
from uuid import UUID

from services.sales.domain import loans as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.domain.loans import LoanAccounts
from services.sales.domain.settlement import PEOPLE, person
from services.sales.storage import ledger, outlets
from services.sales.storage.settlement import acts, books, loan_pages
from services.sales.storage.settlement import loans as storage
from services.sales.storage.settlement.acts import Act
from services.sales.storage.settlement.loans import NewLoan
from shared.contracts.message import Event
from shared.contracts.sales.loans import (
    ApplyForLoan,
    ApproveLoan,
    CancelLoan,
    DisburseLoan,
    Loan,
    LoanApplied,
    LoanApproved,
    LoanCancelled,
    LoanDisbursed,
    SignedMandate,
    SignMandate,
)
from shared.db import Row, Tx
from shared.errors import Conflict, NotFound, Rejected
from shared.runtime.envelope import Received

RECEIVABLE, CAPITAL = "loan-receivable", "loan-capital"


async def apply_for_loan(command: Received[ApplyForLoan], tx: Tx) -> tuple[Loan, list[Event]]:
    """Raises NotFound for a maker who is not known, Rejected when she has a loan that is open."""
    asked, today = command.data, business_day(command.now)
    if not await storage.lock_maker(tx, asked.maker_id):
        raise NotFound("maker_unknown", f"maker {asked.maker_id} is not known")
    if await storage.has_open_loan(tx, asked.maker_id):
        raise Rejected("loan_open", "she has a loan that is neither paid back nor cancelled")
    lender = await storage.get_cooperative(tx, asked.maker_id, today)
    schedule = domain.draw_schedule(asked.principal, asked.months, asked.service_fee_bps)
    new = NewLoan(command.id, asked, lender, today, schedule)
    no = await storage.add_loan(tx, new)
    await acts.add_step(tx, Act(no, command.actor, command.now), "applied")
    if asked.mandate:
        await _sign(tx, no, asked.mandate, command.actor, today)
    return await seen(tx, command.id, today), [_applied(new)]


async def sign_mandate(command: Received[SignMandate], tx: Tx) -> tuple[Loan, list[Event]]:
    """Raises Rejected when the loan is approved already, Conflict when there is a mandate."""
    signed, today = command.data, business_day(command.now)
    loan = await lock(tx, signed.loan_id, "applied")
    mandate = SignedMandate(reference=signed.reference, signed_on=signed.signed_on)
    await _sign(tx, loan["no"], mandate, command.actor, today)
    return await seen(tx, signed.loan_id, today), []


async def approve_loan(command: Received[ApproveLoan], tx: Tx) -> tuple[Loan, list[Event]]:
    """With the second person it may be disbursed. Raises Rejected without a mandate, or from the same person again."""
    loan = await lock(tx, command.data.loan_id, "applied")
    signed_on = await storage.get_signed_on(tx, loan["no"])
    if signed_on is None:
        raise Rejected("mandate_missing", "she has to sign first that instalments may be kept from her income")
    act = Act(loan["no"], command.actor, command.now)
    if not await acts.add_approval(tx, act, person(command.actor)):
        raise Rejected("same_person", "you have agreed to this loan; somebody else must as well")
    events: list[Event] = []
    if await acts.count_approvals(tx, loan["no"]) >= PEOPLE:
        await acts.add_step(tx, act, "approved")
        events = [LoanApproved(**_whose(loan), mandate_signed_on=signed_on)]
    return await seen(tx, command.data.loan_id, business_day(command.now)), events


async def disburse_loan(command: Received[DisburseLoan], tx: Tx) -> tuple[Loan, list[Event]]:
    """Posts what she owes now. Raises Rejected for a day to come, or before she had signed."""
    told, today = command.data, business_day(command.now)
    loan = await lock(tx, told.loan_id, "approved")
    signed_on = await storage.get_signed_on(tx, loan["no"])
    assert signed_on is not None  # or it was not approved
    domain.check_disbursed(told.disbursed_on, signed_on, today)
    await storage.add_disbursement(tx, loan["no"], told.disbursed_on, told.reference)
    accounts = await open_accounts(tx, loan["maker_id"], loan["lender"])
    fact = Fact(loan["no"], told.disbursed_on)
    await ledger.add_transfers(tx, [domain.post_loan(fact, accounts, loan["principal"])])
    await acts.add_step(tx, Act(loan["no"], command.actor, command.now), "disbursed")
    disbursed = LoanDisbursed(**_whose(loan), principal=loan["principal"], disbursed_on=told.disbursed_on)
    return await seen(tx, told.loan_id, today), [disbursed]


async def cancel_loan(command: Received[CancelLoan], tx: Tx) -> tuple[Loan, list[Event]]:
    """She can apply for another one."""
    loan = await lock(tx, command.data.loan_id, "applied", "approved")
    await acts.add_step(tx, Act(loan["no"], command.actor, command.now, command.data.reason), "cancelled")
    await storage.mark_settled(tx, [loan["no"]])
    cancelled = LoanCancelled(loan_id=loan["loan_id"], maker_id=loan["maker_id"])
    return await seen(tx, loan["loan_id"], business_day(command.now)), [cancelled]


async def open_accounts(tx: Tx, maker_id: UUID, lender: str) -> LoanAccounts:
    """What she owes, and the lender's capital."""
    await outlets.open_accounts(tx, [RECEIVABLE], str(maker_id))
    await outlets.open_accounts(tx, [CAPITAL], lender)
    receivable = await books.get_account(tx, RECEIVABLE, str(maker_id))
    return LoanAccounts(receivable, await books.get_account(tx, CAPITAL, lender))


async def lock(tx: Tx, loan_id: UUID, *wanted: str) -> Row:
    """The loan, ours to move on. Raises NotFound, and Rejected when it is in another state."""
    loan = await storage.lock_loan(tx, loan_id)
    if loan is None:
        raise NotFound("loan_unknown", f"there is no loan {loan_id}")
    domain.check_loan(await acts.get_state(tx, loan["no"]), *wanted)
    return loan


async def seen(tx: Tx, loan_id: UUID, today: date) -> Loan:
    """The loan as it is after this command."""
    loan = await loan_pages.get_loan(tx, loan_id, today)
    assert loan is not None
    return loan


async def _sign(tx: Tx, loan: int, mandate: SignedMandate, by: str, today: date) -> None:
    domain.check_signed(mandate.signed_on, today)
    if not await storage.add_mandate(tx, loan, mandate, by):
        raise Conflict("mandate_exists", "a mandate is recorded already; if it is wrong, cancel and apply anew")


def _applied(new: NewLoan) -> LoanApplied:
    asked = new.asked.model_dump(exclude={"purpose", "mandate"})
    return LoanApplied(
        **asked, loan_id=new.loan_id, lender=new.lender, applied_on=new.applied_on, instalments=list(new.schedule)
    )


def _whose(loan: Row) -> dict[str, UUID | str]:
    return {"loan_id": loan["loan_id"], "maker_id": loan["maker_id"], "lender": loan["lender"]}
