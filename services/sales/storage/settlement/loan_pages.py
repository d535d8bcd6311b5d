"""Loans as they stand: what was agreed, by whom, what has come back and what is due now."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.sales.domain import loans as domain
from services.sales.domain.loans import Paid
from services.sales.storage.settlement import acts, repayments
from shared.contracts.sales.loans import Instalment, Loan, LoanHead, Mandate, Repayment, ScheduledInstalment
from shared.db import Row, Tx


async def get_loan(tx: Tx, loan_id: UUID, today: date) -> Loan | None:
    """Whole, as it is today."""
    row = await tx.fetchrow("SELECT * FROM loan_head WHERE loan_id = $1", loan_id)
    if row is None:
        return None
    no, [head] = row["no"], await list_heads(tx, [row], today)
    schedule = (await repayments.list_schedules(tx, [no]))[no]
    active = (await repayments.list_active_months(tx, [no], today))[no][: head.months]
    posted, kept = (await repayments.list_paid(tx, [no]))[no]
    return Loan(
        **dict(head),
        schedule=_schedule(schedule, active, posted.plus(kept)),
        paused_months=domain.paused(head.disbursed_on, active, head.months, today) if head.state == "disbursed" else [],
        repayments=await _list_repayments(tx, no),
    )


async def list_heads(tx: Tx, rows: Sequence[Row], today: date) -> list[LoanHead]:
    """Loans without their instalments. `rows`: of `loan_head`."""
    numbers = [row["no"] for row in rows]
    steps, approvals = await acts.list_steps(tx, numbers), await acts.list_approvals(tx, numbers)
    schedules, paid = await repayments.list_schedules(tx, numbers), await repayments.list_paid(tx, numbers)
    months = await repayments.list_active_months(tx, numbers, today)
    return [
        LoanHead(
            **row,
            state=steps[row["no"]][-1].state,
            mandate=Mandate(**row) if row["signed_on"] else None,
            approvals=approvals[row["no"]],
            steps=steps[row["no"]],
            **_figures(schedules[row["no"]], paid[row["no"]], months[row["no"]], today),
        )
        for row in rows
    ]


def _figures(
    schedule: Sequence[Instalment], paid: tuple[Paid, Paid], active: Sequence[date], today: date
) -> dict[str, int]:
    """What has come back, what is kept back, and what is due of what is neither."""
    posted, kept = paid
    known = posted.plus(kept)
    before = len([month for month in active if month < today.replace(day=1)])
    arrears = domain.unpaid(schedule, before, known)
    return {
        "service": sum([one.service for one in schedule]),
        "repaid": posted.amount,
        "pending": kept.amount,
        "outstanding": domain.left(schedule, known),
        "due": domain.unpaid(schedule, len(active), known) - arrears,
        "arrears": arrears,
    }


def _schedule(schedule: Sequence[Instalment], active: Sequence[date], paid: Paid) -> list[ScheduledInstalment]:
    return [
        ScheduledInstalment(**dict(one), month=active[place] if place < len(active) else None, paid=of_it.amount)
        for place, (one, of_it) in enumerate(zip(schedule, domain.spread(schedule, paid), strict=True))
    ]


async def _list_repayments(tx: Tx, loan: int) -> list[Repayment]:
    """The first one first."""
    rows = await tx.fetch(
        """
        SELECT principal, service, day AS paid_on, reference, payout_id FROM loan_payment
        WHERE loan = $1 AND posted
        ORDER BY day, no
        """,
        loan,
    )
    return [Repayment(**row) for row in rows]
