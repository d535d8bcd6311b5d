"""What is due of loans, what came back of them, and what batches keep back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.sales.domain.loans import Owing, Paid
from shared.contracts.sales.loans import Instalment
from shared.db import Row, Tx


class Repaid(NamedTuple):
    """A payment in cash, divided."""

    repayment_id: UUID
    loan: int
    part: Paid
    paid_on: date
    reference: str


async def add_repayment(tx: Tx, repaid: Repaid) -> int | None:
    """Its number among all facts; None when this receipt was recorded before."""
    no: int | None = await tx.fetchval(
        """
        INSERT INTO loan_repayment (repayment_id, loan, principal, service, paid_on, reference)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (loan, reference) DO NOTHING
        RETURNING no
        """,
        repaid.repayment_id,
        repaid.loan,
        *repaid.part,
        repaid.paid_on,
        repaid.reference,
    )
    return no


async def list_schedules(tx: Tx, loans: Sequence[int]) -> dict[int, list[Instalment]]:
    """The first instalment first."""
    rows = await tx.fetch(
        """
        SELECT loan, number, principal, service FROM loan_instalment
        WHERE loan = ANY ($1::bigint[])
        ORDER BY loan, number
        """,
        loans,
    )
    found: dict[int, list[Instalment]] = {loan: [] for loan in loans}
    for row in rows:
        found[row["loan"]].append(Instalment(**row))
    return found


async def list_paid(tx: Tx, loans: Sequence[int]) -> dict[int, tuple[Paid, Paid]]:
    """Of each what has come back, and what batches that are not sent yet keep back."""
    rows = await tx.fetch(
        """
        SELECT loan,
               coalesce(sum(principal) FILTER (WHERE posted), 0)::bigint AS principal,
               coalesce(sum(service) FILTER (WHERE posted), 0)::bigint AS service,
               coalesce(sum(principal) FILTER (WHERE NOT posted), 0)::bigint AS principal_kept,
               coalesce(sum(service) FILTER (WHERE NOT posted), 0)::bigint AS service_kept
        FROM loan_payment
        WHERE loan = ANY ($1::bigint[])
        GROUP BY loan
        """,
        loans,
    )
    found = {loan: (Paid(), Paid()) for loan in loans}
    for row in rows:
        found[row["loan"]] = (
            Paid(row["principal"], row["service"]),
            Paid(row["principal_kept"], row["service_kept"]),
        )
    return found


async def list_active_months(tx: Tx, loans: Sequence[int], day: date) -> dict[int, list[date]]:
    """The first days of those months, up to `day`, in which makers sold something since they have the money.

    What came back later does not make the month one without sales. Of each month one sale is looked up, in its own part
    of the ledger.
    """
    rows = await tx.fetch(
        """
        SELECT l.no, month::date
        FROM loan l
        JOIN loan_disbursement d ON d.loan = l.no
        JOIN maker m USING (maker_id)
        CROSS JOIN LATERAL generate_series(
            date_trunc('month', d.disbursed_on::timestamp), $2::date, '1 month') AS month
        CROSS JOIN LATERAL (
            SELECT FROM transfer t
            WHERE t.credit = m.account AND t.kind = 'sale'
              AND t.day >= greatest(month::date, d.disbursed_on)
              AND t.day < (month + interval '1 month')::date AND t.day <= $2::date
            LIMIT 1
        ) sold
        WHERE l.no = ANY ($1::bigint[])
        ORDER BY l.no, month
        """,
        loans,
        day,
    )
    found: dict[int, list[date]] = {loan: [] for loan in loans}
    for row in rows:
        found[row["no"]].append(row["month"])
    return found


async def list_owing(tx: Tx, makers: Sequence[UUID], day: date) -> dict[UUID, Owing]:
    """The loans of those of these makers who have the money of one, at a freezing on that day. They must be locked."""
    rows = await tx.fetch(
        """
        SELECT l.no, l.loan_id, l.maker_id, l.lender, l.deduction_bps, l.floor_income,
               coalesce(month.received, 0)::bigint AS received
        FROM loan l
        JOIN loan_open o ON o.loan = l.no
        JOIN loan_disbursement d ON d.loan = l.no
        LEFT JOIN LATERAL (
            SELECT sum(line.amount) AS received
            FROM payout_line line
            JOIN payout p ON p.no = line.payout
            WHERE line.maker_id = l.maker_id AND date_trunc('month', p.day) = date_trunc('month', $2::date)
              AND NOT EXISTS (SELECT FROM settlement_step WHERE fact = p.no AND state = 'cancelled')
        ) month ON true
        WHERE l.maker_id = ANY ($1::uuid[])
        """,
        makers,
        day,
    )
    loans = [row["no"] for row in rows]
    schedules, paid = await list_schedules(tx, loans), await list_paid(tx, loans)
    months = await list_active_months(tx, loans, day)
    return {
        row["maker_id"]: Owing(
            **row,
            schedule=schedules[row["no"]],
            active=len(months[row["no"]]),
            paid=paid[row["no"]][0].plus(paid[row["no"]][1]),
        )
        for row in rows
    }


async def list_arrears(tx: Tx, month: date) -> dict[int, int]:
    """What of the open loans was due before this month began and is not paid, nor kept back; by loan, where it is."""
    rows = await tx.fetch(
        """
        WITH sold AS (
            SELECT o.loan, count(*) AS months
            FROM loan_open o
            JOIN loan_disbursement d USING (loan)
            JOIN maker m USING (maker_id)
            CROSS JOIN LATERAL generate_series(
                date_trunc('month', d.disbursed_on::timestamp), $1::date - 1, '1 month') AS month
            CROSS JOIN LATERAL (
                SELECT FROM transfer t
                WHERE t.credit = m.account AND t.kind = 'sale'
                  AND t.day >= greatest(month::date, d.disbursed_on) AND t.day < (month + interval '1 month')::date
                LIMIT 1
            ) sold
            GROUP BY o.loan
        )
        SELECT loan, (due.amount - coalesce(paid.amount, 0))::bigint AS amount
        FROM sold
        CROSS JOIN LATERAL (
            SELECT sum(i.principal + i.service) AS amount FROM loan_instalment i
            WHERE i.loan = sold.loan AND i.number <= sold.months
        ) due
        CROSS JOIN LATERAL (
            SELECT sum(p.principal + p.service) AS amount FROM loan_payment p WHERE p.loan = sold.loan
        ) paid
        WHERE due.amount > coalesce(paid.amount, 0)
        """,
        month,
    )
    return {row["loan"]: row["amount"] for row in rows}


async def add_arrears(tx: Tx, month: date, amounts: Mapping[int, int]) -> list[Row]:
    """`loan_id, maker_id, lender, amount` of those that were not found for this month before."""
    return await tx.fetch(
        """
        WITH found AS (
            INSERT INTO loan_arrears (loan, month, amount)
            SELECT loan, $1, amount FROM unnest($2::bigint[], $3::bigint[]) AS one (loan, amount)
            ORDER BY loan
            ON CONFLICT (loan, month) DO NOTHING
            RETURNING loan, amount
        )
        SELECT l.loan_id, l.maker_id, l.lender, found.amount FROM found JOIN loan l ON l.no = found.loan ORDER BY l.no
        """,
        month,
        list(amounts),
        list(amounts.values()),
    )
