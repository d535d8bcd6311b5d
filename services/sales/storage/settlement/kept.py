"""What batches keep back of their lines for loans, and whom it goes to."""

from collections.abc import Sequence

from shared.contracts.sales.settlement import LoanPart
from shared.db import Row, Tx


async def add_kept(tx: Tx, batch: int, parts: Sequence[LoanPart]) -> None:
    """Their lines must be there."""
    if not parts:
        return
    await tx.execute(
        """
        INSERT INTO payout_loan (payout, maker_id, loan, principal, service, lender)
        SELECT $1, part.maker_id, l.no, part.principal, part.service, part.lender
        FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[])
            AS part (loan_id, maker_id, principal, service, lender)
        JOIN loan l USING (loan_id)
        """,
        batch,
        [part.loan_id for part in parts],
        [part.maker_id for part in parts],
        [part.principal for part in parts],
        [part.service for part in parts],
        [part.lender for part in parts],
    )


async def list_loans(tx: Tx, batch: int) -> list[int]:
    """Their numbers."""
    return [row["loan"] for row in await tx.fetch("SELECT loan FROM payout_loan WHERE payout = $1", batch)]


async def list_parts(tx: Tx, batch: int) -> list[LoanPart]:
    """By maker."""
    rows = await tx.fetch(
        """
        SELECT l.loan_id, k.maker_id, k.lender, k.principal, k.service
        FROM payout_loan k JOIN loan l ON l.no = k.loan
        WHERE k.payout = $1
        ORDER BY k.maker_id
        """,
        batch,
    )
    return [LoanPart(**row) for row in rows]


async def open_clearing(tx: Tx, batch: int) -> None:
    """Each lender has an account for what it is to be paid."""
    await tx.execute(
        """
        INSERT INTO account (kind, owner)
        SELECT DISTINCT 'cooperative-payable', lender FROM payout_loan WHERE payout = $1
        ON CONFLICT (kind, owner) DO NOTHING
        """,
        batch,
    )


async def list_kept(tx: Tx, batch: int) -> list[Row]:
    """`no, loan_id, maker_id, lender, principal, service` by loan, and the accounts that it moves between.

    `payable` and `receivable`: the maker's; `capital` and `clearing`: the lender's. All of them must be open.
    """
    return await tx.fetch(
        """
        SELECT l.no, l.loan_id, k.maker_id, k.lender, k.principal, k.service, m.account AS payable,
               receivable.id AS receivable, capital.id AS capital, clearing.id AS clearing
        FROM payout_loan k
        JOIN loan l ON l.no = k.loan
        JOIN maker m ON m.maker_id = k.maker_id
        JOIN account receivable ON receivable.kind = 'loan-receivable' AND receivable.owner = k.maker_id::text
        JOIN account capital ON capital.kind = 'loan-capital' AND capital.owner = k.lender
        JOIN account clearing ON clearing.kind = 'cooperative-payable' AND clearing.owner = k.lender
        WHERE k.payout = $1
        ORDER BY l.no
        """,
        batch,
    )
