"""Loans as they were agreed, and who may have one."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from shared.contracts.sales.loans import ApplyForLoan, Instalment, SignedMandate
from shared.db import Row, Tx


class NewLoan(NamedTuple):
    """A loan that is applied for: by which cooperative, when, and its instalments."""

    loan_id: UUID
    asked: ApplyForLoan
    lender: str
    applied_on: date
    schedule: Sequence[Instalment]


async def lock_maker(tx: Tx, maker_id: UUID) -> bool:
    """False when she is not known. As a freezing locks her: what it keeps back and what she pays is never too much."""
    return bool(await tx.fetchval("SELECT true FROM maker WHERE maker_id = $1 FOR NO KEY UPDATE", maker_id))


async def get_cooperative(tx: Tx, maker_id: UUID, day: date) -> str:
    """That of her home on that day; before her first home, that one's."""
    found: str = await tx.fetchval(
        """
        SELECT cooperative FROM maker_home WHERE maker_id = $1
        ORDER BY since <= $2 DESC, CASE WHEN since <= $2 THEN since END DESC, since
        LIMIT 1
        """,
        maker_id,
        day,
    )
    return found


async def has_open_loan(tx: Tx, maker_id: UUID) -> bool:
    """She must be locked. Otherwise the constraint on `loan_open` holds it, but cannot say it as plainly."""
    return bool(await tx.fetchval("SELECT EXISTS (SELECT FROM loan_open WHERE maker_id = $1)", maker_id))


async def add_loan(tx: Tx, new: NewLoan) -> int:
    """Its number among all facts."""
    asked = new.asked
    no: int = await tx.fetchval(
        """
        INSERT INTO loan (loan_id, maker_id, principal, floor_income, months, service_fee_bps, deduction_bps,
                          applied_on, lender, purpose)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        RETURNING no
        """,
        new.loan_id,
        asked.maker_id,
        asked.principal,
        asked.floor_income,
        asked.months,
        asked.service_fee_bps,
        asked.deduction_bps,
        new.applied_on,
        new.lender,
        asked.purpose,
    )
    await tx.execute("INSERT INTO loan_open (maker_id, loan) VALUES ($1, $2)", asked.maker_id, no)
    await _add_instalments(tx, no, new.schedule)
    return no


async def _add_instalments(tx: Tx, loan: int, schedule: Sequence[Instalment]) -> None:
    await tx.execute(
        """
        INSERT INTO loan_instalment (loan, number, principal, service)
        SELECT $1, number, principal, service
        FROM unnest($2::smallint[], $3::bigint[], $4::bigint[]) AS one (number, principal, service)
        """,
        loan,
        [one.number for one in schedule],
        [one.principal for one in schedule],
        [one.service for one in schedule],
    )


async def mark_settled(tx: Tx, loans: Sequence[int]) -> None:
    """Their makers can have another one."""
    await tx.execute("DELETE FROM loan_open WHERE loan = ANY ($1::bigint[])", loans)


async def lock_loan(tx: Tx, loan_id: UUID) -> Row | None:
    """`no, loan_id, maker_id, lender, principal`, its maker first. Its state must be read afterwards."""
    maker_id = await tx.fetchval("SELECT maker_id FROM loan WHERE loan_id = $1", loan_id)
    if maker_id is None:
        return None
    await lock_maker(tx, maker_id)
    return await tx.fetchrow(
        "SELECT no, loan_id, maker_id, lender, principal FROM loan WHERE loan_id = $1 FOR UPDATE", loan_id
    )


async def lock_loans(tx: Tx, loans: Sequence[int]) -> None:
    """In one order everywhere. What came back of them must be read afterwards."""
    await tx.execute("SELECT FROM loan WHERE no = ANY ($1::bigint[]) ORDER BY no FOR UPDATE", loans)


async def add_mandate(tx: Tx, loan: int, signed: SignedMandate, by: str) -> bool:
    """False when there is one."""
    return bool(
        await tx.fetchval(
            """
            INSERT INTO loan_mandate (loan, signed_on, reference, by) VALUES ($1, $2, $3, $4)
            ON CONFLICT (loan) DO NOTHING
            RETURNING true
            """,
            loan,
            signed.signed_on,
            signed.reference,
            by,
        )
    )


async def get_signed_on(tx: Tx, loan: int) -> date | None:
    """None: she has not."""
    found: date | None = await tx.fetchval("SELECT signed_on FROM loan_mandate WHERE loan = $1", loan)
    return found


async def add_disbursement(tx: Tx, loan: int, disbursed_on: date, reference: str) -> None:
    await tx.execute(
        "INSERT INTO loan_disbursement (loan, disbursed_on, reference) VALUES ($1, $2, $3)",
        loan,
        disbursed_on,
        reference,
    )


async def get_disbursed_on(tx: Tx, loan: int) -> date:
    """It must be disbursed."""
    found: date = await tx.fetchval("SELECT disbursed_on FROM loan_disbursement WHERE loan = $1", loan)
    return found
